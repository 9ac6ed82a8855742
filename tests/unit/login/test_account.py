"""What `.claude.json` tells: the account, its plan, usage that Claude Code has cached."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from statusline.login import account
from statusline.login.account import Account, plan_label, read
from statusline.login.identity import account_mark
from statusline.system.environ import Environment
from tests.support.canary import email, token

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_795_172_456.0
ADA = email("ada")
BODY: dict[str, object] = {"five_hour": {"utilization": 61, "resets_at": "2026-11-20T15:00:00Z"}}
UUID = "11111111-2222-4333-8444-555555555555"
ORGANIZATION = "99999999-2222-4333-8444-555555555555"
NAME = f"{UUID}/{ORGANIZATION}"
LOGIN: dict[str, object] = {
    "accountUuid": UUID,
    "organizationUuid": ORGANIZATION,
    "emailAddress": ADA,
    "organizationName": f"{ADA}'s Organization",
    "organizationType": "claude_max",
    "organizationRateLimitTier": "default_claude_max_5x",
}
CACHED: dict[str, object] = {
    "fetchedAtMs": NOW * 1000 - 60_000,
    "accountUuid": UUID,
    "utilization": BODY,
}
WHOLE = Account(NAME, "Max 5x", BODY, NOW - 60)
NO_USAGE = Account(NAME, "Max 5x")
#: A file that is there and cannot be read as a whole: nobody knows, for this moment.
PARTIAL = Account(is_partial=True)


def document(**changes: object) -> dict[str, object]:
    """A `.claude.json` with some of its members replaced."""
    return {
        "numStartups": 7,
        "projects": {"/home/u/secret-project": {"history": [{"display": 'say "{[" \\'}]}},
        "oauthAccount": LOGIN,
        "cachedUsageUtilization": CACHED,
        "userID": "0" * 64,
        **changes,
    }


def read_from(home: Path, content: object, name: str = ".claude.json") -> Account:
    """Write the file, read it as the user whose home this is, and look for what must not leave."""
    path = home / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    known = read(Environment({"HOME": str(home)}), now=NOW)
    assert ADA not in repr(known)
    assert "secret-project" not in repr(known)
    return known


def test_account_plan_and_cached_usage_are_read(tmp_path: Path) -> None:
    """All four fields, and neither e-mail address, name nor project path."""
    assert read_from(tmp_path, document()) == WHOLE


def test_f14_another_account_has_another_uuid(tmp_path: Path) -> None:
    """After a switch the cached usage of the old account is not handed out."""
    switched = document(oauthAccount={**LOGIN, "accountUuid": "another"})
    assert read_from(tmp_path, switched) == Account(f"another/{ORGANIZATION}", "Max 5x")


def test_claude_config_dir_moves_the_file_inside(tmp_path: Path) -> None:
    """With CLAUDE_CONFIG_DIR the file lies in that directory, and the home's is not read."""
    work = tmp_path / "work"
    work.mkdir()
    (work / ".claude.json").write_text(json.dumps(document()))
    (tmp_path / ".claude.json").write_text(json.dumps(document(oauthAccount=None)))
    env = Environment({"HOME": str(tmp_path), "CLAUDE_CONFIG_DIR": str(work)})
    assert read(env, now=NOW) == WHOLE


def test_the_legacy_file_wins_if_it_exists(tmp_path: Path) -> None:
    """`.config.json` in the Claude directory goes first, even where it is broken."""
    (tmp_path / ".claude.json").write_text(json.dumps(document(oauthAccount=None)))
    assert read_from(tmp_path, document(), ".claude/.config.json") == WHOLE
    assert read_from(tmp_path, b"{", ".claude/.config.json") == PARTIAL


def test_a_token_from_the_environment_hides_the_stored_account(tmp_path: Path) -> None:
    """Its account may be another one, so nothing is known of it."""
    (tmp_path / ".claude.json").write_text(json.dumps(document()))
    env = Environment({"HOME": str(tmp_path), "CLAUDE_CODE_OAUTH_TOKEN": token("env")})
    assert read(env, now=NOW) == Account()


@pytest.mark.parametrize("variables", [{}, {"HOME": "relative"}, {"HOME": "/nonexistent"}])
def test_without_a_file_nothing_is_known(variables: dict[str, str]) -> None:
    """No home, or one without the file, is an unknown account."""
    assert read(Environment(variables), now=NOW) == Account()


