"""What is usual at each hour is learned from what was watched, and from nothing else."""

from __future__ import annotations

import pytest

from statusline.history.cycles import Cycle, Point
from statusline.history.habit import daily, weekly
from statusline.usage.observation import DAY_S, HOUR_S

#: A Monday at midnight, UTC.
START_S = 1_788_739_200


def window(day: int, hour: float, *points: tuple[float, float]) -> Cycle:
    """A 5-hour window; points are (hours since its start, per cent)."""
    begin_s = START_S + day * DAY_S + hour * HOUR_S
    seen = tuple(Point(begin_s + at_h * HOUR_S, pct) for at_h, pct in points)
    return Cycle("five_hour", begin_s, int(begin_s + 5 * HOUR_S), seen, is_closed=True)


def at(day: int, hour: float) -> float:
    """A moment."""
    return START_S + day * DAY_S + hour * HOUR_S


def test_nothing_known_is_the_same_at_every_hour() -> None:
    """A first window has no usual hours."""
    for habit in (daily([]), weekly([])):
        assert habit.known == 0
        assert habit.usual_pct(at(0, 3), at(0, 5)) == pytest.approx(2.0)


def test_busy_hours_stand_out() -> None:
    """All use falls into the hour after nine."""
    habit = daily([window(day, 9, (0.2, 10), (0.8, 30)) for day in range(20)])
    busy, quiet = (habit.usual_pct(at(30, hour), at(30, hour + 1)) for hour in (9, 12))
    assert 28 < busy < 30
    assert quiet < 1


def test_parts_of_an_hour_and_turns_of_days_add_up() -> None:
    """What is usual of two parts is what is usual of the whole, over midnight as well."""
    for habit in (
        daily([window(day, 22, (0.5, 10), (2.5, 30)) for day in range(5)]),
        weekly([window(0, 22, (0.5, 10), (2.5, 30))]),
    ):
        parts = [habit.usual_pct(at(0, hour / 2), at(0, hour / 2 + 0.5)) for hour in range(400)]
        assert sum(parts) == pytest.approx(habit.usual_pct(at(0, 0), at(0, 200)))
        assert min(parts) >= 0


def test_a_window_found_half_used_says_nothing_of_the_time_before() -> None:
    """40 % that were there when it was first looked at were not used in that minute."""
    habit = daily([window(day, 9, (3.0, 40), (3.5, 41)) for day in range(20)])
    assert habit.usual_pct(at(30, 12), at(30, 13)) < 2


def test_a_full_window_says_nothing_of_the_time_after() -> None:
    """Nobody works against a limit: those hours would look like hours of rest."""
    habit = daily([window(day, 9, (0.2, 50), (1.0, 100)) for day in range(20)])
    assert habit.usual_pct(at(30, 12), at(30, 13)) > 40


def test_days_of_the_week_differ() -> None:
    """Mondays are busy, and nothing is used on a Tuesday."""
    begins = [START_S + number * 7 * DAY_S for number in range(8)]
    weeks = [
        Cycle(
            "seven_day",
            begin_s,
            begin_s + 7 * DAY_S,
            tuple(Point(begin_s + 10 * HOUR_S + n * 1800, 2.0 * n) for n in range(1, 11)),
            is_closed=True,
        )
        for begin_s in begins
    ]
    weeks = [
        week._replace(points=(Point(week.starts_at + 60, 0.0), *week.points)) for week in weeks
    ]
    habit = weekly(weeks)
    monday, tuesday = (habit.usual_pct(at(70 + day, 0), at(71 + day, 0)) for day in (0, 1))
    assert monday > 5 * tuesday
    assert habit.usual_pct(at(70, 0), at(70, 9)) < habit.usual_pct(at(70, 9), at(70, 18))
