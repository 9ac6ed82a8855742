"""What a session's statement on stdin adds to what is known: evidence, repeats, memory."""

from __future__ import annotations

import json

from statusline.usage import rate_limits
from statusline.usage.memory import MAX_SESSIONS
from statusline.usage.observation import Observation
from tests.support.distorted import NOW
from tests.support.told import RESET, Told, stdin


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
