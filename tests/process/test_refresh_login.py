"""A refresh with a refused, expired, changed or missing login."""

from __future__ import annotations

import re

import pytest

from tests.support.profile import OTHER_TOKEN, Profile
from tests.support.refreshed import ACCOUNT, OTHER_ACCOUNT, refreshed
from tests.support.server import Answer, UsageServer, usage_answer


def test_e07_a_refused_login_rests_for_an_hour_and_may_be_forced(
    profile: Profile, server: UsageServer
) -> None:
    """E07: one transient 401 silenced a token for good, and the message contradicted itself."""
    refreshed(profile, server)
    server.script = [usage_answer(), Answer(401), usage_answer(62, 23)]
    assert profile.run("refresh").returncode == 1
    assert profile.usage()["state"] == "unauthorized"
    profile.let_pass(70)
    waiting = profile.run("refresh")
    assert "No request was made: this login was refused" in waiting.stderr
    assert re.search(
        r"The next one is allowed in (59m|1h0\dm), at .* \(--force: now\)", waiting.stderr
    )
    assert server.count == 2
    assert profile.run("refresh", "--force").returncode == 0
    assert server.count == 3
    assert profile.shown().startswith("5h 62%")


def test_e07_another_login_is_tried_at_once(profile: Profile, server: UsageServer) -> None:
    """E07: whatever the old one's back-off was."""
    refreshed(profile, server)
    server.script = [usage_answer(), Answer(401), usage_answer(5, 6)]
    profile.run("refresh")
    profile.let_pass(61)
    profile.sign_in(OTHER_TOKEN)
    assert profile.run("refresh").returncode == 0
    assert server.count == 3
    assert server.requests[-1].headers["authorization"] == f"Bearer {OTHER_TOKEN}"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(401), "expired"),
        (Answer(429), "rate_limited"),
        (Answer(500), "server_error"),
        (Answer(reset="request"), "unreachable"),
    ],
    ids=["401", "429", "500", "RST"],
)
def test_only_a_refusal_says_that_a_login_has_expired(
    answer: Answer, state: str, profile: Profile, server: UsageServer
) -> None:
    """Any failure while the clock was ahead for a moment kept the API off for hours."""
    server.script = [answer]
    profile.sign_in(lasts_s=-3600)
    profile.run("refresh")
    assert profile.usage()["state"] == state
    profile.let_pass(61)
    server.script = [usage_answer()]
    profile.sign_in(lasts_s=3600)  # the same token: it was the clock that had been wrong
    profile.run("refresh")
    assert (server.count, profile.usage()["state"]) == (2, "ok")


def test_an_expired_login_that_still_works_is_well(profile: Profile, server: UsageServer) -> None:
    """The server decides, not our clock."""
    profile.sign_in(lasts_s=-3600)
    assert profile.run("refresh").returncode == 0
    assert (profile.usage()["state"], server.count) == ("ok", 1)


def test_e11_a_new_login_need_not_wait_for_the_old_ones_back_off(
    profile: Profile, server: UsageServer
) -> None:
    """E11: limits are per token, the 60 s are not."""
    server.script = [Answer(429, headers=[("Retry-After", "3037")]), usage_answer()]
    profile.run("refresh")
    profile.sign_in(OTHER_TOKEN)
    profile.let_pass(40)
    profile.run("refresh", "--force")
    assert server.count == 1
    profile.let_pass(21)
    assert profile.run("refresh").returncode == 0
    assert server.count == 2


def test_without_the_scope_nothing_is_asked(profile: Profile, server: UsageServer) -> None:
    """The API wants user:profile; the login says that it lacks it (docs/claude-code.md 5.3)."""
    profile.sign_in(scopes=["user:inference"])
    assert "user:profile" in profile.run("refresh", "--force").stderr
    assert profile.shown() == "usage: no scope"
    assert server.count == 0


@pytest.mark.parametrize("account", [ACCOUNT, OTHER_ACCOUNT], ids=["same", "F14-other"])
def test_f14_another_account_does_not_see_the_old_ones_numbers(
    account: str, profile: Profile, server: UsageServer
) -> None:
    """F14: another accountUuid drops the numbers at once, the same one keeps them."""
    profile.write_claude_json(ACCOUNT)
    refreshed(profile, server)
    server.script = [Answer(500)]
    profile.write_claude_json(account)
    profile.run("refresh")
    assert bool(profile.usage()["windows"]) == (account == ACCOUNT)
