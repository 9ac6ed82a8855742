"""Wherever the token lies and whatever its file holds, `find` tells by one of its states."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statusline.login.credentials import Credentials, find
from statusline.login.secret import Secret
from statusline.system.environ import Environment
from tests.support.canary import refresh_token, token
from tests.support.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = token("file")
ENV_TOKEN = token("environment")
LOGIN: dict[str, object] = {
    "accessToken": TOKEN,
    "refreshToken": refresh_token("refresh"),
    "expiresAt": 1_789_788_735_000,
    "scopes": ["user:inference", "user:profile"],
    "subscriptionType": "max",
    "rateLimitTier": "default_claude_max_5x",
}


@pytest.fixture
def claude_dir(tmp_path: Path) -> Path:
    """An empty Claude configuration directory below a home of its own."""
    directory = tmp_path / ".claude"
    directory.mkdir(mode=0o700)
    return directory


def env_of(claude_dir: Path, **variables: str) -> Environment:
    """The environment of a user whose Claude directory this is."""
    return Environment({"HOME": str(claude_dir.parent), **variables})


def found(claude_dir: Path) -> Credentials:
    """What `find` says on Linux, checked for never showing a token."""
    credentials = find(env_of(claude_dir), platform="linux")
    assert "canary" not in repr(credentials)
    assert "canary" not in str(credentials)
    return credentials


def store(claude_dir: Path, content: object, mode: int = 0o600) -> Path:
    """Write the credentials file: bytes as they are, anything else as JSON."""
    path = claude_dir / ".credentials.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    path.chmod(mode)
    return path


def test_a_login_is_read_with_all_that_is_known_of_it(claude_dir: Path) -> None:
    """Token, scopes, plan and the end of the token, turned from milliseconds into seconds."""
    store(claude_dir, {"claudeAiOauth": LOGIN, "mcpOAuth": {}})
    assert found(claude_dir) == Credentials(
        token=Secret(TOKEN),
        source="file",
        state="found",
        expires_at=1_789_788_735.0,
        scopes=("user:inference", "user:profile"),
        subscription_type="max",
        rate_limit_tier="default_claude_max_5x",
        note="",
    )


def test_claude_config_dir_leads_to_the_file(claude_dir: Path) -> None:
    """CLAUDE_CONFIG_DIR replaces ~/.claude."""
    store(claude_dir, {"claudeAiOauth": LOGIN})
    env = Environment({"HOME": "/nonexistent", "CLAUDE_CONFIG_DIR": str(claude_dir)})
    assert find(env, platform="linux").token == Secret(TOKEN)


def test_the_environment_token_hides_every_store(claude_dir: Path) -> None:
    """CLAUDE_CODE_OAUTH_TOKEN wins, and its scopes are unknown rather than the file's."""
    store(claude_dir, {"claudeAiOauth": LOGIN})
    credentials = find(env_of(claude_dir, CLAUDE_CODE_OAUTH_TOKEN=ENV_TOKEN), platform="darwin")
    assert credentials == Credentials(Secret(ENV_TOKEN), "environment", "found")
    assert credentials.has_profile_scope is None
    assert "canary" not in repr(credentials)


def test_a_broken_environment_token_does_not_fall_back_to_another_account(claude_dir: Path) -> None:
    """A token that cannot be sent is reported; the file may belong to somebody else."""
    store(claude_dir, {"claudeAiOauth": LOGIN})
    credentials = find(env_of(claude_dir, CLAUDE_CODE_OAUTH_TOKEN=f"{ENV_TOKEN}\n"))
    assert credentials == Credentials(source="environment", state="bad_token")


def test_without_home_nothing_is_found() -> None:
    """No HOME, an empty one or a relative one is a missing login, not a file below the root."""
    for variables in ({}, {"HOME": ""}, {"HOME": "relative"}, {"HOME": "/a\0b"}):
        assert find(Environment(variables), platform="linux") == Credentials()


def login(**changes: object) -> dict[str, object]:
    """A credentials document with some fields of its login replaced."""
    return {"claudeAiOauth": {**LOGIN, **changes}}


BROKEN_CONTENT: dict[str, tuple[object, str]] = {
    "empty": (b"", "partial"),
    "white space": (b" \n", "partial"),
    "cut off": (json.dumps({"claudeAiOauth": LOGIN}).encode()[:-2], "partial"),
    "NUL bytes after a power cut": (b"\0" * 512, "partial"),
    "not UTF-8": (b'{"claudeAiOauth": "\xff"}', "partial"),
    "100 000 brackets": (b"[" * 100_000, "partial"),
    "a number of 5000 digits": (b'{"claudeAiOauth": ' + b"9" * 5000 + b"}", "partial"),
    "a list": ([], "partial"),
    "null": (None, "partial"),
    "empty object": ({}, "no_login"),
    "only mcpOAuth": ({"mcpOAuth": {"server": {"accessToken": "t"}}}, "no_login"),
    "only organizationUuid": ({"organizationUuid": "u"}, "no_login"),
    "login is null": ({"claudeAiOauth": None}, "no_login"),
    "login is a string": ({"claudeAiOauth": TOKEN}, "no_login"),
    "login is a list": ({"claudeAiOauth": [TOKEN]}, "no_login"),
    "no token": ({"claudeAiOauth": {"scopes": []}}, "no_login"),
    "token is null": (login(accessToken=None), "no_login"),
    "token is empty": (login(accessToken=""), "no_login"),
    "token is a number": (login(accessToken=7), "bad_token"),
    "token is true": (login(accessToken=True), "bad_token"),
    "token is an object": (login(accessToken={"value": TOKEN}), "bad_token"),
    "token with a newline": (login(accessToken=f"{TOKEN}\n"), "bad_token"),
    "token with an escape": (login(accessToken=f"{TOKEN}\x1b[31m"), "bad_token"),
    "token with a lone surrogate": (login(accessToken=f"{TOKEN}\ud800"), "bad_token"),
    "token of 4097 characters": (login(accessToken="x" * 4097), "bad_token"),
}


