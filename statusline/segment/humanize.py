"""From numbers to text: the few characters that a segment has for them; pure."""

from __future__ import annotations

from statusline.usage.observation import DAY_S, HOUR_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.usage.spend import Spend

MINUTE_S = 60

_CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def percent(value_pct: float) -> str:
    """Return a percentage rounded down, as Claude Code's own ``/usage`` does; never 0 % above 0."""
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


def wait(seconds: float) -> str:
    """Return a time that somebody waits for, rounded up: below a minute its seconds count."""
    return duration(seconds) if seconds > MINUTE_S - 1 else f"{max(1, int(-(-seconds // 1)))}s"


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


def count(tokens: float) -> str:
    """Return a number of tokens in at most five characters, rounded down: 312, 10.5k, 1.2M."""
    for unit, size in (("B", 1_000_000_000), ("M", 1_000_000), ("k", 1000)):
        if tokens >= size:
            whole, tenth = divmod(int(tokens * 10 // size), 10)
            return f"{whole}.{tenth}{unit}" if tenth and whole < 100 else f"{whole}{unit}"
    return str(int(tokens))


def dollars(usd: float) -> str:
    """Return an amount in US dollars."""
    return "<$0.01" if 0 < usd < 0.005 else f"${usd:.2f}"


def money(spend: Spend) -> str:
    """Return the amount used in its currency's major unit: ``$50.90`` of 5090 cents.

    Where only the share of the limit is known, that stands in for the amount.
    """
    if spend.used_minor is None:
        return percent(spend.of_limit_pct or 0.0)
    return _in_currency(_major(spend.used_minor, spend.exponent), spend.currency)


def money_of_limit(spend: Spend) -> str:
    """Return the amount used and its limit, as $61.23/$200; the amount alone without a limit."""
    limit = spend.limit_minor
    if limit is None or spend.used_minor is None:
        return money(spend)
    is_whole = limit % 10**spend.exponent == 0
    total = f"{limit / 10**spend.exponent:.0f}" if is_whole else _major(limit, spend.exponent)
    if spend.currency in _CURRENCY_SIGNS:
        return f"{money(spend)}/{_in_currency(total, spend.currency)}"
    return _in_currency(f"{_major(spend.used_minor, spend.exponent)}/{total}", spend.currency)


def _major(minor: float, exponent: int) -> str:
    return f"{minor / 10**exponent:.{exponent}f}"


def _in_currency(text: str, currency: str) -> str:
    sign = _CURRENCY_SIGNS.get(currency)
    return f"{sign}{text}" if sign else f"{text} {currency}"
