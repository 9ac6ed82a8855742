"""What tokens cost: by model, day, mode and length of the prompt; what is unknown costs nothing."""

from __future__ import annotations

import datetime

import pytest

from statusline.tokens import prices
from statusline.tokens.counts import Tokens
from statusline.tokens.prices import TABLE, Price


def day(text: str) -> int:
    """A date as days since 1970."""
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


NOW = day("2026-11-21")


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("claude-opus-4-5-20251101", "claude-opus-4-5"),
        ("claude-opus-4-20250514", "claude-opus-4"),
        ("claude-opus-4-0", "claude-opus-4"),
        ("claude-opus-4-1@20250805", "claude-opus-4-1"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("anthropic/claude-3-5-haiku-20241022", "claude-3-5-haiku"),
        ("claude-sonnet-5-5[1m]", "claude-sonnet-5-5"),
    ],
)
def test_a_model_has_one_price_whoever_serves_it(model: str, known: str) -> None:
    """A date or a provider in its name made a model another one, without a price."""
    assert prices.of((model, NOW, False, False)) == TABLE[known][0].normal


@pytest.mark.parametrize(
    "model", ["claude-opus-5-6", "claude-opus-50", "claude-opus", "gpt-5", "", "<synthetic>", "🦀"]
)
def test_a_model_that_nobody_knows_has_no_price(model: str) -> None:
    """A guess by the nearest name would be wrong by a factor, and nobody would notice."""
    assert prices.of((model, NOW, False, False)) is None


def test_a_price_that_fell_counts_from_its_day_on() -> None:
    """One table for all time would price last month by this month's list."""
    before, after = (
        prices.of(("claude-sonnet-5-5", day(each), False, False))
        for each in ("2026-10-06", "2026-10-07")
    )
    assert before is not None
    assert after is not None
    assert (before.read, after.read) == (0.2, 0.1)
    assert before._replace(read=0.0) == after._replace(read=0.0)


def test_fast_and_long_have_prices_of_their_own() -> None:
    """Fast mode without a price is unknown; a long prompt without one costs what others do."""
    fast = prices.of(("claude-opus-4-6", NOW, True, False))
    assert fast == Price(30, 150, 37.5, 60, 3)
    assert prices.of(("claude-sonnet-4-5", NOW, True, False)) is None
    long = prices.of(("claude-haiku-5-5", NOW, False, True))
    assert long == Price(0.5, 2.5, 0.625, 1, 0.05)
    assert prices.of(("claude-opus-5-5", NOW, False, True)) == Price(4, 20, 5, 8, 0.2)
    assert prices.of(("claude-opus-5-5", NOW, True, True)) == Price(8, 40, 10, 16, 0.4)


def test_each_kind_of_token_has_its_own_price() -> None:
    """Two kinds mixed up would not show in a total."""
    price = Price(1, 10, 100, 1000, 10_000)
    assert prices.usd(Tokens(1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000), price) == 54321


@pytest.mark.parametrize("model", TABLE)
def test_prices_are_in_proportion(model: str) -> None:
    """A digit that slipped: writes cost 1.25 and 2 times the input, reads a tenth or less."""
    newest_first = [each.since for each in TABLE[model]]
    assert newest_first == sorted(newest_first, reverse=True)
    for each in TABLE[model]:
        for price in (each.normal, each.fast, each.long):
            if price is not None:
                assert price.write_5m == pytest.approx(price.input * 1.25)
                assert price.write_1h == pytest.approx(price.input * 2)
                assert price.read <= price.input / 10
                assert price.output == pytest.approx(price.input * 5)
