"""Days, weeks and months in the user's zone; the C library knows them."""

from __future__ import annotations

import datetime
import time
from typing import NamedTuple, Self

from statusline.segment.clock_time import InZone
from statusline.usage.observation import DAY_S, HOUR_S

#: No zone changes its time for a shorter while.
_LOOK_S = 14 * DAY_S
#: The periods that a report can have a row for.
PERIODS = ("day", "week", "month")


class Last(NamedTuple):
    """How far back a report goes: so many hours, days or weeks; 0 for all there is."""

    number: int
    unit: str = "d"

    @classmethod
    def of(cls, text: str) -> Last | None:
        """Return what 24h, 7d, 4w or all says, ``None`` for anything else."""
        text = text.strip().lower()
        if text == "all":
            return cls(0)
        count, unit = text[:-1], text[-1:]
        if not (
            unit in ("h", "d", "w") and len(count) <= 4 and count.isascii() and count.isdigit()
        ):
            return None
        return None if count.startswith("0") else cls(int(count), unit)

    def since(self, calendar: Calendar, now: float, by: str) -> int:
        """Return the start (epoch s) of what is reported at ``now``.

        Days and weeks are whole days, the present one included. Where there is a row for each day,
        week or month, the first of them is whole.
        """
        if not self.number:
            return 0
        if self.unit == "h":
            begin = int(now) - self.number * HOUR_S
        else:
            begin = calendar.days_before(now, self.number * (7 if self.unit == "w" else 1) - 1)
        return calendar.of(by, begin)[0] if by in PERIODS else begin


class Calendar:
    """Periods of a zone, "" for the process's own; a context manager, and only inside."""

    def __init__(self, time_zone: str) -> None:
        self._zone = InZone(time_zone)

    def __enter__(self) -> Self:
        self._zone.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._zone.__exit__(*error)

    def of(self, period: str, at_s: float) -> tuple[int, int]:
        """Return when the day, week or month of a moment begins and ends (epoch s).

        Weeks begin on Monday.
        """
        then = time.localtime(at_s)
        year, month, day = then[:3]
        if period == "month":
            return _begin(year, month, 1), _begin(year, month + 1, 1)
        days = 1
        if period == "week":
            day, days = day - then.tm_wday, 7
        return _begin(year, month, day), _begin(year, month, day + days)

    def days_before(self, at_s: float, days: int) -> int:
        """Return when the day began that was so many days before a moment (epoch s)."""
        year, month, day = time.localtime(at_s)[:3]
        return _begin(year, month, day - days)

    def has_whole_hours(self, begin_s: float, end_s: float) -> bool:
        """Tell whether days begin with an hour of UTC's all this time."""
        looks = range(int(begin_s), int(end_s) + _LOOK_S, _LOOK_S)
        return not any(time.localtime(at_s).tm_gmtoff % HOUR_S for at_s in looks)

    def minute(self, at_s: float) -> str:
        """Return a moment as date and time of day."""
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s))

    def date(self, at_s: float) -> datetime.date:
        """Return the date of a moment."""
        return datetime.date(*time.localtime(at_s)[:3])


def _begin(year: int, month: int, day: int) -> int:
    """Return when a day begins; it may be out of its month's range."""
    return int(time.mktime((year, month, day, 0, 0, 0, 0, 0, -1)))
