"""Three sources, one merge: pure, free of list order, idempotent; repeats are no news."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.hot import news
from statusline.merge import from_words, merge, session_key, words_of
from statusline.model import Observation
from statusline.snapshot import Snapshot
from tests.support.values import NOW, distorted, documents, observations

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


@given(busy_batches, busy_batches)
def test_a_reset_never_moves_backwards(before: list[Observation], batch: list[Observation]) -> None:
    """The later reset wins: an old session cannot bring a window back that is over."""
    windows = merge({}, before)
    after = merge(windows, batch)
    for each in (*windows.values(), *batch):
        assert (after[each.window].resets_at or 0) >= (each.resets_at or 0)


@pytest.mark.parametrize(
    ("old", "new", "wins"),
    [
        pytest.param(seen(50), seen(60, step_s=1, source="stdin"), True, id="stdin-raises"),
        pytest.param(seen(50), seen(40, step_s=1, source="stdin"), False, id="stdin-never-lowers"),
        pytest.param(seen(50), seen(50, step_s=1, source="stdin"), True, id="stdin-confirms"),
        pytest.param(seen(50), seen(60, step_s=-1, source="stdin"), False, id="stdin-too-late"),
        pytest.param(seen(50), seen(40, step_s=1), True, id="F10-api-lowers"),
        pytest.param(seen(50), seen(40, step_s=-1), False, id="api-observed-earlier"),
        pytest.param(
            seen(50, source="stdin"), seen(40, step_s=1, source="claude_json"), True, id="copy"
        ),
        pytest.param(
            seen(99), seen(1, RESET + 60, 1, "stdin"), True, id="stdin-brings-the-next-window"
        ),
        pytest.param(seen(1), seen(99, RESET - 60, 9), False, id="the-window-before"),
        pytest.param(seen(50), seen(0, None, 1), True, id="api-says-idle"),
        pytest.param(seen(50), seen(0, None, 1, "stdin"), False, id="stdin-cannot-say-idle"),
        pytest.param(seen(0, None), seen(1, RESET, 1, "stdin"), True, id="idle-no-more"),
        pytest.param(seen(0, None), seen(1, RESET, -1), False, id="idle-since"),
    ],
)
def test_who_wins_within_a_window(old: Observation, new: Observation, wins: bool) -> None:
    """design.md section 2: later reset, then later API answer; stdin only raises."""
    assert merged(old, new) == (new if wins else old)


def test_windows_do_not_touch_each_other() -> None:
    """What is said of one window leaves the others as they were."""
    other = seen(22, RESET + 86400, window="seven_day")
    after = merge({"seven_day": other}, [seen(61, step_s=1)])
    assert after == {"seven_day": other, "five_hour": seen(61, step_s=1)}


LIMITS = {
    "five_hour": {"used_percentage": 61, "resets_at": RESET},
    "seven_day": {"used_percentage": 22, "resets_at": NOW + 4 * 86400},
}


@given(documents | distorted(LIMITS))
def test_no_rate_limits_make_it_raise(limits: object) -> None:
    """I03: whatever stdin calls rate limits gives sound observations or none."""
    found, dropped = from_words(words_of(limits), NOW)
    assert len(found) + dropped <= 2
    assert all(0 <= each.utilization_pct <= 1000 for each in found)
    assert all(each.resets_at is not None and each.resets_at > NOW for each in found)


@given(documents)
def test_no_words_make_it_raise(words: object) -> None:
    """The refresher trusts a message no more than stdin."""
    from_words(words, NOW)


@pytest.mark.parametrize(
    ("bucket", "kept", "dropped"),
    [
        pytest.param({"used_percentage": 61, "resets_at": RESET}, 1, 0, id="good"),
        pytest.param({"used_percentage": None, "resets_at": RESET}, 0, 0, id="I03-null"),
        pytest.param({}, 0, 0, id="I03-empty"),
        pytest.param(None, 0, 0, id="I03-missing"),
        pytest.param({"used_percentage": "61", "resets_at": RESET}, 0, 0, id="F03-text"),
        pytest.param({"used_percentage": 61}, 0, 1, id="no-reset"),
        pytest.param({"used_percentage": 1001, "resets_at": RESET}, 0, 1, id="F02-1001"),
        pytest.param({"used_percentage": -1, "resets_at": RESET}, 0, 1, id="F02-negative"),
        pytest.param({"used_percentage": 61, "resets_at": NOW - 60}, 0, 1, id="F06-past"),
        pytest.param({"used_percentage": 61, "resets_at": NOW + 7 * 3600}, 0, 1, id="F06-far"),
        pytest.param({"used_percentage": 61, "resets_at": 1e18}, 0, 1, id="F06-1e18"),
        pytest.param({"used_percentage": 61, "resets_at": True}, 0, 1, id="F06-true"),
    ],
)
def test_impossible_words_are_dropped_and_counted(bucket: object, kept: int, dropped: int) -> None:
    """A value that cannot be true when it arrives is not shown, but `doctor` hears of it."""
    found, count = from_words(words_of({"five_hour": bucket}), NOW)
    assert (len(found), count) == (kept, dropped)


def stdin(**changes: object) -> dict[str, object]:
    """What Claude Code says, as far as news looks at it."""
    return {"session_id": "25719877-56d4", "version": "2.1.328", "rate_limits": LIMITS, **changes}


def test_news_is_shown_at_once_and_handed_over() -> None:
    """The first words of a session change what is shown and make a message for the refresher."""
    snapshot, message = news.take(None, stdin(), NOW)
    assert snapshot.windows["five_hour"].utilization_pct == 61
    assert snapshot.windows["seven_day"].utilization_pct == 22
    assert json.loads(message) == {
        "session": "25719877-56d4",
        "version": "2.1.328",
        "seen_at": NOW,
        "words": {"five_hour": [61.0, RESET], "seven_day": [22.0, NOW + 4 * 86400]},
    }


def _remembering(snapshot: Snapshot, message: bytes) -> Snapshot:
    """The snapshot as the refresher leaves it, once through the file."""
    told = json.loads(message)
    snapshot.sessions[told["session"]] = told["words"]
    again = Snapshot.from_json(json.loads(json.dumps(snapshot.to_json())))
    assert again is not None
    return again


def test_a_repeat_of_a_sessions_words_is_no_news() -> None:
    """contract.md 1.7: an idle session repeats its numbers for hours; they do not get fresher."""
    snapshot, message = news.take(None, stdin(), NOW)
    snapshot = _remembering(snapshot, message)
    later, silence = news.take(snapshot, stdin(), NOW + 1800)
    assert silence == b""
    assert {each.observed_at for each in later.windows.values()} == {NOW}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"session_id": "another"}, id="another-session"),
        pytest.param(
            {"rate_limits": {"five_hour": {"used_percentage": 62, "resets_at": RESET}}},
            id="other-words",
        ),
    ],
)
def test_other_words_or_another_session_are_news(changes: dict[str, object]) -> None:
    """Only the same words of the same session are a repeat."""
    snapshot, message = news.take(None, stdin(), NOW)
    snapshot = _remembering(snapshot, message)
    _, message = news.take(snapshot, stdin(**changes), NOW + 60)
    assert message != b""


@given(distorted(stdin()))
def test_no_stdin_makes_news_raise(value: object) -> None:
    """The message is JSON made of clean words and finite numbers, whatever stdin held."""
    given_stdin = value if isinstance(value, dict) else {}
    _, message = news.take(None, given_stdin, NOW)
    if message:
        told = json.loads(message, parse_constant=pytest.fail)
        assert set(told) == {"session", "version", "seen_at", "words"}
        assert told["session"] == session_key(told["session"])
