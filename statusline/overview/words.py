"""Ages, waits and sizes as a person says them; a segment has shorter ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.segment.humanize import MINUTE_S, age
from statusline.usage.observation import DAY_S, HOUR_S

if TYPE_CHECKING:
    from collections.abc import Callable

#: From this many of a unit on the next one is taken: 90 minutes say more than 1 hour.
_MINUTES, _HOURS = 120, 48
#: Up to here nobody looks at a clock to wait, in seconds.
_SHORT_S = 120
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def ago(age_s: float) -> str:
    """Return how long ago something was, rounded down: "just now", "3 minutes ago"."""
    return "just now" if age_s < MINUTE_S else f"{_rough(age_s)} ago"


def ago_in_short(age_s: float) -> str:
    """Return the same where there is little room: "3m ago"."""
    return "just now" if age_s < MINUTE_S else f"{age(age_s)} ago"


def ahead(seconds: float) -> str:
    """Return how long it takes until then, rounded up: "in 45 seconds", "in 2 hours"."""
    if seconds <= MINUTE_S - 1:
        return f"in {counted(max(1, int(-(-seconds // 1))), 'second')}"
    return f"in {_rough(-(-seconds // MINUTE_S) * MINUTE_S)}"


def next_request(own_s: float, forced_s: float, at: str, told: Callable[[float], str]) -> str:
    """Return when the API may be asked: by itself, and by ``--force`` where that is sooner.

    Like "in 4 minutes, at 12:06 (--force: now)"; ``at`` is the clock time, which a short wait goes
    without, and ``told`` says a wait in seconds.
    """
    if own_s <= 0:
        return "now"
    when = told(own_s) if own_s <= _SHORT_S else f"{told(own_s)}, at {at}"
    if own_s - forced_s < 1:
        return when
    return f"{when} (--force: {told(forced_s) if forced_s > 0 else 'now'})"


def counted(number: int, noun: str) -> str:
    """Return a number of things: "1 window", "3 windows"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def size(number: float) -> str:
    """Return bytes in the unit that suits them, rounded down: "512 bytes", "1.5 MB", "75 GB"."""
    unit = 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    tenths = int(number * 10)
    if unit == 0 or number >= 10 or tenths % 10 == 0:
        return f"{int(number)} {_UNITS[unit]}"
    return f"{tenths // 10}.{tenths % 10} {_UNITS[unit]}"


def _rough(seconds: float) -> str:
    if seconds < _MINUTES * MINUTE_S:
        return counted(int(seconds // MINUTE_S), "minute")
    if seconds < _HOURS * HOUR_S:
        return counted(int(seconds // HOUR_S), "hour")
    return counted(int(seconds // DAY_S), "day")
