"""The history does not grow for ever: after thirteen months hours are left, and 20 MB at most."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.history import compaction, store
from statusline.history.cycles import Seen
from statusline.history.schema import FILE_NAME
from statusline.usage.observation import DAY_S, HOUR_S, Observation
from tests.support.distorted import NOW

MINE = "salt-mine"
FIVE_H = 5 * HOUR_S
YEAR_S = 365 * DAY_S
MOST_BYTES = 20_000_000


def busy(begin: int, end: int, step_s: int) -> Iterator[Observation]:
    """A window after the other, each used up in steps of 1 %, and a week beside them."""
    for moment in range(begin, end, step_s):
        reset = moment // FIVE_H * FIVE_H + FIVE_H
        pct = float(100 * (moment % FIVE_H) // FIVE_H)
        yield Observation("five_hour", "5h", pct, reset, moment, "api")
        if moment % 6000 >= step_s:
            continue
        week = moment // (7 * DAY_S) * 7 * DAY_S
        pct = float(100 * (moment - week) // (7 * DAY_S))
        yield Observation("seven_day", "7d", pct, week + 7 * DAY_S, moment, "api")


def fill(directory: Path, begin: int, end: int, step_s: int) -> None:
    """Keep all of it in one go."""
    with store.writing(str(directory), work_s=300) as history:
        history.note(MINE, busy(begin, end, step_s), end)


def compact(directory: Path, now: float, runs: int) -> list[int]:
    """Let as many refreshers look after it; return how much went in each."""
    gone = []
    for _run in range(runs):
        with store.writing(str(directory), work_s=300) as history:
            gone.append(history.compact(now))
    return gone


def kept(directory: Path) -> list[Seen]:
    """What is left of the 5-hour windows."""
    with store.reading(str(directory)) as history:
        return history.seen(MINE, "five_hour")


def size(directory: Path) -> int:
    """What the history takes on the disk."""
    return sum(path.stat().st_size for path in directory.iterdir())


def test_a_year_without_a_pause_stays_small(tmp_path: Path) -> None:
    """B24: day and night, each window used up in steps of 1 %, for thirteen months: under 20 MB."""
    fill(tmp_path, NOW - compaction.KEEP_S, NOW, 180)
    found = kept(tmp_path)
    assert len(found) > 180_000
    assert compact(tmp_path, NOW, 1) == [0]
    assert size(tmp_path) < MOST_BYTES / 1.5


def test_after_thirteen_months_each_hour_keeps_its_highest(tmp_path: Path) -> None:
    """Each run's end is known for ever, to the hour; what is younger stays as it was."""
    begin = (NOW - compaction.KEEP_S) // FIVE_H * FIVE_H - 3 * DAY_S
    fill(tmp_path, begin, begin + 6 * DAY_S, 600)
    fill(tmp_path, NOW - DAY_S, NOW, 180)
    before = kept(tmp_path)
    (gone,) = compact(tmp_path, NOW, 1)
    assert gone > 0
    assert compact(tmp_path, NOW, 2) == [0, 0]
    after = kept(tmp_path)
    border = NOW - compaction.KEEP_S
    assert [each for each in after if each.at_s >= border] == [
        each for each in before if each.at_s >= border
    ]
    old = [each for each in after if each.at_s < border]
    hours = itertools.groupby(
        (each for each in before if each.at_s < border), lambda each: each.at_s // HOUR_S
    )
    assert old == [max(each, key=lambda seen: seen.used_pct) for _hour, each in hours]


def test_a_fall_within_an_hour_is_kept(tmp_path: Path) -> None:
    """A banked reset of last year is still one: the run before it and the one after."""
    begin = (NOW - compaction.KEEP_S - 2 * DAY_S) // HOUR_S * HOUR_S
    with store.writing(str(tmp_path)) as history:
        for place, pct in enumerate((50, 60, 0, 5, 9)):
            seen = Observation("five_hour", "5h", pct, begin + FIVE_H, begin + 60 * place, "api")
            history.note(MINE, [seen], NOW)
    fill(tmp_path, NOW - DAY_S, NOW, 180)
    assert compact(tmp_path, NOW, 1) == [3]
    assert [each.used_pct for each in kept(tmp_path)][:2] == [60, 9]


def test_what_is_too_large_is_thinned_out_sooner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B24: numbers with decimals, each minute, of many windows: years become hours, then go."""
    monkeypatch.setattr(compaction, "MOST_BYTES", 300_000)
    fill(tmp_path, NOW - 120 * DAY_S, NOW, 600)
    assert size(tmp_path) > 300_000
    first = kept(tmp_path)[0]
    assert sum(compact(tmp_path, NOW, 20)) > 0
    found = kept(tmp_path)
    assert found[0].at_s // HOUR_S == first.at_s // HOUR_S
    assert len(found) < 24 * 85 + 6 * 24 * 36
    monkeypatch.setattr(compaction, "MOST_BYTES", 200_000)
    compact(tmp_path, NOW, 20)
    assert kept(tmp_path)[0].at_s > first.at_s + 20 * DAY_S
    young = NOW - compaction.KEEP_LEAST_S
    assert sum(each.at_s > young for each in kept(tmp_path)) > 6 * 24 * 30


def test_a_clock_that_jumps_ahead_thins_out_nothing(tmp_path: Path) -> None:
    """B24: one minute in the year 2029 would cost the whole year's numbers."""
    fill(tmp_path, NOW - 60 * DAY_S, NOW, 900)
    before = kept(tmp_path)
    later = NOW + 3 * YEAR_S
    jumped = Observation("five_hour", "5h", 1.0, later + HOUR_S, later, "api")
    with store.writing(str(tmp_path)) as history:
        history.note(MINE, [jumped], later)
    assert sum(compact(tmp_path, later, 30)) == 0
    assert kept(tmp_path)[:-1] == before


def test_nothing_is_due_again_until_the_clock_that_is_believed_goes_on(tmp_path: Path) -> None:
    """After a pause that clock stands still, and each refresh thinned out nothing once more."""
    fill(tmp_path, NOW - 220 * DAY_S, NOW - 200 * DAY_S, 1800)
    assert compact(tmp_path, NOW, 1) == [0]
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert not compaction.is_due(connection, NOW + DAY_S)
    fill(tmp_path, NOW - DAY_S, NOW, 600)
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert compaction.is_due(connection, NOW)
