"""What is known of the windows' runs that are under way, out of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.database.place import DatabaseError
from statusline.history.store import reading
from statusline.usage.observation import DAY_S, is_reset, same_reset

if TYPE_CHECKING:
    from statusline.history.cycles import Cycle
    from statusline.history.store import History
    from statusline.usage.observation import Observation
    from statusline.usage.snapshot import Snapshot


def running(directory: str, snapshot: Snapshot, now: float) -> dict[str, Cycle]:
    """Return the run of each window of ``snapshot`` that is not over at ``now`` (epoch s).

    Never raises: where the history cannot be read, nothing is known.
    """
    found = {}
    try:
        with reading(directory) as history:
            others = snapshot.sources.items()
            for mark, windows in ((snapshot.account, snapshot.windows), *others):
                for name, seen in windows.items():
                    run = _running(history, mark, seen, now)
                    if run is not None:
                        found[name] = run
    except DatabaseError:
        return {}
    return found


def _running(history: History, mark: str, seen: Observation, now: float) -> Cycle | None:
    if seen.resets_at is None or is_reset(seen, now):
        return None
    known = history.cycles(mark, seen.window, now - DAY_S, now)
    return known[-1] if known and same_reset(known[-1].resets_at, seen.resets_at) else None
