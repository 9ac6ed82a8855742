"""``statusline refresh`` against a server: what it asks, when, and what remains shown."""

from __future__ import annotations

import json
import re
import time

import pytest

from tests.support.profile import TOKEN, Profile
from tests.support.refreshed import ACCOUNT, refreshed
from tests.support.server import Answer, UsageServer, usage_answer, usage_body

YEAR_S = 365 * 86400.0


def test_a_refresh_brings_the_servers_numbers_into_the_segment(
    profile: Profile, server: UsageServer
) -> None:
    """The main road: one request, one cache, one line."""
    done = profile.run("refresh")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"5h 61% 2h[01]\dm · 7d 22%", profile.shown())
    assert server.count == 1
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert server.requests[0].path == "/api/oauth/usage"


FAILURES = [
    # the case, the answer, the state, the word in the segment, the request after so many seconds
    ("E05-429", Answer(429), "rate_limited", r"usage: retry [23]m", 120),
    (
        "E01",
        Answer(429, headers=[("Retry-After", "0")]),
        "rate_limited",
        r"usage: retry [23]m",
        120,
    ),
    (
        "E02",
        Answer(429, headers=[("Retry-After", "3037")]),
        "rate_limited",
        r"usage: retry 5\dm",
        3037,
    ),
    ("E06-500", Answer(500), "server_error", "usage: server error", 60),
    (
        "E06-503",
        Answer(503, headers=[("Retry-After", "500")]),
        "server_error",
        r"usage: retry (9|10)m",
        500,
    ),
    ("E08-403", Answer(403), "forbidden", "usage: API refused", 3600),
    ("E08-404", Answer(404), "http_error", "usage: API changed", 3600),
    ("E08-410", Answer(410), "http_error", "usage: API changed", 3600),
    ("E08-426", Answer(426), "http_error", "usage: API changed", 3600),
    ("D13", Answer(reset="request"), "unreachable", "usage: offline", 60),
    ("D19", Answer(body=b"<html>Log in</html>"), "malformed", "usage: API changed", 300),
]


@pytest.mark.parametrize(
    ("answer", "state", "word", "wait_s"),
    [row[1:] for row in FAILURES],
    ids=[row[0] for row in FAILURES],
)
def test_a_failure_keeps_the_numbers_and_waits_its_time(
    answer: Answer, state: str, word: str, wait_s: float, profile: Profile, server: UsageServer
) -> None:
    """P6, P11: the last good numbers with their age and a word, then silence, then one request."""
    profile.configure("width = 80\n")
    refreshed(profile, server)
    server.script = [answer]
    assert profile.run("refresh").returncode == 1
    assert server.count == 2
    assert profile.usage()["state"] == state
    assert re.fullmatch(rf"5h 61% \dh\d\dm · 7d 22% · 11m old · {word}", profile.shown())
    profile.let_pass(wait_s - 5)
    profile.run("refresh")
    assert server.count == 2
    profile.let_pass(5 + wait_s / 10)
    profile.run("refresh")
    assert server.count == 3
    assert profile.usage()["windows"]["five_hour"]["utilization_pct"] == 61


def test_e09_a_success_ends_the_trouble(profile: Profile, server: UsageServer) -> None:
    """E09: the word goes, the numbers are new, and a later failure waits from the start."""
    refreshed(profile, server)
    server.script = [usage_answer(), Answer(500), Answer(500), usage_answer(70, 23), Answer(500)]
    for _ in range(2):
        profile.run("refresh")
        profile.let_pass(700)
    profile.run("refresh")
    assert re.fullmatch(r"5h 70% [0-9hm]+( →full [0-9hm]+)? · 7d 23%", profile.shown())
    assert profile.state()["failures"] == 0
    profile.let_pass(700)
    profile.run("refresh")
    assert profile.state()["wait_s"] < 67
    assert server.count == 5


def test_e10_a_lost_state_keeps_the_floor_and_the_numbers(
    profile: Profile, server: UsageServer
) -> None:
    """E10: state.json deleted again and again costs no request within 60 s, and no number."""
    profile.write_claude_json(ACCOUNT)
    profile.run("refresh")
    for contents in (None, b"", b"[]", b'{"attempts": [{"wall_s": 1e999}], "salt": "\\ud800"}'):
        path = profile.directory / "state.json"
        path.unlink()
        if contents is not None:
            path.write_bytes(contents)
            path.chmod(0o600)
        profile.run("refresh", "--force")
    assert server.count == 1
    server.script = [Answer(429)]
    profile.let_pass(61)
    (profile.directory / "state.json").unlink()
    profile.run("refresh", "--force")
    assert server.count == 2
    assert profile.usage()["windows"]["five_hour"]["utilization_pct"] == 61


