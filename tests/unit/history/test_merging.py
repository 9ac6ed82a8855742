"""Marks that were one account all along: what was kept under each becomes one past."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.history import store
from tests.support.distorted import NOW
from tests.support.kept_history import MINE, OTHER, kept, note, observed, pcts


def adopt(directory: Path, *others: str) -> None:
    """Let one refresher find out that these were its account all along."""
    with store.writing(str(directory)) as history:
        history.adopt(MINE, others, NOW + 9e4)


def test_an_account_can_go_by_another_mark(tmp_path: Path) -> None:
    """A lost usage.json has a new salt; its account keeps what it had."""
    note(tmp_path, observed(80, 0), account="old-mine")
    note(tmp_path, observed(3, 60), account=OTHER)
    adopt(tmp_path, "old-mine")
    assert (pcts(tmp_path), pcts(tmp_path, OTHER)) == ([80], [3])


@pytest.mark.parametrize("known", [0, 7], ids=["the larger one goes on", "the smaller one goes on"])
def test_two_marks_of_one_account_become_one_past(tmp_path: Path, known: int) -> None:
    """In the order of time, whichever has more, and what comes then follows after all of it."""
    note(tmp_path, *(observed(pct, 60 * pct) for pct in range(10, 10 + known)))
    note(tmp_path, observed(30, 3000), observed(31, 3060), account="old-mine")
    note(tmp_path, observed(5, 3000, "seven_day"), account="old-mine")
    note(tmp_path, observed(32, 4000), account=OTHER)
    note(tmp_path, observed(40, 5000), observed(41, 5060))
    adopt(tmp_path, "old-mine", OTHER, "nobody")
    assert note(tmp_path, observed(42, 6000)) == 1
    assert pcts(tmp_path) == [*range(10, 10 + known), 30, 31, 32, 40, 41, 42]
    assert [each.used_pct for each in kept(tmp_path, window="seven_day")] == [5]
    with store.reading(str(tmp_path)) as history:
        assert history.accounts() == [MINE]
        assert len(history.cycles(MINE, "five_hour", 0, NOW)) == 1


def test_times_of_two_marks_that_overlap_make_no_fall(tmp_path: Path) -> None:
    """A lost cache begins with a copy of an old answer, which nobody knew to be old then."""
    note(tmp_path, observed(50, 0), observed(50, 600), account="old-mine")
    note(tmp_path, observed(30, 300), observed(51, 400), observed(51, 900), observed(52, 1000))
    adopt(tmp_path, "old-mine")
    assert [(each.used_pct, each.at_s - NOW, each.until_s - NOW) for each in kept(tmp_path)] == [
        (50, 0, 600),
        (51, 600, 900),
        (52, 1000, 1000),
    ]
    with store.reading(str(tmp_path)) as history:
        assert len(history.cycles(MINE, "five_hour", 0, NOW)) == 1


def test_a_clock_that_was_set_back_mixes_no_marks_up(tmp_path: Path) -> None:
    """What came in later stays behind what came in before, and nothing is taken for old."""
    ahead_s = 10_000_000
    note(tmp_path, observed(10, 0), observed(11, ahead_s), account="old-mine", now=NOW + ahead_s)
    note(tmp_path, observed(12, 60), account="old-mine", now=NOW + 60)
    note(tmp_path, observed(13, 120), observed(14, 180), now=NOW + 180)
    adopt(tmp_path, "old-mine")
    assert pcts(tmp_path) == [10, 11, 12, 13, 14]
