"""From numbers to the few characters that a segment has for them; pure."""

from __future__ import annotations

from statusline.model import DAY_S, HOUR_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.model import Spend

MINUTE_S = 60

_CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def percent(value_pct: float) -> str:
    """Return a percentage rounded down, as Claude Code's own `/usage` does; never 0 % above 0."""
    return "<1%" if 0 < value_pct < 1 else f"{int(value_pct)}%"


def remaining(used_pct: float) -> str:
    """Return what is left beside ``percent``: the two make 100.

    Never 100 % once anything is used, and 0 % from 100 % used on.
    """
    left_pct = max(100 - int(used_pct), 0)
    return "99%" if left_pct == 100 and used_pct > 0 else f"{left_pct}%"


def duration(seconds: float) -> str:
    """Return a time ahead in two units at most, rounded up so that it is never "0m"."""
    minutes = max(1, int(-(-seconds // MINUTE_S)))
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02}m"
    return f"{minutes // 1440}d{minutes % 1440 // 60}h"


def age(seconds: float) -> str:
    """Return a time past in one unit, rounded down."""
    if seconds < MINUTE_S:
        return "<1m"
    if seconds < HOUR_S:
        return f"{int(seconds // MINUTE_S)}m"
    if seconds < 2 * DAY_S:
        return f"{int(seconds // HOUR_S)}h"
    return f"{int(seconds // DAY_S)}d"


def old(seconds: float) -> str:
    """Return an age in words that nobody takes for a time ahead."""
    return f"{age(seconds)} old"


def money(spend: Spend) -> str:
    """Return an amount in its currency's major unit (contract.md 2.2: minor units arrive)."""
    amount = f"{spend.used_minor / 10**spend.exponent:.{spend.exponent}f}"
    sign = _CURRENCY_SIGNS.get(spend.currency)
    return f"{sign}{amount}" if sign else f"{amount} {spend.currency}"
