"""docs/forecast.md tells what was met and what was missed, by the goals and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from statusline.history.backtest import Score
from tools.bench.forecast_page import HEAD, NAMES, TRIED, Found, goals_of, page

GOOD = Score(9, 81, 0, 9.0, 4.0, 20.0, 0.8, 0.7, 0.6, 60.0)
NAIVE = GOOD._replace(mean_error=12.0, limit_min=30.0, coverage=None)
PAGE = Path(__file__).parents[2] / "docs" / "forecast.md"


def found(ours: Score = GOOD, window: str = "five_hour") -> Found:
    """What was found, with two naive rules of which the second one is worse."""
    scores = dict(
        zip(NAMES, (NAIVE, NAIVE._replace(mean_error=99.0, limit_min=99.0), ours), strict=False)
    )
    return Found(window, scores, {}, [], 1.0)


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({}, []),
        ({"mean_error": 10.8}, []),
        ({"mean_error": 10.9}, ["use at the reset, mean error"]),
        ({"limit_min": 24.1}, ["time to the limit, median error"]),
        ({"coverage": 0.86}, ["80 % range holds"]),
        ({"coverage": 0.74}, ["80 % range holds"]),
        ({"precision": 0.64}, ["hits before the reset: precision"]),
        ({"recall": 0.49}, ["hits before the reset: recall"]),
    ],
)
def test_what_is_missed_is_printed_as_missed(change: dict[str, Any], missed: list[str]) -> None:
    """Each goal by itself, against the better of the naive rules."""
    ours = GOOD._replace(**change)
    assert [goal.row for goal in goals_of(found(ours)) if "missed" in goal.verdict] == missed
    text = page([found(ours)], 60, "1.0", is_held_out=True)
    assert f"Of 5 goals {5 - len(missed)} are met." in text
    assert all(f"Missed: {row} (five_hour)" in text for row in missed)


def test_a_week_has_a_goal_of_its_own() -> None:
    """0.75 times the naive error is good for five hours and a miss for a week."""
    (error, *_others) = goals_of(found(window="seven_day"))
    assert error.verdict == "**missed**: 0.75 ×"


def test_figures_of_training_persons_say_so() -> None:
    """What was chosen on them is right for them."""
    assert page([found()], 60, "1.0", is_held_out=False).startswith("TRAINING USERS")


def test_the_page_was_written_for_persons_held_out() -> None:
    """A run with fewer persons, without the model or with training seeds is no result."""
    text = PAGE.read_text("utf-8")
    assert "TRAINING" not in text
    assert "\n60 made-up users" in text
    assert re.search(r"\(scikit-learn \d", text)
    assert len(re.findall(r"\|\s+possible \|", text)) == 2
    assert text.startswith(HEAD)
    assert text.endswith(TRIED)
