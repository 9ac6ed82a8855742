"""When usage happens: how much of a window is used in each hour of the week, on average."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from statusline.history.cycles import Cycle
from statusline.usage.observation import HOUR_S

DAYS, HOURS = 7, 24


class Week(NamedTuple):
    """``pct[day][hour]``: points used in that hour of an average week, Monday first.

    ``None`` where the time looked at has no such hour.
    """

    pct: list[list[float | None]]

    @property
    def highest_pct(self) -> float:
        """The most that is used in any hour."""
        return max((each for day in self.pct for each in day if each is not None), default=0.0)


def week(
    cycles: Iterable[Cycle],
    begin_s: float,
    end_s: float,
    local: Callable[[float], tuple[int, int]],
) -> Week:
    """Return the use between two moments (epoch s) by hour of the week.

    ``local`` tells day (Monday is 0) and hour of a moment where the user is. A rise counts in the
    hour in which it was seen.
    """
    used = [[0.0] * HOURS for _ in range(DAYS)]
    times = [[0] * HOURS for _ in range(DAYS)]
    for number in range(int(begin_s // HOUR_S), int(end_s // HOUR_S)):
        day, hour = local(number * HOUR_S)
        times[day][hour] += 1
    for cycle in cycles:
        before_pct = 0.0
        for at_s, pct in cycle.points:
            if begin_s <= at_s < end_s:
                day, hour = local(at_s)
                used[day][hour] += max(pct - before_pct, 0.0)
            before_pct = pct
    return Week(
        [
            [
                used[day][hour] / max(times[day][hour], 1)
                if times[day][hour] or used[day][hour]
                else None
                for hour in range(HOURS)
            ]
            for day in range(DAYS)
        ]
    )
