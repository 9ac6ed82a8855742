"""What a session's statement on stdin adds to what is known: evidence, repeats, memory."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from statusline.usage import rate_limits
from statusline.usage.memory import MAX_SESSIONS
from statusline.usage.merge import merge
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support.distorted import NOW, distorted, documents

RESET = NOW + 2 * 3600
WEEK_RESET = NOW + 4 * 86400
LIMITS = {
    "five_hour": {"used_percentage": 61, "resets_at": RESET},
    "seven_day": {"used_percentage": 22, "resets_at": WEEK_RESET},
}
SESSION = "25719877-56d4"


def stdin(
    used_pct: float = 61.0,
    *,
    session: str = SESSION,
    api_ms: float | None = 1000.0,
    requests: float | None = None,
    resets_at: object = RESET,
    **changes: object,
) -> dict[str, Any]:
    """What Claude Code says, as far as limits go: five hours, and the session's counters."""
    limits = {"five_hour": {"used_percentage": used_pct, "resets_at": resets_at}}
    return {
        "session_id": session,
        "version": "2.1.328",
        "rate_limits": limits,
        "cost": {"total_api_duration_ms": api_ms},
        "prompt_cache": {"requests": requests},
        **changes,
    }


class Told:
    """One cache, and the sessions that speak to it; each statement goes through the message."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()

    def says(self, document: dict[str, Any], step_s: float) -> bool:
        """Let a session speak `step_s` seconds after NOW; tell whether anything counted."""
        now = NOW + step_s
        shown, message = rate_limits.take_stdin(self._copy(), document, now)
        if not message:
            return False
        said = rate_limits.of_message(json.loads(message), now + 1)
        found, _dropped = rate_limits.what_counts(said, self.snapshot)
        rate_limits.remember(said, self.snapshot)
        self.snapshot.windows = merge(self.snapshot.windows, found)
        assert shown.windows == self.snapshot.windows, "the line shows what the cache will hold"
        return bool(found)

    def _copy(self) -> Snapshot:
        again = Snapshot.from_json(json.loads(json.dumps(self.snapshot.to_json())))
        assert again is not None
        return again

    def five_hour(self) -> tuple[float, float]:
        """The number, and how many seconds after NOW it was true."""
        seen = self.snapshot.windows["five_hour"]
        return seen.utilization_pct, seen.observed_at - NOW


@pytest.fixture
def told() -> Told:
    """A cache that knows nothing."""
    return Told()


def test_a_new_answer_with_the_same_number_is_fresh(told: Told) -> None:
    """With `api = false` the true number of an active session grew old while it stood still."""
    told.says(stdin(api_ms=1000), 0)
    assert told.says(stdin(api_ms=1700), 700)
    assert told.five_hour() == (61, 700)


def test_the_requests_of_the_prompt_cache_are_evidence_where_there_is_no_other(
    told: Told,
) -> None:
    """A client may lack the better counter; where it has it, an answer cut off by Esc is none."""
    told.says(stdin(api_ms=None, requests=1), 0)
    assert told.says(stdin(api_ms=None, requests=2), 700)
    assert told.five_hour() == (61, 700)
    told.says(stdin(session="other", api_ms=900, requests=13), 710)
    assert not told.says(stdin(session="other", api_ms=900, requests=14), 800)


def test_an_idle_session_repeats_itself_for_hours(told: Told) -> None:
    """Nothing is handed over, so no refresher starts, and the number keeps its age."""
    told.says(stdin(), 0)
    assert not told.says(stdin(), 3600)
    assert told.five_hour() == (61, 0)


def test_clear_repeats_the_numbers_of_the_session_before(told: Told) -> None:
    """A new session id with the old words of memory used to make them fresh."""
    told.says(stdin(), 0)
    assert not told.says(stdin(session="after-clear", api_ms=0), 3600)
    assert told.five_hour() == (61, 0)
    assert told.says(stdin(session="after-clear", api_ms=500), 3700), "its first own answer"
    assert told.five_hour() == (61, 3700)


def test_the_numbers_of_a_process_that_has_just_started_count_if_they_are_new(told: Told) -> None:
    """It asks for its quota before the first answer: numbers at a counter of 0."""
    told.says(stdin(), 0)
    assert told.says(stdin(64, session="just-started", api_ms=0), 100)
    assert told.five_hour() == (64, 100)


def test_two_processes_of_one_session_count_for_themselves(told: Told) -> None:
    """Resumed twice, they speak in turns: the larger counter of the idle one is no new answer."""
    idle = rate_limits.of_stdin(stdin(61, api_ms=5000), NOW, "4711")
    busy = rate_limits.of_stdin(stdin(61, api_ms=300), NOW + 1, "4712")
    for said in (idle, busy):
        rate_limits.remember(said, told.snapshot)
    told.snapshot.windows = {"five_hour": Observation("five_hour", "5h", 61, RESET, NOW, "stdin")}
    again = rate_limits.of_stdin(stdin(61, api_ms=5000), NOW + 600, "4711")
    assert rate_limits.what_counts(again, told.snapshot) == ([], 0)


def test_a_limit_that_is_hit_is_shown_though_no_answer_came(told: Told) -> None:
    """A 429 changes the numbers and raises no counter."""
    told.says(stdin(61), 0)
    assert told.says(stdin(100), 10)
    assert told.five_hour() == (100, 10)


def test_first_words_of_a_session_that_others_have_said_are_a_repeat(told: Told) -> None:
    """A resumed session has counters from before; they prove nothing about this moment."""
    told.says(stdin(), 0)
    assert not told.says(stdin(session="resumed", api_ms=90_000), 600)
    assert told.five_hour() == (61, 0)
    assert told.says(stdin(62, session="resumed-too", api_ms=90_000), 700), "never said before"


def test_the_sixty_fifth_idle_session_is_not_fresh(told: Told) -> None:
    """With as many idle sessions as are remembered each forgotten one used to be news again."""
    for turn in range(3):
        for index in range(MAX_SESSIONS + 5):
            told.says(stdin(session=f"session-{index}"), turn * 1000 + index)
    assert told.five_hour() == (61, 0)
    assert len(told.snapshot.memory.sessions) == MAX_SESSIONS


def test_a_fall_with_a_new_answer_is_news_and_stays(told: Told) -> None:
    """A banked reset was used; idle sessions go on saying the old number."""
    told.says(stdin(93, session="idle"), 0)
    told.says(stdin(93, api_ms=1000), 10)
    assert told.says(stdin(12, api_ms=1500), 100)
    assert not told.says(stdin(93, session="idle"), 200)
    assert not told.says(stdin(93, session="just-started", api_ms=800), 300)
    assert told.five_hour() == (12, 100)


def test_an_answer_that_may_have_come_before_is_no_fall(told: Told) -> None:
    """A lost message, repeated from memory later, brought 22 % in the place of 60 %, as of now."""
    told.says(stdin(20, session="b", api_ms=1000), 0)
    told.says(stdin(18, session="a", api_ms=1000), 1)
    told.says(stdin(60, session="a", api_ms=2000), 5)
    assert told.five_hour() == (60, 5)
    told.says(stdin(22, session="b", api_ms=2000), 600)  # its answer came at 2
    assert told.five_hour() == (60, 5)
    told.says(stdin(63, session="b", api_ms=3000), 700)
    assert told.five_hour() == (63, 700)


def test_a_counter_that_goes_back_and_forth_is_no_evidence(told: Told) -> None:
    """One session in two processes, of a client that does not tell which is which."""
    told.says(stdin(40, api_ms=5000), 0)
    told.says(stdin(55, api_ms=3500), 10)
    told.says(stdin(40, api_ms=5000), 20)
    assert told.five_hour() == (55, 10)


def test_a_session_without_a_name_says_nothing(told: Told) -> None:
    """It could not be remembered, and woke a refresher every five seconds."""
    assert not told.says(stdin(session=""), 0)
    assert rate_limits.take_stdin(told.snapshot, stdin(session=""), NOW)[1] == b""


def test_a_reset_out_of_reach_is_told_once(told: Told) -> None:
    """A clock set back by hours: each render was news, since the reset it knew was another."""
    known = Observation("five_hour", "5h", 61, RESET, NOW - 5.0, "stdin")
    told.snapshot.windows = {"five_hour": known}
    far = stdin(61, resets_at=RESET + 9 * 3600)
    told.says(far, 0)
    assert rate_limits.take_stdin(told.snapshot, far, NOW + 60)[1] == b""


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


def test_numbers_of_another_account_are_not_taken_from_memory(told: Told) -> None:
    """After a login switch idle sessions repeat the old account's numbers for hours."""
    told.says(stdin(93), 0)
    told.says(stdin(93, session="another-idle-one"), 1)
    told.snapshot.windows, told.snapshot.account_since = {}, NOW + 5.0
    assert not told.says(stdin(93), 10)
    assert not told.says(stdin(95, session="another-idle-one"), 20), "its message had been lost"
    assert not told.says(stdin(95, session="another-idle-one", api_ms=1500), 30), "or its answer"
    late = rate_limits.of_stdin(stdin(81, session="late"), NOW + 4.0)
    assert rate_limits.what_counts(late, told.snapshot) == ([], 0), "said before, read after"
    assert told.snapshot.windows == {}
    assert told.says(stdin(4, api_ms=1700, resets_at=RESET + 600), 40) is False, (
        "the first is noted"
    )
    assert told.says(stdin(5, api_ms=1900, resets_at=RESET + 600), 50)


