"""What only a user's own format shows: bars, clock times, single values of a window, the session.

Loaded when a format asks for it, so that the defaults do not pay for it.
"""

from __future__ import annotations

import posix
import time

from statusline import environ
from statusline.hot.values import (
    context_pct,
    is_old,
    is_reset,
    left_s,
    reset_in,
    reset_role,
    severity,
    share,
)
from statusline.hot.words import duration, old
from statusline.model import DAY_S, clean, mapping, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.hot.layout import Part, View
    from statusline.model import Observation

#: More than this on stdin is nonsense: dollars, lines, milliseconds.
MAX_COST_USD, MAX_LINES, MAX_DURATION_MS = 1e6, 1e8, 1e12
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def parts(name: str, view: View) -> list[Part]:
    """Return what the placeholder ``name`` shows; nothing for a name that there is not.

    The tables decide; no attribute of any object is looked up by name (S10).
    """
    find = SESSION.get(name)
    if find is not None:
        return find(view)
    window, _dot, attribute = name.partition(".")
    seen = view.snapshot.windows.get(window)
    show = WINDOW.get(attribute)
    return [] if seen is None or show is None else show(seen, view)


def bar(used_pct: float, view: View, role: str) -> list[Part]:
    """Return a bar: full only at 100 %, empty only at 0 %."""
    settings = view.settings
    shown_pct = used_pct if settings.show == "used" else 100 - used_pct
    shown_pct = min(max(shown_pct, 0.0), 100.0)
    full = int(shown_pct * settings.bar_width / 100 + 0.5)
    if settings.bar_width > 1 and 0 < shown_pct < 100:
        full = min(max(full, 1), settings.bar_width - 1)
    both = [
        (role, settings.bar_full * full),
        ("muted", settings.bar_empty * (settings.bar_width - full)),
    ]
    return [part for part in both if part[1]]


def clock_time(moment_s: float, view: View) -> str:
    """Return a moment as a time of day, with its weekday or date unless it is today.

    A weekday names one day of the week before or after; beyond that it is the date, with the year
    if that is another.
    """
    then, today = (_local(moment, view.settings.time_zone) for moment in (moment_s, view.now))
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


def _local(moment_s: float, time_zone: str) -> time.struct_time:
    """Return a moment in a zone.

    The C library knows every zone and every change of summer time; ``zoneinfo`` would cost more
    than the whole render. The process's own zone is put back.
    """
    if not time_zone:
        return time.localtime(moment_s)
    before = environ.current().get("TZ")
    _set_zone(time_zone)
    try:
        return time.localtime(moment_s)
    finally:
        _set_zone(before)


def _set_zone(name: str | None) -> None:
    if name is None:
        posix.unsetenv(b"TZ")
    else:
        posix.putenv(b"TZ", name.encode("utf-8", "surrogateescape"))
    time.tzset()


def _pct(seen: Observation, view: View) -> list[Part]:
    if is_reset(seen, view.now):
        return [("muted", "↻")]
    view.numbers.append((seen.window, seen.observed_at))
    return share(seen.utilization_pct, view)


def _bar(seen: Observation, view: View) -> list[Part]:
    if is_reset(seen, view.now):
        return []
    view.numbers.append((seen.window, seen.observed_at))
    role = "muted" if is_old(seen, view) else severity(seen.utilization_pct, view.settings)
    return bar(seen.utilization_pct, view, role)


def _clock(seen: Observation, view: View) -> list[Part]:
    if seen.resets_at is None or left_s(seen, view.now) is None:
        return []
    return [(reset_role(seen, view), clock_time(seen.resets_at, view))]


def _age(seen: Observation, view: View) -> list[Part]:
    if is_reset(seen, view.now):
        return []
    view.dated.append(seen.window)
    return [("muted", old(view.now - seen.observed_at))]


def _context_bar(view: View) -> list[Part]:
    used_pct = context_pct(view)
    if used_pct is None:
        return []
    return bar(used_pct, view, severity(used_pct, view.settings))


def _plan(view: View) -> list[Part]:
    return [("muted", view.snapshot.plan)] if view.snapshot.plan else []


def _effort(view: View) -> list[Part]:
    level = clean(mapping(view.stdin.get("effort")).get("level"), 12)
    return [("muted", level)] if level else []


def _counted(view: View, key: str, most: float) -> float | None:
    """Return one number of stdin's ``cost`` (docs/claude-code.md 4.1), ``None`` for nonsense."""
    value = number(mapping(view.stdin.get("cost")).get(key))
    return value if value is not None and 0 <= value <= most else None


def _cost(view: View) -> list[Part]:
    cost_usd = _counted(view, "total_cost_usd", MAX_COST_USD)
    if cost_usd is None:
        return []
    return [("muted", "<$0.01" if 0 < cost_usd < 0.005 else f"${cost_usd:.2f}")]


def _lines(view: View) -> list[Part]:
    added = int(_counted(view, "total_lines_added", MAX_LINES) or 0)
    removed = int(_counted(view, "total_lines_removed", MAX_LINES) or 0)
    return [("muted", f"+{added} −{removed}")] if added or removed else []


def _duration(view: View) -> list[Part]:
    spent_ms = _counted(view, "total_duration_ms", MAX_DURATION_MS)
    return [("muted", duration(spent_ms / 1000))] if spent_ms else []


#: What a placeholder of a window shows; "number" is what settings.json once called "pct".
WINDOW: dict[str, Callable[[Observation, View], list[Part]]] = {
    "pct": _pct,
    "number": _pct,
    "bar": _bar,
    "reset": reset_in,
    "clock": _clock,
    "label": lambda seen, _view: [("", seen.label)],
    "age": _age,
}

#: What comes from Claude Code's stdin or the login.
SESSION: dict[str, Callable[[View], list[Part]]] = {
    "context.bar": _context_bar,
    "plan": _plan,
    "effort": _effort,
    "cost": _cost,
    "lines": _lines,
    "duration": _duration,
}
