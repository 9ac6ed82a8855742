"""What a refresher takes in of other agents before it publishes, where `sources` names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.sources.source import source
from statusline.system.clock import TOLERANCE_S
from statusline.system.untrusted import mapping
from statusline.usage import agent_quota

if TYPE_CHECKING:
    from collections.abc import Iterable

    from statusline.system.environ import Environment
    from statusline.usage.snapshot import Snapshot


def take_message(snapshot: Snapshot, message: object, names: Iterable[str], now: float) -> bool:
    """Take in what a render has heard an agent say, where ``names`` has it; tell whether one spoke.

    Nothing of it is Claude's, whatever it says.
    """
    said = mapping(message)
    if said.get("agent") is None:
        return False
    if said["agent"] == agent_quota.AGENT and agent_quota.AGENT in names:
        agent_quota.take(snapshot, agent_quota.of_message(said, now))
    return True


def take(env: Environment, snapshot: Snapshot, names: Iterable[str], now: float) -> str:
    """Set the snapshot's windows of the agents ``names``; return a sentence for the log.

    What was known stays where nothing later is found: files of sessions get removed. Never
    raises: whatever is wrong with another agent's files, Claude's numbers are published.
    """
    before, snapshot.sources = snapshot.sources, {}
    told = []
    for name in names:
        known = before.get(name, {})
        seen_at = max((each.observed_at for each in known.values()), default=0.0)
        if seen_at > now + TOLERANCE_S:
            known, seen_at = {}, 0.0  # the clock was set back
        try:
            found = source(name).read(env, now)
        except Exception as error:  # noqa: BLE001  # costs this agent's numbers, no other ones
            told.append(f"{name}: {type(error).__name__}")
            found = []
        if found and max(each.observed_at for each in found) >= seen_at:
            known = {each.window: each for each in found}
        if known:
            snapshot.sources[name] = known
            told.append(f"{name}: {len(known)} windows")
    return f"other agents: {', '.join(told) or 'nothing'}"