def test_what_the_api_told_is_no_news_from_a_session(told: Told) -> None:
    """Its number may be from before a fall that the API knows of."""
    told.snapshot.memory.note("five_hour", 93, RESET)
    told.snapshot.windows = {"five_hour": Observation("five_hour", "5h", 12, RESET, NOW, "api")}
    assert not told.says(stdin(92.6), 60)
    assert told.five_hour() == (12, 0)


def test_a_session_without_limits_is_told_with_each_answer_where_there_is_no_login(
    told: Told,
) -> None:
    """It explains the missing login: an API key, Bedrock or Vertex."""
    document = {**stdin(), "rate_limits": None}
    assert rate_limits.take_stdin(told.snapshot, document, NOW)[1] == b""
    told.snapshot.state = "missing"
    message = rate_limits.take_stdin(told.snapshot, document, NOW)[1]
    rate_limits.remember(rate_limits.of_message(json.loads(message), NOW), told.snapshot)
    assert rate_limits.take_stdin(told.snapshot, document, NOW + 60)[1] == b""
    document["cost"] = {"total_api_duration_ms": 2000.0}
    assert rate_limits.take_stdin(told.snapshot, document, NOW + 120)[1] != b""


def test_a_spend_limit_is_a_window_of_its_own(told: Told) -> None:
    """Gateway sessions have nothing else; they were told that they have no limits."""
    limit = {"used_percentage": 130.5, "resets_at": NOW + 30 * 86400, "used_usd": 1}
    told.says({**stdin(), "rate_limits": {"spend_limit": limit}}, 0)
    seen = told.snapshot.windows["spend_limit"]
    assert (seen.label, seen.utilization_pct, seen.resets_at) == ("spend", 130.5, NOW + 30 * 86400)


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
