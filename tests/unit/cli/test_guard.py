"""`statusline guard` decides: below, at or above, unknown; and how it waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.cli import guard
from statusline.login.credentials import Credentials
from statusline.overview.overview import look
from statusline.system import clock
from statusline.system.environ import Environment
from statusline.system.errors import Problem
from statusline.usage.observation import Observation
from tests.support.guard_case import HOUR_S, NOW, OPUS, WEEK, judged, known, window, window7
from tests.support.real_line import fill


@pytest.mark.parametrize(
    ("used_pct", "code"),
    [(0, 0), (89, 0), (89.99, 0), (90, 1), (90.1, 1), (250, 1)],
)
def test_the_limit_itself_counts_as_reached(used_pct: float, code: int) -> None:
    """Below the limit the exit code is 0, at the limit and above it 1."""
    assert judged(window(used_pct)).code == code


def test_a_number_just_below_the_limit_is_not_printed_as_the_limit() -> None:
    """89.99 % is said to be 89 %, since "below 90%: 90%" would be a contradiction."""
    assert judged(window(89.99)).line == "below 90%: 5h 89% (resets in 1h00m)"
    for used_pct, limit_pct, said in (
        (23.56, 23.5, "at or above 23.5%: 5h 23.56%"),
        (8.29, 8.29, "at or above 8.29%: 5h 8.29%"),  # 8.29 * 100 is 828.99...
        (33.335, 33.333, "at or above 33.333%: 5h 33.335%"),
        (33.3329, 33.333, "below 33.333%: 5h 33.332%"),
    ):
        line = judged(window(used_pct), limit_pct=limit_pct).line
        assert line == f"{said} (resets in 1h00m)"


@pytest.mark.parametrize(
    ("name", "code"),
    [("five_hour", 0), ("seven_day", 1), ("", 1)],
)
def test_only_the_chosen_window_counts(name: str, code: int) -> None:
    """5h looks at the 5-hour window alone; any is decided by the fullest."""
    assert judged(window(10), WEEK, name=name).code == code


def test_any_means_weekly_limits_of_single_models_too() -> None:
    """A model's full weekly limit is a no, and the line names it and no other."""
    verdict = judged(window(10), OPUS)
    assert verdict.code == 1
    assert verdict.line == "at or above 90%: Opus 99% (resets in 3d0h)"


@pytest.mark.parametrize(
    ("windows", "name", "state", "line"),
    [
        ((), "", "missing", "unknown: No Claude login was found. Run `claude` and sign in."),
        ((), "", "ok", "unknown: This account has no usage windows."),
        ((WEEK,), "five_hour", "ok", "unknown: This account has no five-hour window."),
        ((), "five_hour", "ok", "unknown: This account has no five-hour window."),
        ((), "spend", "ok", "unknown: This account spends nothing beyond its plan."),
        ((), "spend", "missing", "unknown: No Claude login was found. Run `claude` and sign in."),
    ],
    ids=["signed out", "no windows", "other window", "no window", "no money", "no login"],
)
def test_nothing_known_is_not_zero(
    windows: tuple[Observation, ...], name: str, state: str, line: str
) -> None:
    """A window that nobody knows gives 3, and the line says why and what to do."""
    assert judged(*windows, name=name, state=state) == guard.Verdict(3, line)


def test_a_broken_cache_is_named_with_its_fix() -> None:
    """What is wrong with a file of ours stands in the line."""
    problem = Problem("usage.json is broken.", "Remove it.")
    verdict = guard.judge(known(problems=(problem,)), NOW, "", 90, None)
    assert verdict == guard.Verdict(3, "unknown: usage.json is broken. Remove it.")


@pytest.mark.parametrize(
    ("age_s", "max_age_s", "code"),
    [(599, None, 0), (601, None, 3), (601, 900, 0), (61, 60, 3), (60, 60, 0)],
)
def test_an_old_number_says_nothing(age_s: float, max_age_s: float | None, code: int) -> None:
    """Older than --max-age, by default than what a segment shows as old, is unknown."""
    assert judged(window(10, age_s=age_s), max_age_s=max_age_s).code == code


