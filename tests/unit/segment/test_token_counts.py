"""Tokens in a line: only what was counted lately, of a day and a window that still run."""

from __future__ import annotations

import pytest

from statusline.segment.token_counts import LASTS_S
from statusline.usage.snapshot import Snapshot
from statusline.usage.token_count import MOST_TOKENS, TokenCount
from tests.support.laid_out import HOUR_S, NOON, both, formatted, line

FORM = formatted("{five_hour.pct}[ {tokens.block}][ today {tokens.today}][ {cost.today}]")


def told(**changes: float | None) -> str:
    """What a line says at noon of a day and a window that were counted alike."""
    fields = {"starts_at": NOON - HOUR_S, "ends_at": NOON + HOUR_S, "counted_at": NOON - 60}
    given: dict[str, object] = {**fields, "tokens": 48_260_000, "cost_usd": 41.2, **changes}
    snapshot = both()
    counts = {name: TokenCount.from_json(given) for name in ("today", "block")}
    snapshot.token_counts = {name: each for name, each in counts.items() if each is not None}
    read = Snapshot.from_json(snapshot.to_json())
    return line(read, settings=FORM)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, " 48.2M today 48.2M ~$41.20"),
        ({"tokens": 0, "cost_usd": 0.0}, " 0 today 0 ~$0.00"),
        ({"tokens": 3_400_000_000}, " 3.4B today 3.4B ~$41.20"),
        ({"cost_usd": None}, " 48.2M today 48.2M"),
        ({"cost_usd": -1}, " 48.2M today 48.2M"),
        ({"ends_at": NOON}, ""),
        ({"counted_at": NOON - LASTS_S}, ""),
        ({"counted_at": NOON + HOUR_S}, ""),
        ({"tokens": -1}, ""),
        ({"tokens": MOST_TOKENS + 1}, ""),
        ({"tokens": 0.5}, ""),
        ({"starts_at": None}, ""),
    ],
    ids=str,
)
def test_a_count_is_shown_while_it_is_true(changes: dict[str, float | None], shown: str) -> None:
    """A day that is over, a count that nobody renewed, or numbers that are none say nothing."""
    assert line(both(), settings=FORM) + shown == told(**changes)


def test_a_line_without_them_does_not_load_them() -> None:
    """Only a format that asks for tokens pays for them; a test of imports holds the rest."""
    snapshot = both()
    assert snapshot.token_counts == {}
    assert "tokens" in snapshot.to_json()
