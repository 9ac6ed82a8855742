"""A question that is not for usage: it counts as an attempt and leaves the schedule alone."""

from __future__ import annotations

import pytest

from statusline.refresh import policy
from statusline.refresh.attempts import State
from statusline.refresh.limits import FLOOR_S
from statusline.system.clock import Stamp

MINE, OTHER = "aa11", "bb22"


def at(wall_s: float) -> Stamp:
    """A stamp of a machine that does not tell its boot."""
    return Stamp(1_800_000_000 + wall_s, None, None)


def asked_aside(before: State, when_s: float, kind: str, wait_s: float | None = None) -> State:
    """The state after a question for something else, made at `when_s` with the token MINE."""
    stamped = policy.attempted(before, at(when_s), MINE)
    return policy.answered_other(before, stamped, kind, wait_s, chance=0.0)


def usage_asked() -> State:
    """A good answer at 0 s, the next one due after 300 s."""
    state = policy.attempted(State(salt="00"), at(0), MINE)
    state = policy.answered(
        state, "ok", None, moved=False, near=False, next_reset_s=None, chance=0.0
    )
    return state._replace(wait_s=300.0)


@pytest.mark.parametrize("kind", ["ok", "http_error", "server_error", "unreachable"])
def test_the_schedule_goes_on_counted_from_then(kind: str) -> None:
    """Usage is due at 300 s whether or not something else was asked for at 100 s."""
    state = asked_aside(usage_asked(), 100, kind)
    assert state.failures == 0
    assert state.last_kind == "ok"
    assert not policy.decide(state, at(299), MINE).ask
    assert policy.decide(state, at(300), MINE).ask


@pytest.mark.parametrize("kind", ["ok", "unreachable"])
def test_the_floor_holds_between_the_two_questions(kind: str) -> None:
    """Asked at 290 s, nothing else is asked before 350 s, by force either."""
    state = asked_aside(usage_asked(), 290, kind)
    assert not policy.decide(state, at(290 + FLOOR_S - 1), MINE, force=True).ask
    assert policy.decide(state, at(290 + FLOOR_S), MINE).ask


def test_a_429_holds_for_every_question() -> None:
    """Retry-After binds usage too, and force."""
    state = asked_aside(usage_asked(), 100, "rate_limited", 900.0)
    assert not policy.decide(state, at(999), MINE, force=True).ask
    assert policy.decide(state, at(1000), MINE).ask


@pytest.mark.parametrize("kind", sorted(policy.REFUSALS))
def test_a_refused_token_is_refused_for_every_question(kind: str) -> None:
    """Nothing is asked with it for an hour but by force; another token may ask after the floor."""
    state = asked_aside(usage_asked(), 100, kind)
    assert policy.decide(state, at(3600), MINE).reason == "refused"
    assert policy.decide(state, at(100 + FLOOR_S), MINE, force=True).ask
    assert policy.decide(state, at(100 + FLOOR_S), OTHER).ask


def test_a_wait_that_the_server_asked_for_still_binds() -> None:
    """What was not allowed before the question is not allowed by it."""
    before = usage_asked()._replace(wait_binds_force=True)
    state = asked_aside(before, 100, "ok")
    assert not policy.decide(state, at(299), MINE, force=True).ask


def test_the_first_question_of_all_leaves_usage_due_after_the_floor() -> None:
    """Nothing was asked yet: usage follows as soon as it may."""
    state = asked_aside(State(salt="00"), 0, "ok")
    assert not policy.decide(state, at(FLOOR_S - 1), MINE).ask
    assert policy.decide(state, at(FLOOR_S), MINE).ask
