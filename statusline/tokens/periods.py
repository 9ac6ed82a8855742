"""Days, weeks and months in the user's zone; the C library knows them."""

from __future__ import annotations

import datetime
import time
from typing import Self

from statusline.segment.clock_time import InZone

#: The periods that a report can have a row for.
PERIODS = ("day", "week", "month")


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

    def minute(self, at_s: float) -> str:
        """Return a moment as date and time of day."""
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s))

    def date(self, at_s: float) -> datetime.date:
        """Return the date of a moment."""
        return datetime.date(*time.localtime(at_s)[:3])


def _begin(year: int, month: int, day: int) -> int:
    """Return when a day begins; it may be out of its month's range."""
    return int(time.mktime((year, month, day, 0, 0, 0, 0, 0, -1)))
