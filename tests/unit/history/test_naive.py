"""The two naive rules are what their names say: bars that are built wrongly are easily jumped."""

from __future__ import annotations

import pytest

from statusline.history.cycles import Cycle, Point
from statusline.history.naive import last_half_hour, used_over_elapsed
from statusline.usage.observation import HOUR_S

START_S = 1_790_640_000
#: 10 % in the first hour, nothing in the second, 10 % in the half hour after it.
CYCLE = Cycle(
    "five_hour",
    START_S,
    START_S + 5 * HOUR_S,
    (
        Point(START_S + 600, 5.0),
        Point(START_S + HOUR_S, 10.0),
        Point(START_S + 2.25 * HOUR_S, 15.0),
        Point(START_S + 2.5 * HOUR_S, 20.0),
    ),
)


def test_used_over_elapsed_goes_on_as_the_whole_window_went() -> None:
    """20 % in the first half end at 40 %."""
    said = used_over_elapsed(CYCLE, START_S + 2.5 * HOUR_S)
    assert said is not None
    assert said.projected_pct == pytest.approx(40)
    assert said.pace == pytest.approx(0.4)
    assert said.full_at is None


def test_the_last_half_hour_goes_on_as_the_last_half_hour_went() -> None:
    """10 % in half an hour fill what is left of 100 % in four hours; the reset comes first."""
    said = last_half_hour(CYCLE, START_S + 2.5 * HOUR_S)
    assert said is not None
    assert said.projected_pct == pytest.approx(70)
    assert said.full_at is None


def test_a_rule_says_when_a_window_is_full() -> None:
    """5 % in ten minutes fill it after 200 minutes."""
    early = CYCLE._replace(points=CYCLE.points[:1])
    for rule in (used_over_elapsed, last_half_hour):
        said = rule(early, START_S + 600)
        assert said is not None
        assert said.full_at == pytest.approx(START_S + 200 * 60)
        assert said.projected_pct == pytest.approx(150)


def test_a_window_without_points_or_past_its_reset_has_no_forecast() -> None:
    """A rule that divides by nothing would end the bench."""
    for rule in (used_over_elapsed, last_half_hour):
        assert rule(CYCLE._replace(points=()), START_S + 60) is None
        assert rule(CYCLE, CYCLE.starts_at) is None
        assert rule(CYCLE, CYCLE.resets_at) is None
