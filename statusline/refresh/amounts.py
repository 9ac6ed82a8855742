"""The amounts of money in the usage API's body; pure, and it never raises.

``spend`` (since about 2026-07) and the older ``extra_usage`` say the same in two ways. Pools are
buckets under internal code names: nobody says what they are, but their numbers are real.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.system.text import clean
from statusline.system.untrusted import mapping, number
from statusline.usage.observation import instant
from statusline.usage.snapshot import MAX_POOLS
from statusline.usage.spend import EXPONENTS, Pool, Spend, amount, is_currency, percentage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Why extra usage is off although nobody turned it off: the credits are used up, or the spend
#: limit of the month is. Every other reason that was seen (``org_level_disabled``,
#: ``member_level_disabled``, ``seat_tier_level_disabled``, ``..._zero_credit_limit``,
#: ``overage_not_provisioned``, ``no_limits_configured``) means that it is not on at all.
USED_UP = frozenset(("out_of_credits", "org_level_disabled_until", "org_spend_cap_reached"))
#: The currency and the decimal places of an ``extra_usage`` that names none (until 2026-04).
DEFAULT_CURRENCY, DEFAULT_EXPONENT = "USD", 2.0


class _Amounts(NamedTuple):
    """Used and limit in one unit; a ``used`` of None is unknown, a ``limit`` of None is none."""

    used: float | None
    limit: float | None
    currency: str
    exponent: int


#: Of an account of which only the share is known.
_NO_AMOUNTS = _Amounts(None, None, DEFAULT_CURRENCY, int(DEFAULT_EXPONENT))


def find_spend(body: Mapping[str, object], observed_at: float) -> Spend | None:
    """Return the money from ``spend``, else from ``extra_usage``; amounts are never mixed.

    A share alone counts where neither has amounts that are sound.
    """
    spend, extra = mapping(body.get("spend")), mapping(body.get("extra_usage"))
    of_spend = (spend.get("percent"), spend.get("enabled", extra.get("is_enabled")))
    of_extra = (extra.get("utilization"), extra.get("is_enabled"))
    for amounts, (share, enabled) in (
        (_amounts_of_spend(spend), of_spend),
        (_amounts_of_extra(extra), of_extra),
        (_only_a_share(of_spend), of_spend),
        (_only_a_share(of_extra), of_extra),
    ):
        if amounts is not None:
            return Spend(
                amounts.used,
                amounts.limit,
                amounts.currency,
                amounts.exponent,
                percentage(share),
                enabled is True,
                observed_at,
                reached=_is_used_up(spend, extra),
            )
    return None


def _amounts_of_spend(spend: Mapping[str, object]) -> _Amounts | None:
    used = mapping(spend.get("used"))
    unit = (used.get("currency"), used.get("exponent"))
    return _amounts(used.get("amount_minor"), spend.get("limit"), unit)


def _amounts_of_extra(extra: Mapping[str, object]) -> _Amounts | None:
    currency = extra.get("currency")
    unit = (DEFAULT_CURRENCY if currency is None else currency, extra.get("decimal_places"))
    return _amounts(extra.get("used_credits"), extra.get("monthly_limit"), unit)


def _only_a_share(said: tuple[object, object]) -> _Amounts | None:
    share, enabled = said
    return _NO_AMOUNTS if percentage(share) is not None and isinstance(enabled, bool) else None


def _amounts(used: object, limit: object, unit: tuple[object, object]) -> _Amounts | None:
    """Return sound amounts, or None; ``limit`` is a number in the same unit, or an amount."""
    used_minor = amount(used)
    currency = clean(unit[0], 4).upper()
    exponent = DEFAULT_EXPONENT if unit[1] is None else number(unit[1])
    if used_minor is None or exponent not in EXPONENTS or not is_currency(currency):
        return None
    if limit is None:
        return _Amounts(used_minor, None, currency, int(exponent))
    told = mapping(limit)
    limit_minor = amount(told.get("amount_minor") if told else limit)
    its_exponent = exponent if told.get("exponent") is None else number(told.get("exponent"))
    its_currency = told.get("currency")
    if its_currency is not None and clean(its_currency, 4).upper() != currency:
        return None
    if limit_minor is None or its_exponent not in EXPONENTS:
        return None
    limit_minor *= 10.0 ** (exponent - its_exponent)
    return _Amounts(used_minor, limit_minor, currency, int(exponent))


def _is_used_up(spend: Mapping[str, object], extra: Mapping[str, object]) -> bool:
    """Tell whether nothing is left, as opposed to turned off by somebody."""
    if extra.get("user_disabled") is True:
        return False
    if extra.get("spend_limit_reached") is True:
        return True
    return any(
        said.get(switch) is False and said.get("disabled_reason") in USED_UP
        for said, switch in ((spend, "enabled"), (extra, "is_enabled"))
        if isinstance(said.get("disabled_reason"), str)
    )


def is_silent_on_money(body: Mapping[str, object]) -> bool:
    """Tell whether a body in which no money was found does not even say that there is none.

    An object with its switch and without amounts says it, and null does; an object that cannot
    be read leaves open what it says.
    """
    spend, extra = body.get("spend"), body.get("extra_usage")
    if _says_none(spend, "enabled", "used") or _says_none(extra, "is_enabled", "used_credits"):
        return False
    is_named = "spend" in body or "extra_usage" in body
    return not is_named or spend is not None or extra is not None


def _says_none(value: object, switch: str, used: str) -> bool:
    said = mapping(value)
    return isinstance(said.get(switch), bool) and said.get(used) is None


def find_pools(
    body: Mapping[str, object], names: Iterable[str], observed_at: float
) -> dict[str, Pool]:
    """Return the pools among ``names`` that have a number above 0."""
    found: dict[str, Pool] = {}
    for name in names:
        said = mapping(body.get(name))
        resets_at = instant(said.get("resets_at"))
        pool = Pool(
            percentage(said.get("utilization")),
            amount(said.get("used_dollars")),
            amount(said.get("limit_dollars")),
            resets_at if resets_at is None or resets_at > observed_at else None,
            observed_at,
        )
        is_counted = pool.utilization_pct or pool.used_dollars or pool.limit_dollars
        is_name = clean(name, 40) == name != ""
        if is_counted and is_name and len(found) < MAX_POOLS:
            found[name] = pool
    return found
