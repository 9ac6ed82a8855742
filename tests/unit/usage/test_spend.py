"""Money in the usage API's body: minor units, one source, and nothing that is not sound."""

from __future__ import annotations

import pytest
from hypothesis import given

from statusline.refresh.body import parse_body
from statusline.usage.spend import MAX_MINOR, Spend
from tests.support.bodies import (
    AT_THE_CAP,
    ENTERPRISE,
    FREE,
    NOW_S,
    OUT_OF_CREDITS,
    extra,
    money,
    sample,
)
from tests.support.distorted import distorted


def spend_of(body: dict[str, object]) -> Spend | None:
    """The spend in a body read at `NOW_S`."""
    return parse_body(body, observed_at=NOW_S).spend


def found(body: dict[str, object]) -> Spend:
    """The same, where there must be one."""
    spend = spend_of(body)
    assert spend is not None
    return spend


def test_the_spend_of_real_bodies() -> None:
    """Minor units with their exponent; no amounts in the old bodies; null is no limit."""
    assert found(sample("2026-07-03")).to_json() == {
        "used_minor": 5090.0,
        "limit_minor": None,
        "currency": "USD",
        "exponent": 2,
        "utilization_pct": 0.0,
        "enabled": True,
        "reached": False,
        "observed_at": NOW_S,
    }
    september = found(sample("2026-09-29"))
    assert (september.used_minor, september.enabled, september.is_shown) == (0.0, False, False)
    assert spend_of(sample("2026-01-20")) is None
    assert spend_of(FREE) is None


def test_spend_is_preferred_and_never_merged() -> None:
    """All of it comes from `spend`, even where `extra_usage` has a limit and it has none."""
    used = {"used": money(5), "limit": None, "enabled": True}
    spend = found({"spend": used, "extra_usage": extra(9221, 11000, currency="USD")})
    assert (spend.used_minor, spend.limit_minor, spend.currency) == (5.0, None, "EUR")


@pytest.mark.parametrize("more", [{}, {"decimal_places": None}, {"decimal_places": 2}], ids=str)
@pytest.mark.parametrize("currency", [{}, {"currency": None}, {"currency": "USD"}], ids=str)
def test_extra_usage_stands_in_in_cents_of_usd(
    currency: dict[str, object], more: dict[str, object]
) -> None:
    """9221 of 11000 are $92.21 of $110.00: no body until 2026-04 names a currency at all."""
    spend = found({"extra_usage": extra(9221.0, 11000, utilization=83.8, **currency, **more)})
    assert (spend.used_minor, spend.limit_minor, spend.exponent) == (9221.0, 11000.0, 2)
    assert (spend.currency, spend.utilization_pct, spend.enabled) == ("USD", 83.8, True)


@pytest.mark.parametrize(
    ("used", "limit", "expected"),
    [
        (money(5000), money(200, exponent=0), (5000.0, 20000.0, 2)),
        (money(50, exponent=0), money(20000), (50.0, 200.0, 0)),
        (money(5000), money(2_000_000, exponent=4), (5000.0, 20000.0, 2)),
        (money(5000), {"amount_minor": 20000}, (5000.0, 20000.0, 2)),
        (money(5000, exponent=None), 20000, (5000.0, 20000.0, 2)),
    ],
)
def test_each_amount_has_its_own_exponent(
    used: object, limit: object, expected: tuple[float, float, int]
) -> None:
    """50 of 200 euros was shown as 50 of 2, where the limit came in whole units."""
    spend = found({"spend": {"used": used, "limit": limit, "enabled": True}})
    assert (spend.used_minor, spend.limit_minor, spend.exponent) == expected
    assert spend.share_pct == 25


UNSOUND = [
    pytest.param({"used": money(-1)}, id="negative"),
    pytest.param({"used": money("5")}, id="text"),
    pytest.param({"used": money(True)}, id="bool"),
    pytest.param({"used": money(MAX_MINOR * 10)}, id="huge"),
    pytest.param({"used": money(5, None)}, id="no-currency"),
    pytest.param({"used": money(5, "EURO")}, id="long-currency"),
    pytest.param({"used": money(5, "E1R")}, id="odd-currency"),
    pytest.param({"used": money(5, exponent=7)}, id="exponent"),
    pytest.param({"used": money(5, exponent=1.5)}, id="half-exponent"),
    pytest.param({"used": money(5, exponent="2")}, id="text-exponent"),
    pytest.param({"used": money(5), "limit": "none"}, id="limit-text"),
    pytest.param({"used": money(5), "limit": {}}, id="limit-empty"),
    pytest.param({"used": money(5), "limit": money(-1)}, id="limit-negative"),
    pytest.param({"used": money(5), "limit": money(9, "USD")}, id="limit-other-currency"),
    pytest.param({"used": money(5), "limit": money(9, exponent=7)}, id="limit-exponent"),
    pytest.param({"used": 5}, id="used-number"),
    pytest.param([], id="list"),
]


@pytest.mark.parametrize("spend", UNSOUND)
def test_money_that_is_not_sound_is_not_shown(spend: object) -> None:
    """An amount without a unit, or with a limit that cannot be read, is no amount."""
    assert spend_of({"spend": spend}) is None


@pytest.mark.parametrize("spend", UNSOUND)
def test_an_unsound_spend_gives_way_to_extra_usage(spend: object) -> None:
    """The same money stood beside it in the older shape, and nothing was shown."""
    stand_in = found({"spend": spend, "extra_usage": extra(9221, 11000)})
    assert (stand_in.used_minor, stand_in.limit_minor, stand_in.currency) == (9221, 11000, "USD")


