"""Where a window leads, as a line says it; loaded where a format asks, or one is to fill early."""

from __future__ import annotations

from statusline.segment.humanize import MINUTE_S, remaining
from statusline.usage.observation import DAY_S, HOUR_S, is_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.segment.view import Part, View
    from statusline.usage.forecast import Forecast
    from statusline.usage.observation import Observation

#: A range wider than this, in points, or one that is not known: the number goes by fives.
FINE_PCT, COARSE_STEP_PCT = 10.0, 5
#: Times ahead are told in these steps, by how far ahead they are: no finer than they are known.
STEPS_S = (
    (2 * HOUR_S, 5 * MINUTE_S, "m"),
    (DAY_S, HOUR_S, "h"),
    (float("inf"), 6 * HOUR_S, "d"),
)


def of(seen: Observation, view: View) -> Forecast | None:
    """Return what is forecast of the window that is shown, while that is still true."""
    found = view.snapshot.forecasts.get(seen.window)
    if found is None or not found.is_about(seen) or seen.utilization_pct >= 100:
        return None
    is_stale = not found.made_at <= view.now < found.stale_at
    return None if is_stale or is_reset(seen, view.now) or view.is_old(seen) else found


def fills(found: Forecast | None, now: float) -> bool:
    """Tell whether a window is forecast to be used up before its reset, and is not yet."""
    return found is not None and found.full_at is not None and found.full_at > now


def first_to_fill(view: View) -> Observation | None:
    """Return the window that will be used up first, ``None`` where none will."""
    ahead = [
        (found.full_at, seen)
        for seen in view.snapshot.windows.values()
        if (found := of(seen, view)) is not None and found.full_at is not None
    ]
    return min(ahead, key=lambda each: each[0])[1] if ahead else None


def pace(seen: Observation, view: View) -> list[Part]:
    """Return how much will be used at the reset, or left: ``→95%``, ``→5% left``."""
    found = of(seen, view)
    if found is None:
        return []
    projected_pct = rounded(found, seen.utilization_pct)
    is_rest = view.settings.show == "remaining"
    text = f"{remaining(projected_pct)} left" if is_rest else f"{projected_pct}%"
    return [("warning" if fills(found, view.now) else "muted", f"→{text}")]


def rounded(found: Forecast, used_pct: float) -> int:
    """Return the projected use in per cent, no finer than it is known, never below ``used_pct``."""
    is_fine = found.low_pct is not None and found.high_pct is not None
    is_fine = is_fine and (found.high_pct or 0) - (found.low_pct or 0) < FINE_PCT
    step = 1 if is_fine else COARSE_STEP_PCT
    nearest = step * int(found.projected_pct / step + 0.5)
    if nearest >= 100 and found.full_at is None:
        nearest = 99 if is_fine else 95  # it does not fill: nothing may say that it does
    return max(nearest, int(used_pct))


def full(seen: Observation, view: View) -> list[Part]:
    """Return when a window will be used up, as a range: ``full 40–70m``; nothing if it won't."""
    found = of(seen, view)
    if found is None or not fills(found, view.now):
        return []
    return [("warning", f"full {ahead(found, view.now)}")]


def beside(seen: Observation, view: View) -> list[Part]:
    """Return what a window's own number says behind its reset: ``→full 50m``, or nothing."""
    found = of(seen, view)
    if found is None or found.full_at is None or found.full_at <= view.now:
        return []
    return [("", " "), ("warning", f"→full {about(found.full_at - view.now)}")]


def told(found: Forecast, now: float) -> str:
    """Return the same as a clause: ``used up in 40–70m at this pace``."""
    when = ahead(found, now)
    when = f"{when[:-1]} or more" if when.endswith("+") else when
    return f"used up in {when} at this pace"


def about(ahead_s: float) -> str:
    """Return a time ahead as coarsely as a forecast knows it: 50m, 1h30m, 3h, 1d6h."""
    unit, steps = _counted(ahead_s)
    if unit == "m" and steps >= 60:
        return f"{steps // 60}h{steps % 60:02}m" if steps % 60 else f"{steps // 60}h"
    if unit == "d":
        return f"{steps // 24}d{steps % 24}h" if steps % 24 else f"{steps // 24}d"
    return f"{steps}{unit}"


def _counted(ahead_s: float) -> tuple[str, int]:
    """Return minutes as "m", hours as "h", or hours that are told in days as "d"."""
    # In whole minutes first: only with those may the text change (segment.prerendered).
    minutes = -(-ahead_s // MINUTE_S)
    told = [
        (unit, max(1, int(minutes * MINUTE_S / step_s + 0.5)) * step_s)
        for _below_s, step_s, unit in STEPS_S
    ]
    below = [one for one, (below_s, *_) in zip(told, STEPS_S, strict=True) if one[1] < below_s]
    unit, rounded_s = below[0]
    return unit, int(rounded_s // (MINUTE_S if unit == "m" else HOUR_S))


def ahead(found: Forecast, now: float) -> str:
    """Return the time that is left until a window will be used up, as a range: ``40–70m``."""
    at_s = (found.full_at or now) - now
    if found.full_from is None:
        return about(at_s)
    low_s = max(found.full_from - now, 1.0)
    if found.full_to is None:
        return f"{about(low_s)}+"
    (low_unit, low), (unit, high) = _counted(low_s), _counted(found.full_to - now)
    if low_unit == unit and low != high and unit != "d":
        return f"{low}–{high}{unit}"
    first, last = about(low_s), about(found.full_to - now)
    return first if first == last else f"{first}–{last}"
