"""Rows of tokens: each token is in one row of each kind, and costs there what it costs."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statusline.tokens import report
from statusline.tokens.blocks import Block
from statusline.tokens.counts import SLOT_S, Amount, Tokens
from statusline.tokens.report import BY, rows, total
from tests.support.examples import examples

OPUS, HAIKU, OTHER = "claude-opus-5-5", "claude-haiku-5-5", "gpt-5"


def at(text: str) -> int:
    """A moment in UTC, as epoch seconds."""
    return int(datetime.datetime.fromisoformat(f"{text}+00:00").timestamp())


def amount(
    text: str,
    tokens: int | Tokens = 100,
    model: str = OPUS,
    project: str = "-home-u-work",
    session: str = "s1",
) -> Amount:
    """One response at a moment."""
    at_s = at(text) // SLOT_S * SLOT_S
    whole = tokens if isinstance(tokens, Tokens) else Tokens(input=tokens)
    return Amount(
        at_s, project, session, model, is_fast=False, is_long=False, tokens=whole, responses=1
    )


def test_days_are_those_of_the_users_zone() -> None:
    """UTC's days put an evening's work to the next day, or a night's to the one before."""
    found = [amount("2026-11-20T22:55"), amount("2026-11-20T23:05"), amount("2026-11-21T22:55")]
    keys = [(row.key, row.responses) for row in rows(found, "day", "Europe/Berlin")]
    assert keys == [("2026-11-20", 1), ("2026-11-21", 2)]
    assert [row.key for row in rows(found, "day", "UTC")] == ["2026-11-20", "2026-11-21"]


def test_a_day_of_25_hours_is_one_day() -> None:
    """Days of 86,400 seconds would part from the clock when summer time ends."""
    (row,) = rows([amount("2026-10-25T22:30")], "day", "Europe/Berlin")
    assert (row.key, row.ends_at - row.starts_at) == ("2026-10-25", 25 * 3600)


def test_weeks_begin_on_monday_and_months_with_the_first() -> None:
    """A week is named by its Monday, also where that was last year."""
    found = [amount("2026-12-27T12:00"), amount("2026-12-28T12:00"), amount("2027-01-03T12:00")]
    assert [row.key for row in rows(found, "week", "UTC")] == ["2026-12-21", "2026-12-28"]
    assert [row.key for row in rows(found, "month", "UTC")] == ["2026-12", "2027-01"]


def test_models_and_projects_begin_with_the_dearest() -> None:
    """What used it up stands first, however many tokens something cheap took."""
    found = [
        amount("2026-11-20T10:00", 1000, HAIKU, "-p"),
        amount("2026-11-20T10:00", 900, OPUS, "-q"),
    ]
    assert [row.key for row in rows(found, "model")] == [OPUS, HAIKU]
    assert [row.key for row in rows(found, "project")] == ["-q", "-p"]


def test_a_session_knows_its_project_and_its_time() -> None:
    """An id alone tells nobody which session it was."""
    found = [amount("2026-11-20T10:07"), amount("2026-11-20T12:01")]
    (row,) = rows(found, "session")
    assert (row.key, row.project) == ("s1", "-home-u-work")
    assert (row.starts_at, row.ends_at) == (at("2026-11-20T10:05"), at("2026-11-20T12:05"))


def test_what_has_no_price_is_left_out_and_named() -> None:
    """A sum that hides what it lacks is a lie; where nothing has a price there is no sum."""
    mixed = [amount("2026-11-20T10:00", 1_000_000), amount("2026-11-20T10:00", 5, OTHER)]
    (row,) = rows(mixed, "day", "UTC")
    assert (row.used.usd, row.unpriced) == (4.0, (OTHER,))
    assert row.used.tokens.total == 1_000_005
    (row,) = rows(mixed[1:], "day", "UTC")
    assert (row.used.usd, row.unpriced) == (None, (OTHER,))
    assert total([]).used == report.Used(Tokens(), 0.0)


def test_shares_are_of_the_cost_where_all_of_it_is_known() -> None:
    """Reads from the cache are most of all tokens, and little of what counts."""
    reads = amount("2026-11-20T10:00", Tokens(read=900_000), project="-p")
    writes = amount("2026-11-20T10:00", Tokens(output=100_000), project="-q")
    by_cost = dict(zip("qp", report.shares(rows([reads, writes], "project")), strict=True))
    assert by_cost == pytest.approx({"q": 2 / 2.18, "p": 0.18 / 2.18})
    unknown = writes._replace(model=OTHER)
    assert report.shares(rows([reads, unknown], "project")) == pytest.approx([0.9, 0.1])
    assert report.shares([]) == []


AMOUNTS = st.lists(
    st.builds(
        Amount,
        at_s=st.integers(1_790_000_000 // SLOT_S, 1_793_000_000 // SLOT_S).map(
            lambda n: n * SLOT_S
        ),
        project=st.sampled_from(["-p", "-q"]),
        session=st.sampled_from(["s1", "s2", "s3"]),
        model=st.sampled_from([OPUS, HAIKU, OTHER]),
        is_fast=st.booleans(),
        is_long=st.booleans(),
        tokens=st.builds(Tokens, *[st.integers(0, 10**9)] * 5),
        responses=st.integers(1, 5),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=examples())
@given(AMOUNTS, st.sampled_from(BY), st.sampled_from(["", "Asia/Kathmandu", "America/New_York"]))
def test_every_token_is_in_one_row(amounts: list[Amount], by: str, zone: str) -> None:
    """Whatever the rows are, their sum is the sum of what was used, and so is its cost."""
    known = [Block(1_791_000_000, 1_791_018_000, 50.0)]
    whole = total(rows(amounts, by, zone, known))
    expected = Tokens()
    for each in amounts:
        expected = expected.plus(each.tokens)
    assert whole.used.tokens == expected
    assert whole.responses == sum(each.responses for each in amounts)
    alone = [total(rows([each], by, zone)).used.usd or 0.0 for each in amounts]
    assert (whole.used.usd or 0.0) == pytest.approx(sum(alone))
    for row in rows(amounts, by, zone, known):
        assert row.starts_at < row.ends_at
