"""What is usual for a user at each hour: how much of a window gets used then, by past windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from statusline.history.cycles import Cycle
from statusline.usage.observation import HOUR_S

DAY_H = 24
WEEK_H = 7 * DAY_H
#: How much of the average is mixed into each hour of the day and each day of the week: as if one
#: average time of it had been watched besides.
MIXED_IN = 1.0
#: A window that was first seen this long after its start had been used unseen until then.
UNSEEN_S = HOUR_S


class Habit:
    """The usual use by hour; ``known`` is how many windows it was learned from.

    Hours count from the epoch, in UTC: what repeats daily or weekly does so in any zone, and
    summer time shifts it by one hour, twice a year.
    """

    def __init__(self, pct_per_h: Sequence[float], known: int) -> None:
        """Take the use in each hour, in points; the hours repeat."""
        self.known = known
        self._pct_per_h = pct_per_h
        self._until = [0.0]
        for pct in pct_per_h:
            self._until.append(self._until[-1] + pct)

    def usual_pct(self, begin_s: float, end_s: float) -> float:
        """Return what is usually used between two moments (epoch s), in points."""
        return max(self._since_epoch(end_s) - self._since_epoch(begin_s), 0.0)

    def _since_epoch(self, at_s: float) -> float:
        turns, hour = divmod(at_s / HOUR_S, len(self._pct_per_h))
        whole = min(int(hour), len(self._pct_per_h) - 1)
        part = (hour - whole) * self._pct_per_h[whole]
        return turns * self._until[-1] + self._until[whole] + part


def daily(past: Sequence[Cycle]) -> Habit:
    """Return what is usual at each hour of the day, while a window is running."""
    used, hours = _by_hour(past, DAY_H)
    return Habit(_per_hour(used, hours, MIXED_IN), len(past))


def weekly(past: Sequence[Cycle]) -> Habit:
    """Return what is usual at each hour of the week.

    A few weeks say little of each of 168 hours, but enough of seven days and of 24 hours: an
    hour's use is its day's times its hour's.
    """
    used, hours = _by_hour(past, WEEK_H)
    days = [slice(begin, begin + DAY_H) for begin in range(0, WEEK_H, DAY_H)]
    by_day = _per_hour(
        [sum(used[day]) for day in days], [sum(hours[day]) for day in days], MIXED_IN * DAY_H
    )
    times = [slice(begin, None, DAY_H) for begin in range(DAY_H)]
    by_time = _per_hour(
        [sum(used[time]) for time in times], [sum(hours[time]) for time in times], MIXED_IN * 7
    )
    average = _average(used, hours)
    return Habit([day * time / average for day in by_day for time in by_time], len(past))


def _average(used: Sequence[float], hours: Sequence[float]) -> float:
    """Return the use of an average hour; 1 where nothing is known, since any will do then."""
    return sum(used) / sum(hours) if sum(used) > 0 else 1.0


def _per_hour(used: Sequence[float], hours: Sequence[float], mixed_in_h: float) -> list[float]:
    average = _average(used, hours)
    return [
        (pct + mixed_in_h * average) / (watched_h + mixed_in_h)
        for pct, watched_h in zip(used, hours, strict=True)
    ]


def _by_hour(past: Iterable[Cycle], turn_h: int) -> tuple[list[float], list[float]]:
    """Return the points used in each hour of a turn, and for how many hours that was watched."""
    used, hours = [0.0] * turn_h, [0.0] * turn_h
    for cycle in past:
        if not cycle.points:
            continue
        first = cycle.points[0]
        is_whole = first.at_s - cycle.starts_at <= UNSEEN_S
        before_pct = 0.0 if is_whole else first.pct
        end_s = cycle.ends_at
        for point in cycle.points:
            used[int(point.at_s // HOUR_S) % turn_h] += point.pct - before_pct
            before_pct = point.pct
            if point.pct >= 100:  # what would have been used after that is not known
                end_s = min(end_s, point.at_s)
                break
        for hour, watched_h in _hours(cycle.starts_at if is_whole else first.at_s, end_s):
            hours[hour % turn_h] += watched_h
    return used, hours


def _hours(begin_s: float, end_s: float) -> Iterator[tuple[int, float]]:
    """Yield each hour between two moments, and how much of it lies between them."""
    while begin_s < end_s:
        hour = int(begin_s // HOUR_S)
        next_s = min((hour + 1) * HOUR_S, end_s)
        yield hour, (next_s - begin_s) / HOUR_S
        begin_s = next_s