@pytest.mark.parametrize(
    "body",
    [
        {"extra_usage": extra(None, utilization=31.0)},
        {"spend": {"percent": 31, "enabled": True}},
        {"spend": {"percent": 31, "enabled": True, "used": 5}, "extra_usage": extra(None)},
    ],
    ids=["extra_usage", "spend", "unsound"],
)
def test_a_share_alone_is_kept_as_one(body: dict[str, object]) -> None:
    """No amounts, only a percentage: it was dropped; and amounts, where there are any, come first.

    An unknown amount is null and not 0.
    """
    spend = found(body)
    assert (spend.used_minor, spend.of_limit_pct, spend.is_shown) == (None, 31, True)
    assert found({**body, "extra_usage": extra(500, 1000)}).of_limit_pct == 50


def off(reason: object, used: float = 1077.0, **more: object) -> dict[str, object]:
    """Extra usage that is off for a reason."""
    return {"extra_usage": extra(used, 5000, is_enabled=False, disabled_reason=reason, **more)}


@pytest.mark.parametrize(
    "body",
    [
        AT_THE_CAP,
        OUT_OF_CREDITS,
        off("out_of_credits"),
        off("org_level_disabled_until"),
        off("org_spend_cap_reached"),
        off(None, spend_limit_reached=True),
        {"extra_usage": extra(1077, 500, spend_limit_reached=True)},
        {"spend": {"used": money(5), "enabled": False, "disabled_reason": "out_of_credits"}},
        {"spend": {"used": money(5)}, **off("out_of_credits")},
    ],
    ids=str,
)
def test_money_that_is_used_up_is_shown_as_such(body: dict[str, object]) -> None:
    """At the cap the server turns the switch off, and the number vanished when it mattered most."""
    spend = found(body)
    assert (spend.reached, spend.is_shown) == (True, True)
    assert spend.share_pct is not None
    assert spend.share_pct >= 100


@pytest.mark.parametrize(
    "reason",
    [
        *(None, "org_level_disabled", "org_service_level_disabled", "member_level_disabled"),
        *("seat_tier_level_disabled", "seat_tier_zero_credit_limit", "member_zero_credit_limit"),
        *("group_zero_credit_limit", "overage_not_provisioned", "no_limits_configured"),
        *("fetch_error", "unknown", "something_new", 5, ["out_of_credits"]),
    ],
)
def test_money_that_is_switched_off_is_not_shown(reason: object) -> None:
    """Somebody does not want it, or never set it up: that is not the end of the money."""
    spend = found(off(reason))
    assert (spend.reached, spend.is_shown) == (False, False)


def test_a_user_who_switched_it_off_is_not_bothered() -> None:
    """Whatever else is said; nor is one who never bought credits, and so has none left."""
    told = {"spend_limit_reached": True, "user_disabled": True}
    assert not found(off("out_of_credits", **told)).is_shown
    assert not found(off("out_of_credits", used=0.0)).is_shown


@pytest.mark.parametrize(
    ("used", "limit", "told_pct", "expected"),
    [
        (19400, 20000, None, 97),
        (499000, 500000, None, 99.8),
        (6123, 20000, 31.0, 31),
        (30000, 20000, None, 150),
        (5090, None, None, None),
        (5090, None, 0.0, None),
        (5090, None, 12.0, 12),
        (5, 0, None, 100),
        (0, 0, None, 0),
        (None, None, 0.0, 0),
    ],
)
def test_a_limit_without_a_percentage_is_judged_by_the_amounts(
    used: float | None, limit: float | None, told_pct: float | None, expected: float | None
) -> None:
    """$194.00 of $200.00 was green, since the API's `percent` was null; 0 % of no limit is none."""
    spend = Spend(used, limit, "USD", 2, told_pct, True, NOW_S)
    assert spend.share_pct == expected
    spend.reached = True
    assert spend.share_pct == max(100, expected or 0)


MONEY = Spend(5090.0, 20000.0, "USD", 2, 25.45, True, NOW_S, reached=True).to_json()


def test_spend_survives_the_file() -> None:
    """Money is written in minor units and read again as the same amount; an old file says less."""
    spend = Spend.from_json(MONEY)
    assert spend is not None
    assert spend.to_json() == MONEY
    old = {name: value for name, value in MONEY.items() if name != "reached"}
    spend = Spend.from_json(old)
    assert spend is not None
    assert spend.to_json() == {**MONEY, "reached": False}


@given(distorted(MONEY))
def test_damaged_spend_is_sound_or_none(value: object) -> None:
    """Money with an unknown currency, exponent or amount is not shown."""
    spend = Spend.from_json(value)
    if spend is not None:
        assert spend.used_minor is None or 0 <= spend.used_minor <= MAX_MINOR
        assert spend.limit_minor is None or 0 <= spend.limit_minor <= MAX_MINOR
        assert spend.used_minor is not None or spend.of_limit_pct is not None
        assert len(spend.currency) == 3
        assert spend.exponent in range(5)


def test_an_enterprise_body_is_money_and_nothing_else() -> None:
    """Its share is the API's own, from the newer of the two objects."""
    result = parse_body(ENTERPRISE, observed_at=NOW_S)
    spend = result.spend
    assert spend is not None
    assert (spend.used_minor, spend.limit_minor, spend.share_pct) == (6123, 20000, 31)
    assert (result.observations, result.absent) == ([], ["five_hour", "seven_day"])
