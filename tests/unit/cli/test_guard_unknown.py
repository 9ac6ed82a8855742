"""`statusline guard` never takes what is unknown for 0 %, and counts money where that is all."""

from __future__ import annotations

import pytest

from statusline.cli import guard
from statusline.usage.observation import Observation
from statusline.usage.spend import Spend
from tests.support.guard_case import HOUR_S, NOW, OPUS, WEEK, judged, spend, window, window7


@pytest.mark.parametrize("name", ["", "five_hour"])
@pytest.mark.parametrize("past_s", [0, 60, HOUR_S])
def test_a_window_past_its_reset_is_unknown(name: str, past_s: float) -> None:
    """It counted as 0 %: the number of before the reset is gone, and nobody knows the new one."""
    verdict = judged(window(99, resets_in_s=-past_s, age_s=2 * HOUR_S), window7(5), name=name)
    line = "unknown: reset, no newer number: 5h. Run `statusline refresh`."
    assert (verdict.code, verdict.line) == (3, line)


def test_a_full_window_decides_though_another_has_reset() -> None:
    """A no that is sure is not made unsure by what is not known."""
    assert judged(window(99, resets_in_s=0), WEEK).code == 1


@pytest.mark.parametrize(
    ("windows", "absent", "line"),
    [
        ((window7(5),), [], "unknown: no number: 5h. Run `statusline refresh`."),
        ((window(5),), [], "unknown: no number: 7d. Run `statusline refresh`."),
        ((window(5), OPUS), ["five_hour"], "at or above 90%: Opus 99% (resets in 3d0h)"),
        ((window7(5),), ["five_hour"], "below 90%: 7d 5% (resets in 3d0h)"),
        ((window(5), window7(5)), ["five_hour"], None),
        (
            (window(5, name="weekly:Opus", label="Opus"),),
            [],
            "below 90%: Opus 5% (resets in 1h00m)",
        ),
    ],
    ids=["5h", "7d", "full", "no such window", "told since", "a model alone"],
)
def test_a_main_window_that_is_not_told_is_unknown(
    windows: tuple[Observation, ...], absent: list[str], line: str | None
) -> None:
    """0 was the answer while the 5-hour window was unknown; an account that has none is judged."""
    verdict = judged(*windows, absent=absent)
    if line is None:
        assert verdict.code == 0
    else:
        assert verdict.line == line
        assert verdict.code == (3 if "unknown" in line else 1 if "at or above" in line else 0)


def test_a_window_that_is_asked_for_and_not_told_is_unknown() -> None:
    """Nothing told what was said to be so: "this account has no such window"."""
    line = "unknown: Nothing is known about the five-hour window yet. Run `statusline refresh`."
    assert judged(WEEK, name="five_hour", absent=[]) == guard.Verdict(3, line)


@pytest.mark.parametrize(
    ("money", "name", "code"),
    [
        (spend(100), "spend", 0),
        (spend(18000), "spend", 1),
        (spend(100), "", 0),
        (spend(18000), "", 1),
        (spend(None, None, utilization_pct=95.0), "", 1),
        (spend(100, enabled=False, reached=True), "", 1),
        (spend(100, observed_at=NOW - HOUR_S), "", 3),
        (spend(100, None), "", 3),
        (spend(100, enabled=False), "", 3),
        (spend(100), "five_hour", 3),
    ],
    ids=lambda value: repr(value.to_json()) if isinstance(value, Spend) else None,
)
def test_money_counts_for_an_account_that_has_no_windows(
    money: Spend, name: str, code: int
) -> None:
    """An account with money alone was unknown for ever, at $4990 of $5000 too."""
    assert judged(spend=money, name=name).code == code


def test_money_counts_beside_windows_only_where_it_is_asked_for() -> None:
    """Credits that are used up stop nobody who has room in the windows."""
    money = spend(100, enabled=False, reached=True)
    both = (window(5), window7(5))
    assert judged(*both, spend=money).code == 0
    assert judged(*both, spend=money, name="spend").code == 1
    assert judged(spend=money, absent=[]).code == 3
    gateway = window(95, name="spend_limit", label="spend")
    assert judged(gateway, name="spend").line == "at or above 90%: spend 95% (resets in 1h00m)"


def test_the_line_says_why_money_does_not_count() -> None:
    """Without a limit there is no share of it."""
    line = "unknown: Spending on this account has no limit."
    assert judged(spend=spend(100, None), name="spend") == guard.Verdict(3, line)
