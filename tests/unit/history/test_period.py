"""The history over a stretch of time: what a plot, a table and a page are made of."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from statusline.history import store
from statusline.history.cycles import Cycle, Point
from statusline.history.period import Column, Track, columns, summary, tracks
from statusline.usage.observation import Observation
from tests.support.distorted import NOW

HOUR = 3600
RESET = NOW + 2 * HOUR
BEGIN = RESET - 5 * HOUR


def cycle(*points: tuple[float, float], seen_h: float = 5, closed: bool = True) -> Cycle:
    """A 5-hour run; hours count from its start."""
    made = tuple(Point(BEGIN + hour * HOUR, pct) for hour, pct in points)
    return Cycle("five_hour", BEGIN, RESET, made, closed, BEGIN + seen_h * HOUR)


def of(*cycles: Cycle) -> Track:
    """A track of these."""
    return Track("five_hour", "5h", cycles)


def test_a_column_is_as_high_as_the_highest_use_in_it() -> None:
    """A short peak would be missing between two columns that are taken by moments."""
    track = of(cycle((0.5, 10), (1.2, 40), (1.9, 45), (3, 100)))
    found = columns(track, BEGIN - HOUR, RESET + HOUR, 7)
    assert [column.pct for column in found] == [None, 10, 45, 45, 100, 100, None]
    assert [column.resets for column in found] == [0, 0, 0, 0, 0, 0, 1]


def test_where_nobody_looked_it_may_be_more() -> None:
    """The machine was off after two hours: what it knew still stands, and is told apart."""
    found = columns(of(cycle((0.5, 10), (1.5, 40), seen_h=2)), BEGIN, RESET, 5)
    assert [column.is_watched for column in found] == [True, True, True, False, False]
    assert [column.pct for column in found] == [10, 40, 40, 40, 40]


def test_a_reset_falls_into_one_column() -> None:
    """Also where it ends early, and never before it has come."""
    cut = cycle((0.5, 80))._replace(cut_at=BEGIN + 2.5 * HOUR)
    after = cycle((2.6, 5), closed=False)._replace(starts_at=BEGIN + 2.4 * HOUR)
    found = columns(of(cut, after), BEGIN, RESET, 5)
    assert [column.resets for column in found] == [0, 0, 1, 0, 0]
    assert found[2] == Column(80, True, 1)


@given(st.integers(1, 200), st.floats(0, 1e6), st.floats(1, 1e6))
def test_columns_hold_all_there_is(count: int, before_s: float, length_s: float) -> None:
    """However the time is cut: as many as asked for, none higher than the run, no reset twice."""
    track = of(cycle((0.5, 10), (3, 60)))
    found = columns(track, BEGIN - before_s, BEGIN - before_s + length_s, count)
    assert len(found) == count
    assert {column.pct for column in found} <= {None, 0, 10, 60}
    assert sum(column.resets for column in found) <= 1


def test_the_runs_are_summed_up() -> None:
    """How they ended, and how many were full."""
    ends = [cycle((1, pct)) for pct in (20, 100, 40)]
    assert summary(ends) == (3, 40, 100, 1)
    assert [each.full_at for each in ends] == [None, BEGIN + HOUR, None]


def test_the_windows_of_one_account_are_read(tmp_path: Path) -> None:
    """Those that ran in the time, the short one first; or only the one that is asked for."""
    with store.writing(str(tmp_path)) as history:
        for account, name in (
            *(("me", "seven_day"), ("me", "five_hour"), ("me", "spend_limit")),
            ("other", "weekly:Fable"),
        ):
            history.note(account, [Observation(name, name[:4], 9, RESET, NOW, "api")], NOW)
    with store.reading(str(tmp_path)) as history:
        found = tracks(history, "me", NOW - HOUR, NOW)
        assert [track.window for track in found] == ["five_hour", "seven_day"]
        only = tracks(history, "me", NOW - HOUR, NOW, "seven_day")
        assert [track.label for track in only] == ["seve"]
        assert tracks(history, "me", RESET, RESET) == []
