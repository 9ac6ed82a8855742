"""Three sources, one merge: pure, free of list order, idempotent; the API's later answer wins."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.usage.merge import merge
from statusline.usage.observation import Observation
from tests.support.distorted import NOW, observations

RESET = NOW + 2 * 3600
batches = st.lists(observations(), max_size=6)
#: Batches in which every window is running, as they are while an account is used.
busy_batches = st.lists(observations(may_be_idle=False), max_size=6)


def seen(
    used_pct: float = 50.0,
    resets_at: int | None = RESET,
    step_s: float = 0.0,
    source: str = "api",
    window: str = "five_hour",
) -> Observation:
    """An observation `step_s` seconds after NOW."""
    return Observation(window, "5h", used_pct, resets_at, NOW + step_s, source)


def proven(used_pct: float, step_s: float, since_s: float = 0.0) -> Observation:
    """What a session says that has had a new answer, `since_s` seconds after NOW or later."""
    return Observation(
        *("five_hour", "5h", used_pct, RESET, NOW + step_s, "stdin"), proven_since=NOW + since_s
    )


def merged(old: Observation, *new: Observation) -> Observation:
    """What the five-hour window is after these observations came in together."""
    return merge({"five_hour": old}, new)["five_hour"]


@given(batches, batches, st.randoms(use_true_random=False))
def test_the_order_of_a_batch_does_not_matter(
    before: list[Observation], batch: list[Observation], chance: Any
) -> None:
    """Every permutation of one batch comes to the same windows."""
    windows = merge({}, before)
    shuffled = list(batch)
    chance.shuffle(shuffled)
    assert merge(windows, batch) == merge(windows, shuffled)


@given(busy_batches, busy_batches)
def test_merging_the_same_batch_twice_is_merging_it_once(
    before: list[Observation], batch: list[Observation]
) -> None:
    """A message that arrives twice changes nothing the second time."""
    once = merge(merge({}, before), batch)
    assert merge(once, batch) == once


@given(batches, st.lists(observations(), min_size=1, max_size=1))
def test_one_observation_twice_is_one_observation(
    before: list[Observation], batch: list[Observation]
) -> None:
    """The same holds for a single observation of any kind, an idle window included."""
    once = merge(merge({}, before), batch)
    assert merge(once, batch) == once


@given(batches, batches)
def test_merging_leaves_its_arguments_alone_and_invents_nothing(
    before: list[Observation], batch: list[Observation]
) -> None:
    """Merge is pure, and every window it returns is one of those that came in."""
    windows = merge({}, before)
    copy = dict(windows)
    after = merge(windows, batch)
    assert windows == copy
    assert set(after.values()) <= set(windows.values()) | set(batch)
    assert set(after) == set(windows) | {each.window for each in batch}


@given(batches, batches)
def test_after_an_answer_its_windows_are_shown_or_newer_ones_of_stdin(
    before: list[Observation], batch: list[Observation]
) -> None:
    """A later reset that was stored once would have hidden every good answer for up to 7 days."""
    answered_at = NOW + 10.0
    answer = [
        Observation(window, window, 12.0, RESET - 5 * 3600, answered_at, "api")
        for window in ("five_hour", "seven_day")
    ]
    shown = merge(merge({}, [*before, *batch]), answer)
    assert list(shown.values()) == answer or set(shown.values()) == set(answer)
    later = seen(13, RESET - 5 * 3600, 20, "stdin")
    assert merge(shown, [later])["five_hour"] == later


@pytest.mark.parametrize(
    ("old", "new", "wins"),
    [
        pytest.param(seen(50), seen(60, step_s=1, source="stdin"), True, id="stdin-raises"),
        pytest.param(seen(50), seen(40, step_s=1, source="stdin"), False, id="stdin-never-lowers"),
        pytest.param(seen(50), seen(50, step_s=1, source="stdin"), False, id="stdin-repeats"),
        pytest.param(seen(50), seen(60, step_s=-1, source="stdin"), False, id="stdin-too-late"),
        pytest.param(seen(50), proven(50, 1), True, id="proven-confirms"),
        pytest.param(seen(93), proven(12, 1), True, id="banked-reset-is-news"),
        pytest.param(seen(60), proven(22, 9, since_s=-1), False, id="answer-from-before-that"),
        pytest.param(seen(60), proven(60, 9, since_s=-1), False, id="confirms-what-was-before"),
        pytest.param(seen(50), proven(12, -1), False, id="proven-too-late"),
        pytest.param(seen(50), seen(40, step_s=1), True, id="F10-api-lowers"),
        pytest.param(seen(50), seen(40, step_s=-1), False, id="api-observed-earlier"),
        pytest.param(
            seen(50, source="stdin"), seen(40, step_s=1, source="claude_json"), True, id="copy"
        ),
        pytest.param(
            seen(99), seen(1, RESET + 61, 1, "stdin"), True, id="stdin-brings-the-next-window"
        ),
        pytest.param(
            seen(50), seen(49, RESET + 59, 1, "stdin"), False, id="a-reset-told-a-little-later"
        ),
        pytest.param(seen(1), seen(99, RESET - 61, 9, "stdin"), False, id="stdin-window-before"),
        pytest.param(seen(93), seen(12, RESET - 7200, 9), True, id="api-earlier-reset"),
        pytest.param(seen(12), seen(93, RESET + 7200, -9), False, id="api-earlier-answer"),
        pytest.param(seen(50), seen(0, None, 1), True, id="api-says-idle"),
        pytest.param(seen(50), seen(0, None, 1, "stdin"), False, id="stdin-cannot-say-idle"),
        pytest.param(seen(0, None), seen(1, RESET, 1, "stdin"), True, id="idle-no-more"),
        pytest.param(seen(0, None), seen(1, RESET, -1), False, id="idle-since"),
    ],
)
def test_who_wins_within_a_window(old: Observation, new: Observation, wins: bool) -> None:
    """The later answer of the API; of stdin a later reset, a higher number, a proven one."""
    assert merged(old, new) == (new if wins else old)


def test_windows_do_not_touch_each_other() -> None:
    """What is said of one window leaves the others as they were."""
    other = seen(22, RESET + 86400, window="seven_day")
    after = merge({"seven_day": other}, [seen(61, step_s=1)])
    assert after == {"seven_day": other, "five_hour": seen(61, step_s=1)}
