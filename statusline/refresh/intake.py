"""What a run takes in: a render's message, a body of the usage API or Claude Code's copy of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.refresh.body import parse_body
from statusline.usage import rate_limits
from statusline.usage.merge import merge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.usage.snapshot import Snapshot


def take_message(snapshot: Snapshot, message: object, now: float) -> int:
    """Merge what a session of Claude Code has said; return how many of its numbers counted."""
    said = rate_limits.of_message(message, now)
    if said.version:
        snapshot.claude_version = said.version
    if not said.session:
        return 0
    before = snapshot.memory.sessions.get(said.session)
    observations, dropped = rate_limits.what_counts(said, snapshot)
    count_dropped(snapshot, "stdin", dropped)
    rate_limits.remember(said, snapshot)
    if said.limits:
        snapshot.unlimited_at = None
    elif before is not None and rate_limits.has_new_answer(said, before):
        snapshot.unlimited_at = said.said_at
    snapshot.windows = merge(snapshot.windows, observations)
    return len(observations)


def take_body(
    snapshot: Snapshot, body: Mapping[str, object], observed_at: float, source: str = "api"
) -> bool:
    """Let an answer of the API that was true at ``observed_at`` replace what is older.

    What it does not speak of in a form that can be read stays, with its age; so does what was
    observed later. Returns False, and changes nothing, where the body holds no usage at all.
    """
    parsed = parse_body(body, observed_at=observed_at, source=source)
    if not parsed.is_usage:
        return False
    kept = {
        name: seen
        for name, seen in snapshot.windows.items()
        if parsed.keeps(name) or seen.observed_at > observed_at
    }
    snapshot.windows = merge(kept, parsed.observations)
    spend = snapshot.spend
    if not parsed.keeps_spend and (spend is None or spend.observed_at <= observed_at):
        snapshot.spend = parsed.spend
    snapshot.pools, snapshot.absent = parsed.pools, parsed.absent
    if source == "api":
        snapshot.unknown_keys = parsed.unknown_keys
        count_dropped(snapshot, source, parsed.dropped)
    return True


def note_windows(snapshot: Snapshot) -> None:
    """Note every number that is shown as told, so that a session that repeats it tells nothing."""
    for name, seen in snapshot.windows.items():
        snapshot.memory.note(name, seen.utilization_pct, seen.resets_at)


def count_dropped(snapshot: Snapshot, source: str, count: int) -> None:
    """Count values that cannot be true, for ``doctor``."""
    if count:
        snapshot.dropped[source] = snapshot.dropped.get(source, 0) + count
