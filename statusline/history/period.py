"""What a page, a plot or a table needs of the history: windows over a stretch of time.

Nothing here decides how anything looks. All moments are epoch seconds.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from statusline.history.cycles import Cycle, length_s
from statusline.history.store import History

#: What begins at the end of a column belongs to the next one.
_MOMENT_S = 0.001


class Track(NamedTuple):
    """One window over a time: its runs, oldest first, each whole, also where it began before."""

    window: str
    label: str
    cycles: tuple[Cycle, ...]


class Column(NamedTuple):
    """A stretch of a track: the highest use in it, ``None`` while no window ran.

    ``is_watched`` is false where nobody looked, so that it may have been more; ``resets`` counts
    the runs that ended in it.
    """

    pct: float | None
    is_watched: bool
    resets: int


class Summary(NamedTuple):
    """How the runs of a window ended; those that run still count as far as they got."""

    runs: int
    median_pct: float
    highest_pct: float
    full: int


def tracks(
    history: History, account: str, since_s: float, now: float, window: str = ""
) -> list[Track]:
    """Return the windows of an account that ran since ``since_s``, or only that ``window``.

    The shorter ones first. Windows of which no length is known have no runs. Raises
    ``DatabaseError``.
    """
    known = [each for each in history.windows(account) if window in ("", each.name)]
    known.sort(key=lambda each: (length_s(each.name) or 0, each.name))
    found = (
        Track(name, label, tuple(history.cycles(account, name, since_s, now)))
        for name, label, _first_at, _last_at in known
    )
    return [each for each in found if each.cycles]


def columns(track: Track, begin_s: float, end_s: float, count: int) -> list[Column]:
    """Return a track from ``begin_s`` to ``end_s`` in ``count`` equal columns."""
    step_s = (end_s - begin_s) / count
    return [
        _column(track.cycles, begin_s + place * step_s, begin_s + (place + 1) * step_s)
        for place in range(count)
    ]


def _column(cycles: Sequence[Cycle], begin_s: float, end_s: float) -> Column:
    running = [each for each in cycles if each.starts_at < end_s and each.ends_at > begin_s]
    return Column(
        max((each.pct_at(min(end_s - _MOMENT_S, each.ends_at)) for each in running), default=None),
        any(each.points[0].at_s < end_s and each.seen_at >= begin_s for each in running),
        sum(each.is_closed and begin_s <= each.ends_at < end_s for each in cycles),
    )


def summary(cycles: Sequence[Cycle]) -> Summary:
    """Return how runs of a window ended; there has to be one."""
    ends = [each.used_pct for each in cycles]
    full = sum(each.full_at is not None for each in cycles)
    return Summary(len(ends), statistics.median(ends), max(ends), full)