def test_a_number_from_the_future_says_nothing() -> None:
    """It would have caught "below" of numbers whose age nobody knows, since the clock was set."""
    verdict = judged(window(10, age_s=-20_000), WEEK)
    assert verdict.code == 3
    assert verdict.line.startswith("unknown: seen in the future: 5h. Set the date")
    assert judged(window(10, age_s=-1), limit_pct=90).code == 0  # clocks tick apart


def test_one_old_window_leaves_the_answer_open() -> None:
    """Below in one window and old in another is unknown, and the line names the old one."""
    verdict = judged(window(10), window(5, name="seven_day", label="7d", age_s=2 * HOUR_S))
    assert verdict == guard.Verdict(3, "unknown: too old: 7d (2h old). Run `statusline refresh`.")


def test_one_fresh_window_at_the_limit_decides() -> None:
    """A no that is sure is not made unsure by another window's age."""
    verdict = judged(WEEK, window(5, age_s=2 * HOUR_S))
    assert verdict.code == 1
    assert "7d 95%" in verdict.line


def test_waiting_aims_at_the_last_reset_that_is_needed() -> None:
    """Two windows at the limit: only the later reset frees."""
    verdict = judged(window(91), WEEK)
    assert verdict.free_at == WEEK.resets_at


def test_a_full_window_without_a_reset_gives_nothing_to_wait_for() -> None:
    """Nobody knows when it becomes free."""
    assert judged(window(91, resets_in_s=None)) == guard.Verdict(1, "at or above 90%: 5h 91%")


def test_waiting_aims_at_the_first_number_after_a_reset() -> None:
    """A while after the reset at most; then nobody knows whether one will come."""
    verdict = judged(window(99, resets_in_s=-60), window7(5))
    assert verdict.free_at == NOW - 60 + guard.FIRST_NUMBER_S
    assert judged(window(99, resets_in_s=-guard.FIRST_NUMBER_S), window7(5)).free_at is None


class Played:
    """A clock on which time passes only while somebody sleeps; in the place of `time`."""

    def __init__(self, moment: float) -> None:
        self.moment = moment

    def monotonic(self) -> float:
        """What the clock shows."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let so much time pass, at once."""
        self.moment += seconds


@pytest.fixture
def played_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From 30 s before NOW on."""
    played = Played(NOW - 30)
    monkeypatch.setattr(guard, "time", played)
    clock.use(played.monotonic)
    yield
    clock.use(None)


@pytest.mark.usefixtures("played_clock")
@pytest.mark.parametrize("age_s", [60, 2 * HOUR_S], ids=["fresh", "grows old"])
def test_waiting_ends_with_the_first_number_after_the_reset(tmp_path: Path, age_s: float) -> None:
    """Not at the reset itself, when nobody knows yet; however old the number of before was."""
    env = Environment({"HOME": str(tmp_path)})
    directory = Path(str(env.profile_dir))
    before = known(window(95, resets_in_s=0, age_s=age_s), window7(5, age_s=30)).snapshot
    before.written_at, before.next_refresh_at = NOW - 60, NOW + HOUR_S
    fill(directory, before)
    lines = []

    def ask() -> guard.Verdict:
        verdict = guard.judge(look(env, Credentials(state="found")), clock.now(), "", 90, None)
        if "reset, no newer number" in verdict.line:  # which is when a refresher would come
            after = known(window(3, age_s=0), window7(5, age_s=0)).snapshot
            after.written_at, after.next_refresh_at = NOW, NOW + HOUR_S
            fill(directory, after)
        lines.append(verdict.line)
        return verdict

    verdict = guard._wait(env, ask)
    assert verdict.code == guard.BELOW
    assert verdict.line.startswith("below 90%: 5h 3%")
    assert any("reset, no newer number" in line for line in lines)
