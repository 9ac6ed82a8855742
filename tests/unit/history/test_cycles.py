"""Runs of windows out of what was seen: where one ends, and what is believed of its points."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.history.cycles import Cycle, Point, Seen, cycles, length_s
from statusline.usage.observation import Observation
from tests.support.distorted import NOW

HOUR = 3600
RESET = NOW + 2 * HOUR
BEGIN = RESET - 5 * HOUR


def seen(pct: float, at_s: float, reset: int | None = RESET, until_s: float = 0.0) -> Seen:
    """A number of the 5-hour window, `at_s` counted from its start."""
    return Seen("five_hour", pct, reset, BEGIN + at_s, BEGIN + max(at_s, until_s))


def of(*numbers: Seen, now: float = NOW) -> list[Cycle]:
    """The cycles that come of these numbers."""
    return cycles(numbers, now)


@pytest.mark.parametrize(
    ("window", "hours"),
    [
        *(("five_hour", 5), ("seven_day", 168), ("seven_day_opus", 168), ("weekly:Fable", 168)),
        *(("spend_limit", None), ("monthly", None)),
    ],
)
def test_each_kind_of_window_has_its_length(window: str, hours: int | None) -> None:
    """A forecast of a window that is not known to end would be made up."""
    assert length_s(window) == (None if hours is None else hours * HOUR)


def test_a_window_runs_from_its_begin_to_its_reset() -> None:
    """What was seen again unchanged makes no point; how long it was watched is known."""
    (cycle,) = of(seen(10, 600), seen(20, 1200, until_s=1800))
    assert (cycle.starts_at, cycle.resets_at, cycle.ends_at) == (BEGIN, RESET, RESET)
    assert cycle.points == (Point(BEGIN + 600, 10), Point(BEGIN + 1200, 20))
    assert (cycle.seen_at, cycle.is_closed, cycle.used_pct) == (BEGIN + 1800, False, 20)
    assert [cycle.pct_at(BEGIN + at) for at in (0, 600, 900, 1200, 9000)] == [0, 10, 10, 20, 20]
    assert of(seen(10, 600), now=RESET)[0].is_closed


def test_the_next_reset_is_the_next_run() -> None:
    """Two windows are never one, and a reset that jitters is never two."""
    later = RESET + 9 * HOUR
    first, second = of(seen(10, 60), seen(20, 90, RESET + 30), seen(1, 11 * HOUR, later))
    assert (len(first.points), first.is_closed, first.cut_at) == (2, True, None)
    assert (second.starts_at, second.is_closed) == (later - 5 * HOUR, False)


def test_a_fall_before_the_reset_begins_a_new_run() -> None:
    """A banked reset: the use falls, the reset stays. Its pace counts from the fall."""
    first, second = of(seen(80, 600, until_s=3600), seen(0, 3900), seen(5, 4500))
    assert (first.is_closed, first.cut_at, first.ends_at) == (True, BEGIN + 3900, BEGIN + 3900)
    assert (second.starts_at, second.resets_at) == (BEGIN + 3600, RESET)
    assert [point.pct for point in second.points] == [0, 5]


def test_two_sources_that_round_differently_are_no_fall() -> None:
    """61.7 of stdin and 61 of the API: one window, which never falls."""
    (cycle,) = of(seen(61.7, 60), seen(61, 120), seen(62, 180))
    assert [point.pct for point in cycle.points] == [61.7, 62]


def test_limits_that_the_provider_resets_begin_a_new_run() -> None:
    """The old run was cut, and the new one did not begin a week before its new reset."""
    week = [
        Seen("seven_day", 60, RESET, NOW - HOUR, NOW),
        Seen("seven_day", 3, RESET + 86400, NOW + 60, NOW + 60),
    ]
    first, second = cycles(week, NOW + 60)
    assert (first.cut_at, second.starts_at) == (NOW + 60, NOW)


def test_numbers_without_a_running_window_belong_to_no_run() -> None:
    """Neither idle times, nor a window without a length, nor what came after its reset."""
    money = Seen("spend_limit", 50, RESET, NOW, NOW)
    assert of(seen(0, 60, None), money, seen(10, 6 * HOUR)) == []


def test_a_clock_that_was_set_back_is_believed() -> None:
    """Points from the future would hold up the window until then; the use is not lost."""
    (cycle,) = of(seen(10, 600), seen(20, 2 * HOUR), seen(21, 660), seen(22, 720))
    assert cycle.points == (Point(BEGIN + 600, 10), Point(BEGIN + 660, 21), Point(BEGIN + 720, 22))


moments = st.integers(0, 12 * HOUR)
numbers = st.builds(
    seen, st.floats(0, 110), moments, st.sampled_from([RESET, RESET + 40, RESET + HOUR, None])
)


@given(st.lists(numbers, max_size=30))
def test_runs_are_sound_whatever_was_seen(given_numbers: list[Seen]) -> None:
    """In order, never empty, never falling, never outside; and only the last can be open."""
    found = of(*given_numbers)
    for cycle in found:
        assert cycle.points
        assert cycle.starts_at <= cycle.points[0].at_s
        assert cycle.points[-1].at_s <= cycle.resets_at
        for earlier, later in itertools.pairwise(cycle.points):
            assert earlier.at_s <= later.at_s
            assert earlier.pct <= later.pct
        assert cycle.cut_at is None or cycle.cut_at < cycle.resets_at
    assert all(cycle.is_closed for cycle in found[:-1])


def test_an_observation_is_seen_at_its_moment() -> None:
    """What a source saw at one moment stood at that moment."""
    made = Seen.of(Observation("five_hour", "5h", 61.0, RESET, NOW + 0.5, "api"))
    assert made == Seen("five_hour", 61.0, RESET, NOW + 0.5, NOW + 0.5)
    assert made.is_same(made._replace(resets_at=RESET + 30, at_s=0))
    for other in ({"used_pct": 61.5}, {"resets_at": None}, {"resets_at": RESET + 90}):
        assert not made.is_same(made._replace(**other))
