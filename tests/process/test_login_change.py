"""Another login: its predecessor's numbers are not shown as its own, from the first prompt on."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from statusline.environ import Environment
from statusline.hot import login
from tests.support.line import NUMBERS, fill, known, render
from tests.support.patience import HANG_S
from tests.support.profile import OTHER_TOKEN, Profile
from tests.support.server import Answer, UsageServer, usage_answer

ACCOUNT, OTHER_ACCOUNT = "11111111-2222-4333", "99999999-2222-4333"
NUMBER = re.compile(r"61%|22%")


@pytest.fixture
def signed_in(profile: Profile, server: UsageServer) -> Profile:
    """A profile of ACCOUNT whose numbers are fresh, and which knows its login files."""
    profile.write_claude_json(ACCOUNT)
    assert profile.run("refresh").returncode == 0
    assert server.count == 1
    assert NUMBER.search(profile.shown())
    return profile


def replace(path: Path, document: object) -> None:
    """Write a file as Claude Code does: beside it, then in its place."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps(document))
    temporary.chmod(0o600)
    temporary.rename(path)


def test_another_account_is_noticed_by_the_first_render(
    signed_in: Profile, server: UsageServer
) -> None:
    """The old account's number was shown as the new one's for up to 5 minutes."""
    server.script = [usage_answer(), usage_answer(5, 6)]
    signed_in.sign_in(OTHER_TOKEN)
    signed_in.write_claude_json(OTHER_ACCOUNT)
    first = signed_in.shown()
    assert not NUMBER.search(first)
    assert "new login" in first
    assert signed_in.wait_until_quiet()
    assert not NUMBER.search(signed_in.shown())
    signed_in.let_pass(61)
    signed_in.run("refresh")
    assert "5h 5%" in signed_in.shown()
    assert server.requests[-1].headers["authorization"] == f"Bearer {OTHER_TOKEN}"


def test_another_organization_of_the_same_person_is_another_account(
    signed_in: Profile, server: UsageServer
) -> None:
    """Its limits are its own."""
    server.script = [Answer(500)]
    document = {"oauthAccount": {"accountUuid": ACCOUNT, "organizationUuid": OTHER_ACCOUNT}}
    replace(signed_in.home / ".claude.json", document)
    assert not NUMBER.search(signed_in.shown())
    signed_in.wait_until_quiet()
    assert signed_in.usage()["windows"] == {}


def test_a_claude_json_that_is_rewritten_changes_nothing(
    signed_in: Profile, server: UsageServer
) -> None:
    """Claude Code does that all the time: the number stays, a refresher notes the new file."""
    before = signed_in.usage()
    document = {"oauthAccount": {"accountUuid": ACCOUNT}, "tipsHistory": {"a": 1}}
    replace(signed_in.home / ".claude.json", document)
    assert NUMBER.search(signed_in.shown())
    assert "login" not in signed_in.shown()
    assert signed_in.wait_until_quiet()
    after = signed_in.usage()
    assert after["windows"] == before["windows"]
    assert after["login"] != before["login"]
    assert server.count == 1


def test_a_rotated_token_of_the_same_account_keeps_the_numbers(
    signed_in: Profile, server: UsageServer
) -> None:
    """Every eight hours; while the floor forbids to ask, the numbers are still this account's."""
    signed_in.sign_in(OTHER_TOKEN)
    line = signed_in.shown()
    assert NUMBER.search(line)
    assert "login" not in line
    assert signed_in.wait_until_quiet()
    assert NUMBER.search(signed_in.shown())
    assert server.count == 1


def test_a_half_written_claude_json_is_no_other_account(
    signed_in: Profile, server: UsageServer
) -> None:
    """Read in the middle of a write, it names nobody; the numbers stay."""
    path = signed_in.home / ".claude.json"
    path.write_text(path.read_text()[:20])
    assert NUMBER.search(signed_in.shown())
    assert signed_in.wait_until_quiet()
    assert NUMBER.search(signed_in.shown())
    assert server.count == 1


def test_other_credentials_of_an_unknown_account_are_told_and_then_followed(
    profile: Profile, server: UsageServer
) -> None:
    """Without .claude.json the token stands for the account."""
    profile.run("refresh")
    server.script = [Answer(500)]
    profile.sign_in(OTHER_TOKEN)
    assert "new login" in profile.shown()
    assert profile.wait_until_quiet()
    assert profile.usage()["windows"] == {}


