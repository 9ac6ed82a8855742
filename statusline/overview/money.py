"""What ``show`` says of money: extra usage, and pools that carry dollars under a code name."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from statusline.overview.words import ago
from statusline.segment.humanize import money, percent
from statusline.segment.values import severity
from statusline.usage.spend import Spend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.overview.overview import Overview
    from statusline.settings.settings import Settings
    from statusline.usage.spend import Pool


def lines(overview: Overview) -> Iterator[tuple[str, str, str]]:
    """Yield name, text and role of each line about money."""
    settings, snapshot = overview.settings, overview.known.snapshot
    spend = snapshot.spend
    if spend is not None and spend.is_shown:
        left = ", none left" if spend.reached else ""
        text = f"{_spent(spend, settings)}{left}, {ago(overview.now - spend.observed_at)}"
        yield "extra", text, _role(spend.share_pct, settings)
    for name, pool in snapshot.pools.items():
        role = _role(pool.share_pct, settings)
        if role and not pool.is_over(overview.now):
            text = f"{name} {pool_text(pool)}, {ago(overview.now - pool.observed_at)}"
            yield "pool", text, role


def _role(share_pct: float | None, settings: Settings) -> str:
    """Return the role of a share from warning on, the plain one below."""
    role = severity(share_pct or 0.0, settings, "extra")
    return "" if role == "normal" else role


def pool_text(pool: Pool) -> str:
    """Return what is known of a pool, as ``98% ($98.51 of $100.00)``."""
    dollars = ""
    if pool.used_dollars is not None:
        dollars = f"${pool.used_dollars:.2f}"
        dollars += "" if pool.limit_dollars is None else f" of ${pool.limit_dollars:.2f}"
    if pool.share_pct is None:
        return dollars or f"of ${pool.limit_dollars or 0:.2f}"
    return f"{percent(pool.share_pct)} ({dollars})" if dollars else percent(pool.share_pct)


def _spent(spend: Spend, settings: Settings) -> str:
    text = _amount(spend, spend.used_minor, settings)
    if spend.limit_minor is not None and spend.used_minor is not None:
        text += f" of {_amount(spend, spend.limit_minor, settings)}"
    return text


def _amount(spend: Spend, minor: float | None, settings: Settings) -> str:
    """Return an amount in its currency; the sign needs more than ASCII, the code does not."""
    amount = copy.copy(spend)
    amount.used_minor = minor
    text = money(amount)
    if settings.ascii and not text.isascii():
        return f"{text[1:]} {spend.currency}"
    return text
