"""The two rules that everybody uses, as yardsticks for a better one: they know no past window."""

from __future__ import annotations

from collections.abc import Sequence

from statusline.history.cycles import Cycle
from statusline.usage.forecast import Forecast

HALF_HOUR_S = 1800.0


def used_over_elapsed(cycle: Cycle, now: float, past: Sequence[Cycle] = ()) -> Forecast | None:
    """Forecast that a window goes on as it went since it began (``now`` in epoch seconds)."""
    del past
    return _straight_on(cycle, now, now - cycle.starts_at)


def last_half_hour(cycle: Cycle, now: float, past: Sequence[Cycle] = ()) -> Forecast | None:
    """Forecast that a window goes on as it went in the last 30 minutes."""
    del past
    return _straight_on(cycle, now, min(HALF_HOUR_S, now - cycle.starts_at))


def _straight_on(cycle: Cycle, now: float, span_s: float) -> Forecast | None:
    """Forecast by the use of the last ``span_s`` seconds, in a straight line."""
    if not cycle.points or span_s <= 0 or now >= cycle.resets_at:
        return None
    used_pct = cycle.pct_at(now)
    rate = (used_pct - cycle.pct_at(now - span_s)) / span_s
    left_s = cycle.resets_at - now
    projected_pct = used_pct + rate * left_s
    full_at = now + max(100.0 - used_pct, 0.0) / rate if rate > 0 else cycle.resets_at
    elapsed = (now - cycle.starts_at) / (cycle.resets_at - cycle.starts_at)
    return Forecast(
        cycle.window,
        cycle.resets_at,
        now,
        used_pct / 100 / elapsed,
        projected_pct,
        full=(full_at, None, None) if full_at < cycle.resets_at else None,
    )
