"""The backtest asks at the right moments, shows only what was known, and counts rightly."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from statusline.history.backtest import moments, score
from statusline.history.cycles import Cycle, Point
from statusline.usage.forecast import Forecast
from statusline.usage.observation import HOUR_S

START_S = 1_790_640_000


def cycle(number: int, pcts: Sequence[float], *, is_closed: bool = True) -> Cycle:
    """A 5-hour window with a point each half hour, the first one at its start."""
    begin_s = START_S + number * 6 * HOUR_S
    points = tuple(Point(begin_s + index * HOUR_S / 2, pct) for index, pct in enumerate(pcts))
    return Cycle("five_hour", begin_s, begin_s + 5 * HOUR_S, points, is_closed=is_closed)


STEADY = tuple(range(2, 40, 4))
FULL = (1, 20, 40, 60, 80, 100)


def test_what_came_later_is_not_shown() -> None:
    """A forecaster that sees the end of the window is always right."""
    asked = list(moments([cycle(0, STEADY), cycle(1, STEADY)]))
    assert len(asked) == 18
    for moment in asked:
        assert all(point.at_s <= moment.now for point in moment.cycle.points)
        assert all(old.resets_at <= moment.cycle.starts_at for old in moment.past)
        assert not moment.cycle.is_closed
        assert moment.final_pct == 38


def test_windows_that_run_are_not_asked_about() -> None:
    """Their end is not known."""
    assert not list(moments([cycle(0, STEADY, is_closed=False)]))


def test_windows_that_were_cut_off_before_they_were_full_are_not_asked_about() -> None:
    """After a banked reset nobody knows where the window would have ended."""
    cut_s = START_S + 4 * HOUR_S
    assert not list(moments([cycle(0, STEADY[:6])._replace(cut_at=cut_s)]))
    assert len(list(moments([cycle(0, FULL)._replace(cut_at=cut_s)]))) == 4


def test_moments_end_when_the_window_is_full() -> None:
    """That a full window stays full is no forecast."""
    asked = list(moments([cycle(0, FULL)]))
    assert [moment.now for moment in asked] == [
        START_S + tenth * HOUR_S / 2 for tenth in range(1, 5)
    ]
    assert {moment.full_at for moment in asked} == {START_S + 2.5 * HOUR_S}


def test_little_use_and_single_points_are_no_moments() -> None:
    """2 % that were used at once would be asked about nine times."""
    assert not list(moments([cycle(0, (1, 2))]))
    assert not list(moments([cycle(0, (30,))]))


def test_only_windows_with_enough_behind_them_are_asked_about() -> None:
    """Once three weeks are known, it is said: that is a claim about the fourth week."""
    weeks = [cycle(number, STEADY) for number in range(4)]
    asked = list(moments(weeks, least_past=3))
    assert {moment.cycle.starts_at for moment in asked} == {weeks[3].starts_at}
    assert all(len(moment.past) == 3 for moment in asked)


def always(projected_pct: float, full_h: float | None = None) -> Forecast:
    """A forecast for the first cycle."""
    full_at = None if full_h is None else START_S + full_h * HOUR_S
    return Forecast(
        "five_hour",
        START_S + 5 * HOUR_S,
        START_S,
        1.0,
        projected_pct,
        (projected_pct - 10, projected_pct + 10),
        full=None if full_at is None else (full_at, None, None),
    )


def test_errors_are_counted_in_points() -> None:
    """38 % came; 50 % was said; the range reached down to 40 %."""
    found = score(lambda *_: always(50), moments([cycle(0, STEADY)]))
    assert (found.windows, found.moments, found.silent) == (1, 9, 0)
    assert found.mean_error == found.median_error == 12
    assert found.coverage == 0
    assert found.limit_min is None
    assert found.precision is None
    assert found.recall is None


def test_who_is_silent_is_scored_as_if_nothing_more_came() -> None:
    """A forecaster that speaks only when it is easy would look best."""
    found = score(lambda *_: None, moments([cycle(0, (1, *[30] * 8, 38))]))
    assert found.silent == found.moments == 9
    assert found.mean_error == pytest.approx((8 * 8 + 0) / 9)


def test_the_limit_is_counted_in_minutes_and_hits() -> None:
    """The window was full after 2.5 hours, 3 were said."""
    found = score(lambda *_: always(120, 3.0), moments([cycle(0, FULL)]))
    assert found.limit_min == 30
    assert (found.precision, found.recall) == (1.0, 1.0)
    assert found.lead_min == 120
    assert found.mean_error == 0


def test_a_limit_that_was_not_seen_coming_counts_as_said_for_the_reset() -> None:
    """Else the error of the time would shrink with every limit that was missed."""
    found = score(lambda *_: always(90), moments([cycle(0, FULL)]))
    assert found.limit_min == 150
    assert (found.precision, found.recall) == (None, 0.0)
    assert found.lead_min is None


def test_false_alarms_cost_precision() -> None:
    """Nine alarms for a steady window, four for one that filled."""
    asked = moments([cycle(0, STEADY), cycle(1, FULL)])
    found = score(lambda *_: always(120, 3.0), asked)
    assert found.precision == pytest.approx(4 / 13)
    assert found.recall == 1.0
