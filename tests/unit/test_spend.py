"""Money in the usage API's body: minor units, one source, and nothing that is not sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from statusline.model import Spend
from statusline.refresh.body import parse_body

DATA = Path(__file__).resolve().parent.parent / "data"
NOW_S = 1_795_168_800.0  # 2026-11-20 10:00 UTC


def spend_of(body: dict[str, object]) -> Spend | None:
    """The spend in a body read at `NOW_S`."""
    return parse_body(body, observed_at=NOW_S).spend


def sample_spend(name: str) -> Spend | None:
    """The spend in a real body (contract.md 2.3)."""
    return spend_of(json.loads((DATA / f"usage-{name}.json").read_text(encoding="utf-8")))


def test_the_spend_of_real_bodies() -> None:
    """Minor units with their exponent; no amounts in the old bodies; null is no limit."""
    july = sample_spend("2026-07-03")
    assert july is not None
    assert july.to_json() == {
        "used_minor": 5090.0,
        "limit_minor": None,
        "currency": "USD",
        "exponent": 2,
        "utilization_pct": 0.0,
        "enabled": True,
        "observed_at": NOW_S,
    }
    september = sample_spend("2026-09-29")
    assert september is not None
    assert (september.used_minor, september.enabled) == (0.0, False)
    assert sample_spend("2026-01-20") is None


def money(amount: object, currency: object = "EUR", exponent: object = 2) -> dict[str, object]:
    """An amount as `spend` writes it."""
    return {"amount_minor": amount, "currency": currency, "exponent": exponent}


EXTRA = {"is_enabled": True, "monthly_limit": 11000, "used_credits": 9221.0, "currency": "USD"}


def test_spend_is_preferred_and_never_merged() -> None:
    """All of it comes from `spend`, even where `extra_usage` has a limit and it has none."""
    used = {"used": money(5), "limit": None, "enabled": True}
    spend = spend_of({"spend": used, "extra_usage": EXTRA})
    assert spend is not None
    assert (spend.used_minor, spend.limit_minor, spend.currency) == (5.0, None, "EUR")


def test_extra_usage_stands_in_in_minor_units() -> None:
    """9221 of 11000 are 92.21 of 110.00: two decimal places where none are named."""
    for more in ({}, {"decimal_places": None}, {"decimal_places": 2}):
        spend = spend_of({"extra_usage": {**EXTRA, "utilization": 83.8, **more}})
        assert spend is not None
        assert (spend.used_minor, spend.limit_minor, spend.exponent) == (9221.0, 11000.0, 2)
        assert (spend.utilization_pct, spend.enabled) == (83.8, True)


@pytest.mark.parametrize(
    "spend",
    [
        pytest.param({"used": money(-1)}, id="negative"),
        pytest.param({"used": money("5")}, id="text"),
        pytest.param({"used": money(True)}, id="bool"),
        pytest.param({"used": money(5, None)}, id="no-currency"),
        pytest.param({"used": money(5, "EURO")}, id="long-currency"),
        pytest.param({"used": money(5, "E1R")}, id="odd-currency"),
        pytest.param({"used": money(5, exponent=7)}, id="exponent"),
        pytest.param({"used": money(5, exponent=1.5)}, id="half-exponent"),
        pytest.param({"used": money(5, exponent="2")}, id="text-exponent"),
        pytest.param({"used": money(5), "limit": "none"}, id="limit-text"),
        pytest.param({"used": money(5), "limit": {}}, id="limit-empty"),
        pytest.param({"used": money(5), "limit": money(-1)}, id="limit-negative"),
        pytest.param({"used": 5}, id="used-number"),
        pytest.param([], id="list"),
    ],
)
def test_money_that_is_not_sound_is_not_shown(spend: object) -> None:
    """An amount without a unit, or with a limit that cannot be read, is no amount."""
    assert spend_of({"spend": spend}) is None
