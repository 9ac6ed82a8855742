"""What a forecast may say, and when it has to be silent, of any window with any past."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.history.cycles import Cycle, Point, length_s
from statusline.history.predict import LEAST_PAST, MOST_PAST, predict
from statusline.usage.observation import DAY_S, HOUR_S

#: A Monday at midnight, UTC.
START_S = 1_788_739_200
WINDOWS = ("five_hour", "seven_day", "weekly:Fable")


def cycle(window: str, begin_s: float, steps: Sequence[tuple[float, float]]) -> Cycle:
    """A closed cycle; each step is (elapsed share, per cent)."""
    length = length_s(window) or 0
    points = tuple(Point(begin_s + share * length, pct) for share, pct in steps)
    return Cycle(window, begin_s, int(begin_s + length), points, is_closed=True)


def steady(window: str, begin_s: float, final_pct: float) -> Cycle:
    """A cycle that is used in twenty even steps."""
    return cycle(window, begin_s, [(n / 20, n / 20 * final_pct) for n in range(1, 21)])


def said_of(running: Cycle, share: float, past: Sequence[Cycle] = ()) -> tuple[float, float]:
    """The projected use at an elapsed share, and the one of the same window without a past."""
    now = running.starts_at + share * (running.resets_at - running.starts_at)
    with_past, without = predict(running, now, past), predict(running, now, [])
    assert with_past is not None
    assert without is not None
    return with_past.projected_pct, without.projected_pct


_STEPS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 103)), max_size=12, unique_by=lambda step: step[0]
)


@st.composite
def _cycles(draw: st.DrawFn, window: str, number: int = 0) -> Cycle:
    """A window that began ``number`` windows and some time after the first one could."""
    steps = draw(_STEPS)
    levels = sorted(pct for _share, pct in steps)
    begin_s = START_S + number * (length_s(window) or 0) * 1.2 + draw(st.integers(0, 3600))
    return cycle(window, begin_s, list(zip(sorted(s for s, _pct in steps), levels, strict=True)))


@st.composite
def _situations(draw: st.DrawFn) -> tuple[Cycle, float, list[Cycle]]:
    """A running cycle, the moment, and what came before."""
    window = draw(st.sampled_from(WINDOWS))
    count = draw(st.sampled_from((0, 1, 4, LEAST_PAST + 1)))
    past = [draw(_cycles(window, number)) for number in range(count)]
    running = draw(_cycles(window, count))
    share = draw(st.floats(-0.1, 1.1))
    return running, running.starts_at + share * (length_s(window) or 0), past


@given(_situations())
def test_a_forecast_contradicts_neither_itself_nor_what_is_known(
    situation: tuple[Cycle, float, list[Cycle]],
) -> None:
    """Less than is used already, a limit after the reset, a range beside its own middle."""
    running, now, past = situation
    said = predict(running, now, past)
    if said is None:
        return
    used_pct = running.pct_at(now)
    assert said.pace >= 0
    assert said.projected_pct >= used_pct >= 3
    assert (said.low_pct is None) == (said.high_pct is None)
    if said.low_pct is not None and said.high_pct is not None:
        assert used_pct <= said.low_pct <= said.projected_pct <= said.high_pct
        assert len(past) >= LEAST_PAST
    if said.full_at is None:
        assert said.full_from is said.full_to is None
        return
    assert used_pct < 100 <= said.projected_pct
    assert now < said.full_at < running.resets_at
    assert said.full_from is None or now < said.full_from <= said.full_at
    assert said.full_to is None or said.full_at <= said.full_to <= running.resets_at


@given(_situations())
def test_it_is_silent_where_it_knows_too_little(
    situation: tuple[Cycle, float, list[Cycle]],
) -> None:
    """A forecast of a single point, of two steps, of a first minute or of what has ended."""
    running, now, past = situation
    share = (now - running.starts_at) / (running.resets_at - running.starts_at)
    known = [point for point in running.points if point.at_s <= now]
    knows_too_little = len(known) < 2 or known[-1].pct < 3 or not 0.05 <= share < 1
    assert (predict(running, now, past) is None) == knows_too_little


@given(_situations(), st.integers(1, 40))
def test_more_use_is_never_forecast_to_end_lower(
    situation: tuple[Cycle, float, list[Cycle]], more_pct: int
) -> None:
    """The same window with more used at each point, and so with the same pauses."""
    running, now, past = situation
    points = tuple(point._replace(pct=point.pct + more_pct) for point in running.points)
    less, more = predict(running, now, past), predict(running._replace(points=points), now, past)
    if less is None:
        return
    assert more is not None
    assert more.projected_pct >= less.projected_pct
    assert more.pace > less.pace


@given(_situations())
def test_what_comes_after_the_moment_changes_nothing(
    situation: tuple[Cycle, float, list[Cycle]],
) -> None:
    """Who sees the end of a window is always right, in a backtest only."""
    running, now, past = situation
    known = tuple(point for point in running.points if point.at_s <= now)
    assert predict(running, now, past) == predict(running._replace(points=known), now, past)


def test_a_window_that_is_not_known_to_end_has_no_forecast() -> None:
    """A spend limit runs for as long as somebody else says."""
    points = (Point(START_S + HOUR_S, 20.0), Point(START_S + 2 * HOUR_S, 40.0))
    running = Cycle("spend_limit", START_S, START_S + 30 * DAY_S, points)
    assert predict(running, START_S + 10 * DAY_S, []) is None


def test_without_a_past_a_window_goes_on_as_it_went() -> None:
    """On the first day there is nothing that is usual."""
    assert said_of(steady("five_hour", START_S, 80.0), 0.5)[0] == pytest.approx(80)
    assert said_of(steady("seven_day", START_S, 80.0), 0.5)[0] == pytest.approx(80)


def test_a_pause_says_that_work_may_be_over() -> None:
    """An hour without a step left the forecast where it was."""
    running = cycle("five_hour", START_S, [(n / 20, n) for n in range(1, 11)])
    at_work, _ = said_of(running, 0.5)
    after_an_hour, _ = said_of(running, 0.7)
    assert at_work == pytest.approx(20)
    assert 10 < after_an_hour < 11


def test_the_weekend_is_known_after_three_weeks() -> None:
    """A week that is used on workdays ends on Friday; a straight line went on through Sunday."""
    workdays = [((24 * day + hour) / 168, 0.0) for day in range(5) for hour in range(9, 17)]
    steps = [(share, number * 2.0) for number, (share, _) in enumerate(workdays, start=1)]
    weeks = [cycle("seven_day", START_S + n * 7 * DAY_S, steps) for n in range(4)]
    learned, straight = said_of(weeks[3], 5 / 7, weeks[:3])
    assert straight == pytest.approx(80 * 7 / 5)
    assert learned < 90


def test_a_range_is_earned() -> None:
    """Eight windows are needed, and four of five of them ended within it."""
    finals = [20.0, 80.0, *[float(pct) for pct in range(45, 55)]]
    past = [steady("five_hour", START_S + n * DAY_S, pct) for n, pct in enumerate(finals)]
    running = steady("five_hour", START_S + 30 * DAY_S, 50.0)
    now = running.starts_at + 2.5 * HOUR_S
    few, many = predict(running, now, past[: LEAST_PAST - 1]), predict(running, now, past)
    assert few is not None
    assert few.low_pct is few.high_pct is None
    assert many is not None
    assert many.low_pct is not None
    assert many.high_pct is not None
    assert 40 < many.low_pct < 50 < many.high_pct < 70


def test_what_nobody_watched_was_not_used_in_the_last_half_hour() -> None:
    """Installed at 61 %, a minute later 70 %: `full 30m` took it all for the last half hour's."""
    running = cycle("five_hour", START_S, [(0.56, 61), (0.564, 70)])
    now = START_S + 0.564 * 5 * HOUR_S
    said = predict(running, now, [])
    assert said is not None
    assert said.full_at is not None
    assert 45 * 60 < said.full_at - now < 75 * 60


def test_a_full_window_is_not_forecast_to_fill() -> None:
    """It is full."""
    running = cycle("five_hour", START_S, [(0.1, 50), (0.2, 100)])
    said = predict(running, START_S + 2 * HOUR_S, [])
    assert said is not None
    assert said.full_at is None


def test_a_year_of_windows_costs_no_more_than_the_newest_of_them() -> None:
    """A refresher that reads more with every day would get slow, and trust what is long gone."""
    past = [steady("five_hour", START_S + n * DAY_S / 2, 10.0 + n / 10) for n in range(730)]
    running = steady("five_hour", START_S + 366 * DAY_S, 50.0)
    now = running.starts_at + 2 * HOUR_S
    assert predict(running, now, past) == predict(running, now, past[-MOST_PAST:])
    assert predict(running, now, past) != predict(running, now, past[:MOST_PAST])
