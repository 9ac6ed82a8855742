"""The message in which a render hands stdin's limits to the refresher."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from statusline.usage import rate_limits
from statusline.usage.snapshot import Snapshot
from tests.support.distorted import NOW, distorted, documents
from tests.support.told import RESET, SESSION, Told, stdin

WEEK_RESET = NOW + 4 * 86400


LIMITS = {
    "five_hour": {"used_percentage": 61, "resets_at": RESET},
    "seven_day": {"used_percentage": 22, "resets_at": WEEK_RESET},
}


def test_a_message_keeps_its_own_time(told: Told) -> None:
    """Read an hour later, by a refresher that was frozen, it used to count as said then."""
    message = rate_limits.of_stdin(stdin(), NOW).to_bytes()
    said = rate_limits.of_message(json.loads(message), NOW + 3600)
    found, _dropped = rate_limits.what_counts(said, told.snapshot)
    assert [each.observed_at for each in found] == [NOW]


@pytest.mark.parametrize("said_at", [NOW + 3600, None, "now", True, -5], ids=str)
def test_a_message_from_the_future_or_nowhere_is_of_now(said_at: object) -> None:
    """The clock was set back since, or somebody made it up."""
    document = {**json.loads(rate_limits.of_stdin(stdin(), NOW).to_bytes()), "said_at": said_at}
    assert rate_limits.of_message(document, NOW + 9.0).said_at == NOW + 9.0


def test_an_overtaken_message_does_not_turn_the_counters_back(told: Told) -> None:
    """Else the next repeat would look like an answer."""
    late = json.loads(rate_limits.of_stdin(stdin(60, api_ms=1000), NOW).to_bytes())
    told.says(stdin(61, api_ms=1500), 10)
    said = rate_limits.of_message(late, NOW + 20)
    assert rate_limits.what_counts(said, told.snapshot) == ([], 0)
    rate_limits.remember(said, told.snapshot)
    assert not told.says(stdin(61, api_ms=1500), 30)
    assert told.five_hour() == (61, 10)


@pytest.mark.parametrize(
    ("bucket", "kept", "dropped"),
    [
        pytest.param({"used_percentage": 61, "resets_at": RESET}, RESET, 0, id="good"),
        pytest.param({"used_percentage": None, "resets_at": RESET}, "", 0, id="I03-null"),
        pytest.param({}, "", 0, id="I03-empty"),
        pytest.param(None, "", 0, id="I03-missing"),
        pytest.param({"used_percentage": "61", "resets_at": RESET}, "", 0, id="F03-text"),
        pytest.param({"used_percentage": 61}, None, 0, id="no-reset"),
        pytest.param({"used_percentage": 1001, "resets_at": RESET}, "", 1, id="F02-1001"),
        pytest.param({"used_percentage": -1, "resets_at": RESET}, "", 1, id="F02-negative"),
        pytest.param({"used_percentage": 61, "resets_at": NOW - 60}, "", 1, id="F06-past"),
        pytest.param({"used_percentage": 61, "resets_at": NOW + 20}, NOW + 20, 0, id="ending"),
        pytest.param({"used_percentage": 61, "resets_at": NOW + 7 * 3600}, None, 0, id="F06-far"),
        pytest.param({"used_percentage": 61, "resets_at": 1e18}, None, 0, id="F06-1e18"),
        pytest.param({"used_percentage": 61, "resets_at": True}, None, 0, id="F06-true"),
    ],
)
def test_impossible_words_are_dropped_and_an_odd_reset_alone_is_not(
    bucket: object, kept: object, dropped: int
) -> None:
    """A percentage is good without its countdown; one of a window that is over is not."""
    said = rate_limits.of_stdin({**stdin(), "rate_limits": {"five_hour": bucket}}, NOW)
    found, count = rate_limits.what_counts(said, Snapshot())
    assert ([each.resets_at for each in found], count) == ([] if kept == "" else [kept], dropped)


@given(documents | distorted(LIMITS))
def test_no_rate_limits_make_it_raise(limits: object) -> None:
    """I03: whatever stdin calls rate limits gives sound observations or none."""
    said = rate_limits.of_stdin({**stdin(), "rate_limits": limits}, NOW)
    found, dropped = rate_limits.what_counts(said, Snapshot())
    assert len(found) + dropped <= len(rate_limits.STDIN_WINDOWS)
    assert all(0 <= each.utilization_pct <= 1000 for each in found)
    assert all(each.resets_at is None or each.resets_at > NOW for each in found)


@given(documents)
def test_no_message_makes_it_raise(message: object) -> None:
    """The refresher trusts a message no more than stdin, and what it noted can be written."""
    snapshot = Snapshot()
    said = rate_limits.of_message(message, NOW)
    rate_limits.what_counts(said, snapshot)
    rate_limits.remember(said, snapshot)
    json.dumps(snapshot.to_json(), allow_nan=False)


@given(distorted(stdin()))
def test_no_stdin_makes_news_raise(value: object) -> None:
    """The message is JSON made of clean words and finite numbers, whatever stdin held."""
    given_stdin = value if isinstance(value, dict) else {}
    _, message = rate_limits.take_stdin(None, given_stdin, NOW)
    if message:
        told = json.loads(message, parse_constant=pytest.fail)
        assert set(told) == {"session", "version", "said_at", "limits", "counters"}
        assert told["session"] == rate_limits.of_message(told, NOW).session


def test_the_message_says_what_stdin_said() -> None:
    """Numbers and cleaned words, in the form that the refresher reads."""
    document = {**stdin(requests=3), "rate_limits": LIMITS}
    assert json.loads(rate_limits.take_stdin(None, document, NOW)[1]) == {
        "session": SESSION,
        "version": "2.1.328",
        "said_at": NOW,
        "limits": {"five_hour": [61.0, RESET], "seven_day": [22.0, WEEK_RESET]},
        "counters": [1000.0, 3.0],
    }