def test_usage_json_is_as_old_as_the_login_that_was_read(
    signed_in: Profile, server: UsageServer
) -> None:
    """Hooks compare the two: a login that is replaced during a request is newer than its answer."""
    signed_in.let_pass(400)
    server.script = [Answer(body=usage_answer().body, headers_delay_s=0.5)]
    running = signed_in.start("refresh")
    assert server.wait_for(2)
    signed_in.sign_in(OTHER_TOKEN)
    assert running.wait(timeout=HANG_S) == 0
    credentials = signed_in.home / ".claude" / ".credentials.json"
    usage = signed_in.directory / "usage.json"
    assert credentials.stat().st_mtime_ns > usage.stat().st_mtime_ns
    assert signed_in.usage()["login"] != login.identity(Environment(signed_in.environment))


def test_a_cache_that_notes_no_login_is_believed(profile: Profile) -> None:
    """As the version before left it."""
    fill(profile.directory, known())
    assert render(profile.environment, "plain") == NUMBERS


def test_guard_does_not_answer_with_another_accounts_number(signed_in: Profile) -> None:
    """What a prompt does not show, no script may act on."""
    assert signed_in.run("guard", "--max", "90").returncode == 0
    signed_in.write_claude_json(OTHER_ACCOUNT)
    assert signed_in.run("guard", "--max", "90").returncode == 3


def tell(profile: Profile, document: dict[str, object]) -> None:
    """Let Claude Code hand this to its status line, and the refresher take it in."""
    for gate in profile.directory.glob("spawn.*"):
        gate.unlink()
    render(profile.environment, "claude", input=json.dumps(document).encode())
    assert profile.wait_until_quiet()


def test_sessions_that_work_without_limits_explain_the_missing_login(profile: Profile) -> None:
    """API key, Bedrock, Vertex: `sign in` stood there for ever.

    A resumed session brings its old counter; only one that grows is at work.
    """
    (profile.home / ".claude" / ".credentials.json").unlink()
    profile.run("refresh")
    assert profile.usage()["state"] == "missing"
    said: dict[str, object] = {
        "session_id": "billed-elsewhere",
        "model": {"display_name": "Opus 5.5"},
        "cost": {"total_api_duration_ms": 1500},
    }
    tell(profile, said)
    assert profile.usage()["state"] == "missing"
    tell(profile, {**said, "cost": {"total_api_duration_ms": 2500}})
    assert profile.usage()["state"] == "api_billing"
    assert profile.run("refresh").returncode == 0
    limits = {"five_hour": {"used_percentage": 7, "resets_at": int(time.time()) + 3600}}
    tell(profile, {**said, "session_id": "subscribed", "rate_limits": limits})
    assert profile.usage()["state"] == "missing"


def test_another_login_of_nobody_known_takes_the_numbers_along(
    signed_in: Profile, server: UsageServer
) -> None:
    """Signed out and in again, with nothing that names the account: they stood for a whole 429."""
    server.script = [usage_answer(), Answer(429)]
    replace(signed_in.home / ".claude.json", {"numStartups": 5})
    signed_in.sign_in(OTHER_TOKEN)
    assert "new login" in signed_in.shown()
    assert signed_in.wait_until_quiet()
    assert not NUMBER.search(signed_in.shown())


def test_an_organization_switch_with_the_same_token_is_asked_for_at_the_floor(
    signed_in: Profile, server: UsageServer
) -> None:
    """It waited out the old answer's interval, as an account without any limits."""
    server.script = [usage_answer(), usage_answer(7, 8)]
    document = {"oauthAccount": {"accountUuid": ACCOUNT, "organizationUuid": OTHER_ACCOUNT}}
    replace(signed_in.home / ".claude.json", document)
    signed_in.run("refresh")
    assert "no usage windows" not in signed_in.run("guard", "--max", "90").stdout
    signed_in.let_pass(61)
    signed_in.run("refresh")
    assert "5h 7%" in signed_in.shown()


def test_the_default_directory_named_or_not_is_one_profile(signed_in: Profile) -> None:
    """In turns they found each other's login changed: a refresher every 5 s, and no numbers."""
    replace(signed_in.home / ".claude" / ".claude.json", {"oauthAccount": {"accountUuid": ACCOUNT}})
    signed_in.run("refresh")
    directory = str(signed_in.home / ".claude")
    named = Environment({**signed_in.environment, "CLAUDE_CONFIG_DIR": directory})
    assert named.profile_dir == str(signed_in.directory)
    assert login.identity(named) == signed_in.usage()["login"]


def test_a_group_writable_claude_json_names_the_account_too(signed_in: Profile) -> None:
    """With a umask of 002 the first renders could not see the switch."""
    path = signed_in.home / ".claude.json"
    replace(path, {"oauthAccount": {"accountUuid": OTHER_ACCOUNT}})
    path.chmod(0o664)
    assert not NUMBER.search(signed_in.shown())