@pytest.mark.parametrize(
    "contents", [None, b"", b'{"schema": 1, "windo'], ids=["A01", "A02", "A03"]
)
def test_a_lost_cache_is_filled_again_after_the_floor(
    contents: bytes | None, profile: Profile, server: UsageServer
) -> None:
    """A01-A03: what is unknown is not called well, and does not wait for the interval."""
    profile.run("refresh")
    path = profile.directory / "usage.json"
    path.unlink()
    if contents is not None:
        path.write_bytes(contents)
        path.chmod(0o600)
    profile.run("refresh")
    assert server.count == 1
    assert profile.usage()["state"] == "starting"
    profile.let_pass(61)
    profile.run("refresh")
    assert server.count == 2
    assert profile.usage()["windows"]


def test_e12_force_in_a_loop_makes_one_request_and_says_when_the_next_may_be(
    profile: Profile, server: UsageServer
) -> None:
    """E12: --force passes over our patience, not over the 60 s."""
    said = [profile.run("refresh", "--force").stdout for _ in range(5)]
    assert server.count == 1
    assert all(re.search(r"The next one is allowed in (?:1m|\d\ds)\.", text) for text in said)
    assert all("No request was made: at most one request in 60 seconds" in x for x in said[1:])
    profile.let_pass(61)
    profile.run("refresh")
    assert server.count == 1
    profile.run("refresh", "--force")
    assert server.count == 2


def test_api_false_asks_nothing(profile: Profile, server: UsageServer) -> None:
    """The switch of config.toml; the exit code is well, since it was wished."""
    profile.configure("api = false\n")
    assert profile.run("refresh", "--force").returncode == 0
    assert profile.usage()["state"] == "api_off"
    assert server.count == 0


@pytest.mark.parametrize("text", ["\ufeffapi = false", '"api" = false\n]', "[bar]\napi = false"])
def test_api_false_is_never_overlooked(text: str, profile: Profile, server: UsageServer) -> None:
    """It would have caught requests of an account whose owner had turned them off."""
    profile.configure(text)
    profile.run("refresh", "--force")
    profile.run("refresh")
    assert profile.usage()["state"] in ("api_off", "bad_config")
    assert server.count == 0


def test_what_cannot_be_read_is_said_in_one_phrase(profile: Profile, server: UsageServer) -> None:
    """It would have caught "could not be read: cannot be read: ", and a request on a guess."""
    (profile.home / ".config" / "statusline" / "config.toml").mkdir(parents=True)
    done = profile.run("refresh", "--force")
    assert "config.toml could not be read: Is a directory." in done.stdout + done.stderr
    assert server.count == 0


@pytest.mark.parametrize(
    "url", ["https://example.com", "http://10.0.0.1", "http://127.0.0.1:1/x", "http://u@127.0.0.1"]
)
def test_s20_another_host_is_refused_with_a_clear_error(
    url: str, profile: Profile, server: UsageServer
) -> None:
    """S20: the token goes to the API or to this machine, and the error names the variable.

    Only here: every terminal said `bad API URL` for 5 minutes, with the variable unset again.
    """
    profile.environment["STATUSLINE_API_URL"] = url
    done = profile.run("refresh", "--force")
    assert done.returncode == 1
    assert "STATUSLINE_API_URL" in done.stderr
    assert profile.usage()["state"] == "starting"
    assert profile.shown() == "usage: …"
    assert profile.usage()["attempted_at"] is None
    assert server.count == 0


@pytest.mark.parametrize("name", ["usage.json", "state.json"])
def test_a13_a_newer_cache_is_left_as_it_is(
    name: str, profile: Profile, server: UsageServer
) -> None:
    """A13: not overwritten, and nobody is asked."""
    refreshed(profile, server)
    path = profile.directory / name
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 999, "beyond": [1]}))
    before = path.read_bytes()
    done = profile.run("refresh", "--force")
    assert done.returncode == 1
    assert "newer" in done.stderr
    assert path.read_bytes() == before
    assert server.count == 1


def test_claude_codes_own_cache_needs_no_request(profile: Profile, server: UsageServer) -> None:
    """The usage that .claude.json has cached feeds the segment (docs/claude-code.md 6)."""
    profile.configure("api = false\n")
    cached = {
        "accountUuid": ACCOUNT,
        "fetchedAtMs": int((time.time() - 30) * 1000),
        "utilization": usage_body(33, 44),
    }
    profile.write_claude_json(ACCOUNT, cachedUsageUtilization=cached)
    profile.run("refresh")
    assert re.fullmatch(r"5h 33% 2h[01]\dm · 7d 44%", profile.shown())
    assert profile.usage()["windows"]["five_hour"]["source"] == "claude_json"
    assert server.count == 0


def test_the_user_agent_is_the_users_to_choose(profile: Profile, server: UsageServer) -> None:
    """What the endpoint is told can be configured (docs/claude-code.md 8.1)."""
    profile.configure('user_agent = "my-prompt/1.0"\n')
    assert profile.run("refresh").returncode == 0
    assert server.requests[0].headers["user-agent"] == "my-prompt/1.0"
