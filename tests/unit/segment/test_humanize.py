"""Numbers in few characters: percentages, times ahead, times past."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.segment.humanize import age, duration, old, percent, remaining, wait

HOUR_S, DAY_S = 3600, 86400


@pytest.mark.parametrize(
    ("value_pct", "shown"),
    [
        (0, "0%"),
        (0.001, "<1%"),
        (0.99, "<1%"),
        (1, "1%"),
        (22.4, "22%"),
        (23.5, "23%"),
        (98.6, "98%"),
        (99.95, "99%"),
        (100, "100%"),
        (100.0001, "100%"),
        (250.7, "250%"),
        (1000, "1000%"),
    ],
)
def test_a_percentage_is_rounded_down(value_pct: float, shown: str) -> None:
    """F09: as Claude Code's own /usage does; rounded up, nobody would see one number twice."""
    assert percent(value_pct) == shown


@given(st.floats(0, 1000))
def test_every_percentage_is_honest(value_pct: float) -> None:
    """F09 for every number: never 0 % above 0, and else what Math.floor gives."""
    assert (percent(value_pct) == "0%") == (value_pct == 0)
    assert percent(value_pct) in {"<1%", f"{math.floor(value_pct)}%"}


@pytest.mark.parametrize(
    ("used_pct", "shown"),
    [
        *((0, "100%"), (0.001, "99%"), (0.99, "99%"), (1, "99%"), (1.9, "99%")),
        *((23.5, "77%"), (99, "1%"), (99.95, "1%"), (100, "0%"), (250.7, "0%")),
    ],
)
def test_what_remains_is_the_rest_of_what_is_used(used_pct: float, shown: str) -> None:
    """Rounded by itself it said 76 % beside 23 %, and 100 % of what had been begun."""
    assert remaining(used_pct) == shown


@given(st.floats(1, 1000))
def test_used_and_remaining_make_a_hundred(used_pct: float) -> None:
    """Whoever changes `show` does not see another number."""
    used, left = (int(one(used_pct).rstrip("%")) for one in (percent, remaining))
    assert left == max(100 - used, 0)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-10.0, "1m"),
        (0, "1m"),
        (0.1, "1m"),
        (60, "1m"),
        (60.1, "2m"),
        (59 * 60, "59m"),
        (59 * 60 + 1, "1h00m"),
        (2 * HOUR_S + 11 * 60, "2h11m"),
        (23 * HOUR_S + 59 * 60, "23h59m"),
        (DAY_S, "1d0h"),
        (4 * DAY_S + 5 * HOUR_S, "4d5h"),
    ],
)
def test_a_time_ahead_is_never_over(seconds: float, shown: str) -> None:
    """P7: no negative countdown and no "0m" while the window still runs."""
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        *((-5, "<1m"), (59, "<1m"), (60, "1m"), (600, "10m"), (3599, "59m"), (3600, "1h")),
        *((2 * DAY_S - 1, "47h"), (2 * DAY_S, "2d")),
    ],
)
def test_an_age_is_said_in_one_unit(seconds: float, shown: str) -> None:
    """An old number says about how old it is, and that it is an age."""
    assert age(seconds) == shown
    assert old(seconds) == f"{shown} old"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.2, "1s"), (1, "1s"), (41.3, "42s"), (59, "59s"), (59.1, "1m"), (60, "1m"), (61, "2m")],
)
def test_a_wait_below_a_minute_is_told_in_seconds(seconds: float, shown: str) -> None:
    """Whoever is told "1m" for five seconds comes back too late."""
    assert wait(seconds) == shown
