"""What is known of the windows' runs that are under way, out of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.history.place import HistoryError
from statusline.history.store import reading
from statusline.usage.observation import DAY_S, is_reset, same_reset

if TYPE_CHECKING:
    from statusline.history.cycles import Cycle
    from statusline.usage.snapshot import Snapshot


def running(directory: str, snapshot: Snapshot, now: float) -> dict[str, Cycle]:
    """Return the run of each window of ``snapshot`` that is not over at ``now`` (epoch s).

    Never raises: where the history cannot be read, nothing is known.
    """
    found = {}
    try:
        with reading(directory) as history:
            for name, seen in snapshot.windows.items():
                if seen.resets_at is None or is_reset(seen, now):
                    continue
                known = history.cycles(snapshot.account, name, now - DAY_S, now)
                if known and same_reset(known[-1].resets_at, seen.resets_at):
                    found[name] = known[-1]
    except HistoryError:
        return {}
    return found
