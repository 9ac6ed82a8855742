"""The installed ``credentials``: what it tells of a login, and the one question of ``--online``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.canary import email
from tests.support.profile import OTHER_TOKEN, TOKEN, Profile
from tests.support.server import Answer, UsageServer, usage_answer

OWNER = "Ada Testperson"
EMAIL = email("ada")
BODY = {
    "account": {"uuid": "00000000-test", "full_name": OWNER, "email": EMAIL},
    "organization": {
        "name": f"{EMAIL}'s Organization",
        "organization_type": "claude_max",
        "rate_limit_tier": "default_claude_max_20x",
    },
}
PLAN = Answer(body=json.dumps(BODY).encode())
PATHS = {"usage": "/api/oauth/usage", "profile": "/api/oauth/profile"}


def told(profile: Profile, *words: str, code: int = 0) -> dict[str, Any]:
    """The document of ``statusline credentials --json WORDS``."""
    done = profile.run("credentials", "--json", *words)
    assert done.returncode == code, done.stderr
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


def asked(server: UsageServer) -> list[str]:
    """The paths that were asked for, in order."""
    return [request.path for request in server.requests]


def test_a_good_login_is_told_whole(profile: Profile, server: UsageServer) -> None:
    """File, subscription, tier, plan, scopes and time left; no token and no request."""
    done = profile.run("credentials")
    assert (done.returncode, done.stderr) == (0, "")
    for text in (
        *("~/.claude/.credentials.json", "max", "default_claude_max_5x", "Max 5x"),
        "user:inference user:profile",
    ):
        assert text in done.stdout
    assert re.search(r"in (?:2h00m|1h5\dm)", done.stdout)
    assert "sk-ant" not in done.stdout
    assert server.count == 0


CASES = [
    ("missing", None, "Run `claude` and sign in."),
    ("no_login", {"accessToken": ""}, "Run `claude` and sign in"),
    ("bad_token", {"accessToken": "with a space"}, "Run `claude` and sign in again"),
    ("found", {"scopes": ["user:inference"]}, "Run `claude` and sign in"),
    ("found", {"expiresAt": 1_600_000_000_000}, "Run `claude`; it renews the login."),
]


@pytest.mark.parametrize(("state", "fields", "fix"), CASES)
def test_a_login_that_cannot_ask_says_what_to_do(
    profile: Profile, state: str, fields: dict[str, Any] | None, fix: str
) -> None:
    """Exit 1, the state, and the fix; the same in text."""
    if fields is None:
        (profile.home / ".claude" / ".credentials.json").unlink()
    else:
        profile.sign_in(**fields)
    document = told(profile, code=1)
    assert document["state"] == state
    assert fix in document["fix"]
    done = profile.run("credentials")
    assert (done.returncode, done.stderr) == (1, "")
    assert fix in done.stdout


def test_another_file_can_be_looked_at(profile: Profile, tmp_path: Path) -> None:
    """--credentials PATH; that file's token is never sent anywhere."""
    other = tmp_path / "elsewhere" / ".credentials.json"
    other.parent.mkdir()
    login = {"accessToken": OTHER_TOKEN, "subscriptionType": "pro", "scopes": ["user:profile"]}
    other.write_text(json.dumps({"claudeAiOauth": login}))
    other.chmod(0o644)
    document = told(profile, "--credentials", str(other))
    assert (document["plan"], document["subscription_type"]) == ("Pro", "pro")
    done = profile.run("credentials", "--credentials", str(other))
    assert "chmod 600" in done.stdout
    assert profile.run("credentials", "--credentials", str(other), "--online").returncode == 2


def test_online_asks_once_a_day_and_keeps_two_words(profile: Profile, server: UsageServer) -> None:
    """The plan as the server sees it; the name and the e-mail address stay where they are."""
    server.script = [PLAN]
    document = told(profile, "--online")
    assert (document["plan"], document["server"]["plan"]) == ("Max 20x", "Max 20x")
    assert told(profile, "--online")["plan"] == "Max 20x"
    assert told(profile)["plan"] == "Max 20x"
    assert asked(server) == [PATHS["profile"]]
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    path = profile.directory / "plan.json"
    assert path.stat().st_mode & 0o777 == 0o600
    kept = json.loads(path.read_text())
    assert set(kept) == {"organization_type", "rate_limit_tier", "asked_at", "mark"}
    for each in profile.directory.iterdir():
        text = each.read_text()
        assert not any(word in text for word in (OWNER, EMAIL, TOKEN, "Organization"))


