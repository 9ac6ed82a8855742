"""One refresher's work on one profile: what it takes in, and what it writes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from statusline.refresh.outcome import Outcome
from statusline.refresh.update import Update
from statusline.system import clock
from statusline.usage.memory import MAX_SESSIONS
from tests.support.bodies import FREE
from tests.support.login import TOKEN, sign_in
from tests.support.server import usage_body
from tests.support.update_run import (
    RESET,
    answer_with,
    asked,
    environment,
    home,
    message,
    update_in,
    written,
)

__all__ = ["home"]  # pytest finds the fixture by its name here


def test_a_renders_message_becomes_an_observation(home: Path) -> None:
    """The numbers of Claude Code's stdin, and its version, are kept."""
    update = update_in(home)
    update.take_local(message(40))
    seen = update.snapshot.windows["five_hour"]
    assert (seen.utilization_pct, seen.resets_at, seen.source) == (40, RESET, "stdin")
    assert update.snapshot.claude_version == "2.1.400"


@pytest.mark.parametrize(
    ("used_pct", "dropped"), [(1001, 1), (-1, 1), (None, 0), ("40", 0), (True, 0), ([1], 0)]
)
def test_an_impossible_number_is_dropped(home: Path, used_pct: object, dropped: int) -> None:
    """What cannot be true is counted for `doctor`; what is no number is nothing."""
    update = update_in(home)
    update.take_local(message(used_pct))
    assert update.snapshot.windows == {}
    if dropped:
        assert update.snapshot.dropped == {"stdin": 1}


@pytest.mark.parametrize("given", [None, [], "x", 5, {"limits": []}, {"limits": {"five_hour": 1}}])
def test_a_message_that_is_none_changes_nothing(home: Path, given: object) -> None:
    """Whatever comes through the pipe, nothing raises."""
    update = update_in(home)
    update.take_local(given)
    assert update.snapshot.windows == {}


def test_the_oldest_sessions_are_forgotten(home: Path) -> None:
    """The cache does not grow with every session ever started."""
    update = update_in(home)
    for index in range(MAX_SESSIONS + 8):
        update.take_local(message(40, session=f"session {index}"))
    assert len(update.snapshot.memory.sessions) == MAX_SESSIONS
    assert f"session {MAX_SESSIONS + 7}" in update.snapshot.memory.sessions
    assert "session 0" not in update.snapshot.memory.sessions


