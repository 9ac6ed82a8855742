"""A moment as a time of day, in the zone that the user wants; loaded where a format asks for it."""

from __future__ import annotations

import posix
import time

from statusline.system import environ
from statusline.usage.observation import DAY_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.segment.view import View

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock_time(moment_s: float, view: View) -> str:
    """Return a moment as a time of day, with its weekday or date unless it is today.

    A weekday names one day of the week before or after; beyond that it is the date, with the year
    if that is another.
    """
    then, today = (local(moment, view.settings.time_zone) for moment in (moment_s, view.now))
    if view.settings.clock_hours == 12:
        half = "am" if then.tm_hour < 12 else "pm"
        shown = f"{then.tm_hour % 12 or 12}:{then.tm_min:02}{half}"
    else:
        shown = f"{then.tm_hour:02}:{then.tm_min:02}"
    if then[:3] == today[:3]:
        return shown
    if abs(moment_s - view.now) < 7 * DAY_S:
        return f"{DAYS[then.tm_wday]} {shown}"
    year = "" if then.tm_year == today.tm_year else f"{then.tm_year}-"
    return f"{year}{then.tm_mon:02}-{then.tm_mday:02} {shown}"


def local(moment_s: float, time_zone: str) -> time.struct_time:
    """Return a moment in a zone, that of the process where none is named.

    The C library knows every zone and every change of summer time; ``zoneinfo`` would cost more
    than the whole render. The process's own zone is put back.
    """
    with InZone(time_zone):
        return time.localtime(moment_s)


class InZone:
    """Lets the C library's times be those of a zone, of the process's own where none is named.

    It is put back afterwards. Nothing else of the process may look at the time meanwhile.
    """

    def __init__(self, time_zone: str) -> None:
        self._zone = time_zone
        self._before: str | None = None

    def __enter__(self) -> None:
        if self._zone:
            self._before = environ.current().get("TZ")
            _set_zone(self._zone)

    def __exit__(self, *_error: object) -> None:
        if self._zone:
            _set_zone(self._before)


def _set_zone(name: str | None) -> None:
    if name is None:
        posix.unsetenv(b"TZ")
    else:
        posix.putenv(b"TZ", name.encode("utf-8", "surrogateescape"))
    time.tzset()
