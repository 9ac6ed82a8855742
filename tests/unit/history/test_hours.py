"""The hours of the week: what was used in each, on average of those that were."""

from __future__ import annotations

import time

from statusline.history.cycles import Cycle, Point
from statusline.history.hours import week
from tests.support.laid_out import DAY_S, HOUR_S, NOON

TUESDAY = 1


def utc(at_s: float) -> tuple[int, int]:
    """Day and hour in UTC."""
    then = time.gmtime(at_s)
    return then.tm_wday, then.tm_hour


def run(begin_s: float, *points: tuple[float, float]) -> Cycle:
    """A run of the 5-hour window; points count from its start."""
    seen = tuple(Point(begin_s + after_s, pct) for after_s, pct in points)
    return Cycle("five_hour", begin_s, int(begin_s + 5 * HOUR_S), seen, is_closed=True)


def test_a_rise_counts_in_the_hour_in_which_it_was_seen() -> None:
    """Two Tuesdays: the average of what was used at noon, nothing where nobody worked."""
    first = run(NOON, (60, 10), (1800, 30), (HOUR_S + 60, 34))
    second = run(NOON - 7 * DAY_S, (60, 10))
    made = week([second, first], NOON - 10 * DAY_S, NOON + DAY_S, utc)
    assert made.pct[TUESDAY][12] == 20.0
    assert made.pct[TUESDAY][13] == 2.0
    assert made.pct[TUESDAY][3] == 0.0
    assert made.highest_pct == 20.0


def test_hours_that_there_were_none_of_are_unknown() -> None:
    """A day's history says nothing of a Sunday, and what came before it does not count."""
    made = week([run(NOON - 30 * HOUR_S, (0, 80))], NOON - 12 * HOUR_S, NOON, utc)
    assert made.pct[6] == [None] * 24
    assert made.pct[TUESDAY][5] == 0.0
    assert made.highest_pct == 0.0