BROKEN: dict[str, bytes] = {
    "empty": b"",
    "cut off": json.dumps(document()).encode()[:-1],
    "cut off in a string": b'{"oauthAccount": {"accountUuid": "u}}',
    "cut off after a bracket in a string": b'{"oauthAccount": {"accountUuid": "u"}, "text": "}',
    "NUL bytes": b"\0" * 100,
    "no JSON": b"<html>",
    "a list": b"[]",
    "a string": b'"oauthAccount"',
    "100 000 brackets": b"[" * 100_000,
    "deep login": b'{"oauthAccount":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "closed twice": b"{}}",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_an_unknown_account(tmp_path: Path, content: bytes) -> None:
    """Nothing raises, nothing is half known."""
    assert read_from(tmp_path, content)._replace(is_partial=False) == Account()


def test_a_file_cut_off_anywhere_is_whole_or_unknown() -> None:
    """No beginning of the file passes for the file."""
    content = json.dumps(document()).encode()
    whole = [n for n in range(len(content) + 1) if account._members(content[:n]) is not None]
    assert whole == [len(content)]


def test_a_write_in_progress_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is cut off at the first look and whole at the second is known."""
    path = tmp_path / ".claude.json"
    path.write_bytes(json.dumps(document()).encode()[:-5])
    parse = account._members

    def parse_while_written(content: bytes) -> object:
        path.write_text(json.dumps(document()))
        return parse(content)

    monkeypatch.setattr(account, "_members", parse_while_written)
    assert read(Environment({"HOME": str(tmp_path)}), now=NOW) == WHOLE


def test_a_fifo_in_its_place_is_an_unknown_account(tmp_path: Path) -> None:
    """Nothing waits for a writer (the time limit tells)."""
    os.mkfifo(tmp_path / ".claude.json")
    assert read(Environment({"HOME": str(tmp_path)}), now=NOW) == PARTIAL


def test_a_file_beyond_the_limit_is_an_unknown_account(tmp_path: Path) -> None:
    """More than 16 MiB are not read."""
    filler = json.dumps(document(filler="x" * account.LIMIT_BYTES)).encode()
    assert read_from(tmp_path, filler) == PARTIAL


def test_members_of_inner_objects_do_not_count(tmp_path: Path) -> None:
    """A key of the same name in a project or in a text is not the account."""
    decoy = {"oauthAccount": {**LOGIN, "accountUuid": "decoy"}}
    text = json.dumps(decoy)
    projects = {"p": decoy, "q": [decoy], "oauthAccount": {"history": [text, f'\\"{text}']}}
    assert read_from(tmp_path, document(projects=projects)) == WHOLE
    pretty = json.dumps(document(zeta=projects, projects=projects), indent=2).encode()
    assert read_from(tmp_path, pretty) == WHOLE


@pytest.mark.parametrize("value", [None, True, 7, "text", [], {}, [{"accountUuid": UUID}]])
@pytest.mark.parametrize("member", ["oauthAccount", "cachedUsageUtilization", "projects"])
def test_a_member_of_another_type_is_as_good_as_none(
    tmp_path: Path, member: str, value: object
) -> None:
    """Whatever type stands there, the rest is read."""
    expected = {"oauthAccount": Account(), "cachedUsageUtilization": NO_USAGE, "projects": WHOLE}
    assert read_from(tmp_path, document(**{member: value})) == expected[member]


@pytest.mark.parametrize("uuid", [None, True, 7, "", "a b", "\x1b[2J", "é", "x" * 65, [UUID]])
def test_a_uuid_that_is_none_names_no_account(tmp_path: Path, uuid: object) -> None:
    """Equal nonsense on both sides does not vouch for the cached usage."""
    broken = document(
        oauthAccount={**LOGIN, "accountUuid": uuid},
        cachedUsageUtilization={**CACHED, "accountUuid": uuid},
    )
    assert read_from(tmp_path, broken) == Account("", "Max 5x")


@pytest.mark.parametrize(
    ("age_s", "used"), [(0, True), (3600, True), (3601, False), (-60, True), (-61, False)]
)
def test_cached_usage_is_used_for_an_hour(tmp_path: Path, age_s: int, used: bool) -> None:
    """Not older than Claude Code itself allows; one a little ahead of our clock is of now."""
    cached = {**CACHED, "fetchedAtMs": (NOW - age_s) * 1000}
    known = read_from(tmp_path, document(cachedUsageUtilization=cached))
    assert known == (Account(NAME, "Max 5x", BODY, NOW - max(age_s, 0)) if used else NO_USAGE)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"fetchedAtMs": None}, id="no time"),
        pytest.param({"fetchedAtMs": True}, id="time is true"),
        pytest.param({"fetchedAtMs": str(NOW * 1000)}, id="time is text"),
        pytest.param({"fetchedAtMs": float("nan")}, id="time is NaN"),
        pytest.param({"fetchedAtMs": 10**400}, id="time is huge"),
        pytest.param({"accountUuid": "another"}, id="another account"),
        pytest.param({"accountUuid": None}, id="no account"),
        pytest.param({"utilization": None}, id="no body"),
        pytest.param({"utilization": [BODY]}, id="body is a list"),
        pytest.param({"utilization": {"x": "y" * account.MEMBER_LIMIT_BYTES}}, id="huge body"),
    ],
)
def test_cached_usage_that_cannot_be_trusted_is_left_out(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    """Account and plan stay known."""
    assert read_from(tmp_path, document(cachedUsageUtilization={**CACHED, **changes})) == NO_USAGE


PLANS = [
    ("claude_max", "default_claude_max_20x", None, "Max 20x"),
    ("claude_max", "default_claude_max_5x", "pro", "Max 5x"),
    ("claude_max", "default_claude_ai", None, "Max"),
    ("claude_pro", "default_claude_ai", None, "Pro"),
    ("claude_pro", "default_claude_pro", None, "Pro"),
    ("claude_team", "default_raven", None, "Team"),
    ("claude_team", "default_claude_max_5x", None, "Team"),
    ("claude_enterprise", "default_claude_ai", None, "Enterprise"),
    (None, "default_claude_max_5x", "max", "Max 5x"),
    (None, None, "max", "Max"),
    (None, None, "pro", "Pro"),
    (None, None, "team", "Team"),
    (None, None, "enterprise", "Enterprise"),
    (None, None, "free", "Free"),
    (None, "default_claude_max_20x", None, "Max 20x"),
    (None, "default_claude_pro", None, "Pro"),
    (None, "default_raven", None, "Team"),
    (None, "auto_api_evaluation", None, "API"),
    ("api_individual", "auto_api_evaluation", None, "API"),
    (None, "default_claude_ai", None, ""),
    ("claude_new", "tier_new_5x", "new", ""),
    (None, None, None, ""),
    (7, ["default_raven"], True, ""),
    ("claude_max", "default_claude_max_\x1bx", None, "Max"),
    ("claude_max", "default_claude_max_99999x", None, "Max"),
]


@pytest.mark.parametrize(("organization", "tier", "subscription", "label"), PLANS)
def test_the_plan_has_the_name_of_its_table(
    organization: object, tier: object, subscription: object, label: str
) -> None:
    """The live type goes first, the tier tells the multiplier, the unknown has no name."""
    named = plan_label(
        organization_type=organization, rate_limit_tier=tier, subscription_type=subscription
    )
    assert named == label


@pytest.mark.parametrize(
    ("seat_tier", "label"),
    [("team_tier_1", "Team Premium"), ("team_standard", "Team"), (7, "Team")],
)
def test_a_premium_seat_is_told_from_a_team_seat(
    tmp_path: Path, seat_tier: object, label: str
) -> None:
    """`seatTier` counts for a team only."""
    team = {**LOGIN, "organizationType": "claude_team", "seatTier": seat_tier}
    assert read_from(tmp_path, document(oauthAccount=team)).plan == label
    single = {**LOGIN, "seatTier": seat_tier}
    assert read_from(tmp_path, document(oauthAccount=single)).plan == "Max 5x"


def test_the_user_tier_stands_in_for_the_organization_tier(tmp_path: Path) -> None:
    """Where the organization's tier is null, the user's tells the multiplier."""
    login = {
        **LOGIN,
        "organizationRateLimitTier": None,
        "userRateLimitTier": "default_claude_max_20x",
    }
    assert read_from(tmp_path, document(oauthAccount=login)).plan == "Max 20x"


def test_another_organization_of_the_same_person_is_another_account(tmp_path: Path) -> None:
    """F14: its limits are its own; the old organization's number stood for days."""
    switched = document(oauthAccount={**LOGIN, "organizationUuid": "another"})
    assert read_from(tmp_path, switched).name == f"{UUID}/another"


def test_an_account_mark_tells_accounts_apart_and_names_none() -> None:
    """16 hex digits, another for another account or salt, the same each time."""
    marks = {account_mark(name, salt) for name in (NAME, f"{UUID}/") for salt in ("a", "b")}
    assert len(marks) == 4
    assert all(len(mark) == 16 and int(mark, 16) >= 0 for mark in marks)
    assert account_mark(NAME, "a") in marks