@pytest.mark.parametrize(
    ("fields", "variables", "state"),
    [
        ({"scopes": ["user:inference"]}, {}, "scope"),
        ({"accessToken": "two\nlines"}, {}, "bad_token"),
        ({"accessToken": ""}, {}, "no_login"),
        ({}, {"CLAUDE_CONFIG_DIR": "/nonexistent"}, "missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_known_trouble_is_told_without_asking(
    fields: dict[str, Any], variables: dict[str, str], state: str, home: Path
) -> None:
    """Nothing to ask with, or nobody to ask: no attempt, and a look again within 5 minutes."""
    sign_in(home, **fields)
    update = update_in(home, **variables)
    assert update.decide(force=True) is None
    update.publish()
    document = written(home)
    assert document["state"] == state
    assert document["attempted_at"] is None
    assert 0 < document["next_refresh_at"] - document["written_at"] <= 300


def test_a_mistake_in_one_environment_is_not_the_profiles_state(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every terminal said `bad API URL` for 5 minutes since one had tried another URL."""
    answer_with(monkeypatch, Outcome("ok", 200, usage_body(61, 22), None, ""))
    asked(home)
    update = update_in(home, STATUSLINE_API_URL="https://example.com")
    assert update.decide(force=True) is None
    update.publish()
    state, detail = update.told()
    assert state == "bad_api_url"
    assert "STATUSLINE_API_URL" in detail
    assert (written(home)["state"], written(home)["http_status"]) == ("ok", 200)


def test_an_answer_is_published_with_its_plan_and_next_times(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a shell and a person need to know stands in usage.json."""
    answer_with(monkeypatch, Outcome("ok", 200, usage_body(61, 22), None, ""))
    asked(home)
    document = written(home)
    assert (document["state"], document["http_status"], document["plan"]) == ("ok", 200, "Max 5x")
    assert document["windows"]["five_hour"]["utilization_pct"] == 61
    assert document["succeeded_at"] == document["attempted_at"]
    assert 58 < document["next_allowed_at"] - document["attempted_at"] < 62
    assert 178 < document["next_refresh_at"] - document["attempted_at"] < 200
    assert TOKEN not in json.dumps([document, written(home, "state.json")])


def test_a_failure_keeps_what_the_last_answer_said(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P6: windows, plan and the time of the last success stay."""
    good = Outcome("ok", 200, usage_body(61, 22), None, "")
    answer_with(monkeypatch, good, Outcome("server_error", 500, None, None, ""))
    asked(home)
    before = written(home)
    asked(home)
    after = written(home)
    assert (after["state"], after["http_status"]) == ("server_error", 500)
    assert after["windows"] == before["windows"]
    assert after["succeeded_at"] == before["succeeded_at"] < after["attempted_at"]


def test_a_window_that_an_answer_says_there_is_not_is_gone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that stdin told of; it stayed for a fortnight."""
    good = Outcome("ok", 200, usage_body(61, 22), None, "")
    answer_with(monkeypatch, good, Outcome("ok", 200, FREE, None, ""))
    asked(home)
    update = update_in(home)
    update.take_local(message(70))
    update.stamp_attempt()
    update.ask()
    assert update.snapshot.windows == {}
    assert update.snapshot.state == "ok"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "error", "error": {"type": "overloaded_error"}},
        {"login": "https://portal.example/", "ok": True},
        {"five_hour": {"utilization": "61", "resets_at": None}, "seven_day": {}},
        {"fiveHour": {"utilization": 61}, "sevenDay": {"utilization": 22}},
    ],
    ids=["empty", "error", "captive-portal", "text", "renamed"],
)
def test_a_200_without_usage_is_a_changed_api_and_erases_nothing(
    body: dict[str, object], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken for an account without limits: the last good numbers went, and all was well."""
    good = Outcome("ok", 200, usage_body(61, 22), None, "")
    answer_with(monkeypatch, good, Outcome("ok", 200, body, None, ""))
    asked(home)
    before = written(home)
    asked(home)
    after = written(home)
    assert (after["state"], after["errors"]) == ("malformed", {"malformed": 1})
    assert after["windows"] == before["windows"]
    assert after["succeeded_at"] == before["succeeded_at"]
    assert written(home, "state.json")["wait_s"] >= 300


def test_a_bucket_that_cannot_be_read_keeps_its_old_number(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its age, while the other one is brought up to date."""
    half = {**usage_body(70, 30), "seven_day": {"utilization": "30", "resets_at": None}}
    good = Outcome("ok", 200, usage_body(61, 22), None, "")
    answer_with(monkeypatch, good, Outcome("ok", 200, half, None, ""))
    asked(home)
    week = written(home)["windows"]["seven_day"]
    asked(home)
    after = written(home)["windows"]
    assert after["five_hour"]["utilization_pct"] == 70
    assert after["seven_day"] == week


def test_a_later_answer_with_an_earlier_reset_replaces(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An organization was switched: the old number stood for up to 7 days, `state: ok`."""
    old = usage_body(61, 93, seven_day_left_s=5 * 86400)
    new = usage_body(12, 12, five_hour_left_s=3600, seven_day_left_s=3 * 86400)
    answers = [Outcome("ok", 200, body, None, "") for body in (old, new)]
    answer_with(monkeypatch, *answers)
    asked(home)
    asked(home)
    windows = written(home)["windows"]
    assert {name: each["utilization_pct"] for name, each in windows.items()} == {
        "five_hour": 12,
        "seven_day": 12,
    }


def test_a_clock_far_ahead_for_one_refresh_forgets_nothing(home: Path) -> None:
    """Numbers of a fortnight ago were dropped for good, also when it was the clock's mistake."""
    update = update_in(home)
    update.take_local(message(40))
    update.publish()
    real_s = time.time()
    clock.use(lambda: real_s + 20 * 86400)
    try:
        ahead = update_in(home)
        ahead.take_local(None)
        ahead.publish()
    finally:
        clock.use(None)
    assert written(home)["windows"]["five_hour"]["utilization_pct"] == 40


def publish_by_token(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask well with a token of the environment, and publish what came."""
    answer_with(monkeypatch, Outcome("ok", 200, usage_body(61, 22), None, ""))
    update = update_in(home, CLAUDE_CODE_OAUTH_TOKEN=TOKEN)
    update.stamp_attempt()
    update.ask()
    update.publish()


def test_f14_another_environment_token_is_another_account(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F14: its numbers are dropped; the same token keeps them, also when state.json is lost."""
    publish_by_token(home, monkeypatch)
    (home / "cache" / "state.json").unlink()
    assert update_in(home, CLAUDE_CODE_OAUTH_TOKEN=TOKEN).snapshot.windows
    said: list[str] = []
    env = environment(home, CLAUDE_CODE_OAUTH_TOKEN=TOKEN + "2")
    assert not Update(env, str(home / "cache"), said.append).snapshot.windows
    assert "the account has changed: its old numbers are dropped" in said


def test_a_broken_environment_token_keeps_the_numbers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P6: a token that cannot be sent says nothing about the account."""
    publish_by_token(home, monkeypatch)
    assert update_in(home, CLAUDE_CODE_OAUTH_TOKEN="two\nlines").snapshot.windows


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"attempts": 5, "wait_s": "x", "salt": 7, "failures": -1}',
        b'{"attempts": [{"wall_s": 1e999, "boot_s": -1e999}], "wait_s": 1e999}',
        b'{"attempts": [{"wall_s": 1%s}]}' % (b"0" * 400),
        b'{"salt": "\\ud800", "fingerprint": "\\ud800", "refused_kind": "\\u001b[31m"}',
    ],
    ids=["empty", "list", "utf-16", "deep", "types", "infinite", "huge", "surrogates"],
)
def test_any_state_file_is_survived(contents: bytes, home: Path) -> None:
    """No contents of state.json keep a refresher from working and replacing them."""
    path = home / "cache" / "state.json"
    path.write_bytes(contents)
    path.chmod(0o600)
    update = update_in(home)
    decision = update.decide(force=False)
    assert decision is not None
    assert decision.ask
    update.stamp_attempt()
    update.publish()
    assert len(written(home, "state.json")["attempts"]) == 1
    assert len(written(home, "state.json")["salt"]) == 32


@pytest.mark.parametrize("name", ["usage.json", "state.json"])
def test_a13_a_newer_document_is_recognised(name: str, home: Path) -> None:
    """A13: whoever sees it writes nothing."""
    path = home / "cache" / name
    path.write_text('{"schema": 2}')
    path.chmod(0o600)
    assert update_in(home).is_newer
    path.write_text('{"schema": 1}')
    assert not update_in(home).is_newer