def test_after_a_day_it_is_asked_anew(profile: Profile, server: UsageServer) -> None:
    """What is older is not shown."""
    server.script = [PLAN]
    told(profile, "--online")
    path = profile.directory / "plan.json"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps({**kept, "asked_at": kept["asked_at"] - 86401}))
    profile.let_pass(86401)
    assert told(profile)["server"] is None
    assert told(profile, "--online")["server"] is not None
    assert len(asked(server)) == 2


@pytest.mark.parametrize("change", ["another token", "another account", "same account"])
def test_f14_another_account_does_not_get_this_plan(
    profile: Profile, server: UsageServer, change: str
) -> None:
    """F14: the plan belongs to an account; a renewed token of the same account keeps it."""
    server.script = [PLAN]
    if change != "another token":
        profile.write_claude_json("0b6f-test-account")
    told(profile, "--online")
    profile.sign_in(OTHER_TOKEN)
    if change == "another account":
        profile.write_claude_json("77aa-test-account")
    server_says = told(profile)["server"]
    assert (server_says is not None) == (change == "same account")


def test_the_floor_is_shared_with_usage(profile: Profile, server: UsageServer) -> None:
    """P5: one attempt in 60 s, whatever it is for, in both orders."""
    assert profile.run("refresh").returncode == 0
    done = profile.run("credentials", "--online")
    assert done.returncode == 1
    assert "at most one request in 60 seconds" in done.stderr
    assert asked(server) == [PATHS["usage"]]
    profile.let_pass(61)
    server.script = [usage_answer(), PLAN, usage_answer()]
    told(profile, "--online")
    assert "No request was made" in profile.run("refresh", "--force").stdout
    assert asked(server) == [PATHS["usage"], PATHS["profile"]]


def test_a_429_silences_usage_too(profile: Profile, server: UsageServer) -> None:
    """Retry-After binds every question; the segment says so."""
    server.script = [Answer(429, headers=[("Retry-After", "900")])]
    done = profile.run("credentials", "--online")
    assert done.returncode == 1
    assert "429" in done.stderr
    assert profile.usage()["state"] == "rate_limited"
    profile.let_pass(800)
    profile.run("refresh", "--force")
    assert server.count == 1


@pytest.mark.parametrize("status", [404, 500])
def test_a_failure_leaves_usage_alone(profile: Profile, server: UsageServer, status: int) -> None:
    """No plan, a sentence, and the numbers go on as they would have."""
    profile.run("refresh")
    profile.let_pass(61)
    server.script = [usage_answer(), Answer(status), usage_answer(62)]
    assert profile.run("credentials", "--online").returncode == 1
    assert profile.usage()["state"] == "ok"
    assert profile.state()["failures"] == 0
    profile.let_pass(700)
    profile.run("refresh")
    assert profile.shown().startswith("5h 62%")


@pytest.mark.parametrize("reason", ["api = false", "no scope", "signed out"])
def test_online_asks_nothing_where_nothing_may_be_asked(
    profile: Profile, server: UsageServer, reason: str
) -> None:
    """Off is off, and a login that cannot ask is not tried."""
    if reason == "api = false":
        profile.configure("api = false\n")
    elif reason == "no scope":
        profile.sign_in(scopes=["user:inference"])
    else:
        profile.sign_in(accessToken="")
    assert profile.run("credentials", "--online").returncode == 1
    assert server.count == 0


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"organization": []}',
        b'{"organization": {"organization_type": "\\u001b[2J", "rate_limit_tier": 7}}',
        f'{{"organization": {{"organization_type": "{EMAIL}"}}}}'.encode(),
    ],
)
def test_a_strange_answer_keeps_nothing_strange(
    profile: Profile, server: UsageServer, body: bytes
) -> None:
    """The server's words are identifiers or nothing."""
    server.script = [Answer(body=body)]
    done = profile.run("credentials", "--online")
    assert "\x1b" not in done.stdout + done.stderr
    assert "Max 5x" in done.stdout
    kept = profile.directory / "plan.json"
    if kept.exists():
        assert json.loads(kept.read_text())["organization_type"] == ""