@pytest.mark.parametrize(("content", "state"), BROKEN_CONTENT.values(), ids=BROKEN_CONTENT)
def test_broken_content_has_a_state_of_its_own(
    claude_dir: Path, content: object, state: str
) -> None:
    """What the file holds instead of a login is told by its state; there is no token then."""
    store(claude_dir, content)
    credentials = found(claude_dir)
    assert (credentials.state, credentials.token, credentials.source) == (state, None, "file")


def test_s16_a_refused_file_gives_its_state(claude_dir: Path) -> None:
    """What `ownfile` says of a FIFO, and of all the rest, is passed on."""
    os.mkfifo(claude_dir / ".credentials.json")
    assert found(claude_dir) == Credentials(source="file", state="not_a_file")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o602])
def test_s16_a_file_open_to_others_is_used_and_noted(claude_dir: Path, mode: int) -> None:
    """The login works for Claude Code, so it works here, but `doctor` can warn."""
    store(claude_dir, {"claudeAiOauth": LOGIN}, mode)
    credentials = found(claude_dir)
    assert (credentials.state, credentials.note) == ("found", "file_mode")


@pytest.mark.parametrize(
    ("scopes", "expected", "has_profile", "note"),
    [
        pytest.param(["user:profile"], ("user:profile",), True, "", id="profile"),
        pytest.param(["user:inference"], ("user:inference",), False, "", id="no profile"),
        pytest.param([], (), False, "", id="empty list"),
        pytest.param(None, None, None, "", id="null"),
        pytest.param("user:profile", None, None, "scopes_unreadable", id="string"),
        pytest.param({"0": "user:profile"}, None, None, "scopes_unreadable", id="object"),
        pytest.param(["user:profile", 7], None, None, "scopes_unreadable", id="mixed list"),
        pytest.param(["user:\x1b[2J"], None, None, "scopes_unreadable", id="escape"),
    ],
)
def test_scopes_that_cannot_be_read_are_unknown_and_the_token_still_works(
    claude_dir: Path,
    scopes: object,
    expected: tuple[str, ...] | None,
    has_profile: bool | None,
    note: str,
) -> None:
    """Only a readable list without user:profile says that the scope is missing."""
    store(claude_dir, login(scopes=scopes))
    credentials = found(claude_dir)
    assert credentials.token == Secret(TOKEN)
    assert (credentials.scopes, credentials.has_profile_scope) == (expected, has_profile)
    assert credentials.note == note


def test_two_notes_stand_side_by_side(claude_dir: Path) -> None:
    """Neither the open file nor the corrupted scopes hide the other."""
    store(claude_dir, login(scopes="all"), mode=0o644)
    assert found(claude_dir).note.split() == ["file_mode", "scopes_unreadable"]


@pytest.mark.parametrize(
    "value", [None, True, "1789788735000", "2026-11-20T10:00:00Z", 0, -1, [], {}, 10**400, 1e300]
)
def test_an_end_that_is_no_time_is_unknown_and_never_expired(
    claude_dir: Path, value: object
) -> None:
    """Whatever stands in expiresAt, the token is tried."""
    store(claude_dir, login(expiresAt=value))
    credentials = found(claude_dir)
    assert (credentials.state, credentials.expires_at) == ("found", None)
    assert not credentials.expired(1e12)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_an_end_that_is_not_finite_is_unknown(claude_dir: Path, text: str) -> None:
    """Python's JSON reader lets these pass; expiresAt does not."""
    store(claude_dir, json.dumps(login(expiresAt="?")).replace('"?"', text).encode())
    assert found(claude_dir)[2:4] == ("found", None)


@pytest.mark.parametrize(("left_s", "expired"), [(301, False), (300, True), (-1, True)])
def test_a_token_expires_five_minutes_before_its_end(left_s: int, expired: bool) -> None:
    """The margin is 300 seconds."""
    end = 1_789_788_735.0
    assert Credentials(expires_at=end).expired(end - left_s) is expired


@pytest.mark.parametrize("value", [7, True, [], "a b", "\x1b]0;x\x07", "x" * 65, "#(touch x)"])
def test_a_plan_that_is_no_plain_name_is_unknown(claude_dir: Path, value: object) -> None:
    """Text that a terminal or tmux could interpret never leaves the file."""
    store(claude_dir, login(subscriptionType=value, rateLimitTier=value))
    assert found(claude_dir)[5:7] == (None, None)


def test_a_byte_order_mark_is_skipped(claude_dir: Path) -> None:
    """Some editors put one before the JSON."""
    store(claude_dir, b"\xef\xbb\xbf" + json.dumps({"claudeAiOauth": LOGIN}).encode())
    assert found(claude_dir).state == "found"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(fields=st.dictionaries(st.sampled_from(sorted(LOGIN)), JSON))
def test_no_login_makes_find_raise(claude_dir: Path, fields: dict[str, object]) -> None:
    """Any JSON in any field gives a state, and a token only if it can be sent."""
    store(claude_dir, login(**fields))
    credentials = found(claude_dir)
    assert (credentials.token is not None) == (credentials.state == "found")
    assert credentials.token is None or credentials.token.is_sendable()
