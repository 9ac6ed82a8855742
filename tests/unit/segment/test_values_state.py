"""What a line says of a state: of the number, not of Claude, on each surface; who is billed."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.cli.picture import plain_lines
from statusline.doctor import login
from statusline.doctor.context import Context
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, ProfileData
from statusline.settings.settings import Settings
from statusline.surfaces import SURFACES
from statusline.system.environ import Environment
from statusline.usage.messages import ACCOUNT_STATES, NO_LOGIN, STATES
from statusline.usage.snapshot import Snapshot
from tests.support.canary import key
from tests.support.laid_out import DAY_S, HOUR_S, NOON, both, chosen, holding, line, parts, window
from tests.support.profile import quiet_profile
from tests.support.real_line import fill, known, render
from tests.support.sample import home

STDIN = {"model": {"display_name": "Opus 5.5"}, "context_window": {"used_percentage": 12}}


@pytest.mark.parametrize(
    ("left_s", "waited_s", "state", "shown"),
    [
        (27 * 60 - 5, 0, "rate_limited", "usage: retry 27m"),
        (5 * HOUR_S, 0, "rate_limited", "usage: retry 5h00m"),
        (20, 40, "rate_limited", "usage: retry 1m"),
        (0, 60, "rate_limited", "usage: retry soon"),
        (-5, 60, "rate_limited", "usage: retry soon"),
        (365 * DAY_S, 0, "rate_limited", "usage: retry soon"),
        (500, 5, "server_error", "usage: retry 9m"),
        (55, 5, "server_error", "usage: server error"),
        (500, 5, "unreachable", "usage: offline"),
    ],
)
def test_a_wait_that_the_server_asked_for_is_counted_down(
    left_s: float, waited_s: float, state: str, shown: str
) -> None:
    """`rate limited` was read as "my limit is hit"; what helps is when the number comes."""
    snapshot = Snapshot()
    snapshot.state, snapshot.attempted_at = state, NOON - waited_s
    snapshot.next_allowed_at = NOON + left_s
    assert line(snapshot) == shown


def test_nothing_known_yet_and_nothing_told() -> None:
    """A plan is named as what it is; "no limits" was said of accounts that have some."""
    assert line(None) == "usage: …"
    assert line(holding(plan="Enterprise")) == "Claude Enterprise"
    assert line(holding()) == "usage: not reported"
    assert line(holding(state="api_off")) == "usage: …"
    off = chosen("api = false")
    assert line(holding(state="api_off", plan="Pro"), settings=off) == "Claude Pro"


@pytest.mark.parametrize("state", ["api_off", "bad_config"])
def test_what_another_terminals_config_says_is_not_told_here(state: str) -> None:
    """`bad config` stood where config.toml was fine: another STATUSLINE_CONFIG was not."""
    assert line(holding(state=state)) == "usage: …"
    assert line(both(61, 22, age_s=2 * DAY_S, state=state)) == line(both(61, 22, age_s=2 * DAY_S))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("age_s", [0, 900, None])
def test_claude_codes_own_line_sends_nobody_to_claude(state: str, age_s: float | None) -> None:
    """Whoever reads `run claude` or `sign in` there has just done so."""
    snapshot = Snapshot() if age_s is None else both(age_s=age_s)
    snapshot.state = state
    shown = line(snapshot, "claude", stdin=STDIN)
    assert "sign in" not in shown
    assert "run" not in shown
    assert "login expired" not in shown
    if state in ("missing", "no_login", "expired", "unauthorized"):
        assert shown.endswith("usage: unknown") is (age_s is None)


def test_where_claude_code_says_nothing_its_line_says_it_all() -> None:
    """In another agent's status line nobody else tells of Claude's login, or who bills."""
    nobody = holding(state="missing")
    assert line(nobody, "claude", stdin=None) == "usage: sign in"
    assert line(nobody, "claude", stdin=None, billing="Bedrock") == "Bedrock"


def test_a_new_login_is_said_at_once() -> None:
    """Until the new account's numbers are there, the line shows the old one's."""
    snapshot = both(state="new_login", written_at=NOON, attempted_at=NOON - 60)
    assert line(snapshot) == "5h 61% 2h11m · 7d 22% · usage: new login"
    assert line(snapshot, width=40) == line(snapshot)
    assert line(snapshot, width=38) == "5h 61% 2h11m · 7d 22% · new login"
    snapshot.windows["five_hour"].observed_at = NOON + 1  # stdin told it meanwhile
    assert "new login" not in line(snapshot)


@pytest.mark.parametrize("state", sorted(ACCOUNT_STATES - {"rate_limited"}))
def test_what_its_user_must_mend_is_said_in_forty_columns(state: str) -> None:
    """The 40 columns of tmux hold two old numbers, their age and why they are old."""
    snapshot = both(age_s=900, state=state, attempted_at=NOON)
    shown = line(snapshot, width=40)
    assert shown.startswith("5h 61% · 7d 22% · 15m old · ")
    assert "…" not in shown


@pytest.mark.parametrize(
    ("values", "billing"),
    [
        ({}, ""),
        ({"ANTHROPIC_API_KEY": key("made-up")}, "API key"),
        ({"ANTHROPIC_AUTH_TOKEN": "test"}, "API key"),
        ({"ANTHROPIC_API_KEY": ""}, ""),
        ({"CLAUDE_CODE_USE_BEDROCK": "1"}, "Bedrock"),
        ({"CLAUDE_CODE_USE_VERTEX": "true"}, "Vertex"),
        ({"CLAUDE_CODE_USE_FOUNDRY": "1"}, "Foundry"),
        ({"CLAUDE_CODE_USE_BEDROCK": "0", "CLAUDE_CODE_USE_VERTEX": "False"}, ""),
        ({"CLAUDE_CODE_USE_VERTEX": "1", "ANTHROPIC_API_KEY": "x"}, "Vertex"),
    ],
)
def test_who_bills_the_work_is_told_by_the_environment(
    values: dict[str, str], billing: str
) -> None:
    """Claude Code asks a cloud provider first where it is told to; "0" does not tell it."""
    env = Environment(values)
    assert env.billing == billing
    assert bool(env.billing_variable) is bool(billing)
    assert env.inherited() == {}


@pytest.mark.parametrize("state", sorted(NO_LOGIN))
@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_with_an_api_key_nobody_is_asked_to_sign_in(state: str, surface: str) -> None:
    """`sign in` stood there for ever; Claude Code's line shows its session's values alone."""
    snapshot = holding(state=state)
    shown = parts(snapshot, surface, stdin=STDIN, billing="Bedrock")
    text = "".join(part for _role, part in shown)
    assert text == ("Opus 5.5 · ctx 12%" if surface == "claude" else "Bedrock")
    assert surface == "claude" or shown == [("muted", "Bedrock")]


@pytest.mark.parametrize(
    ("state", "billing", "shown"),
    [
        ("missing", "", "usage: sign in"),
        ("no_login", "API key", "API key"),
        ("api_billing", "", "API billing"),
        ("expired", "API key", "login expired"),
        ("rate_limited", "API key", "usage: retry soon"),
    ],
)
def test_only_a_login_that_is_missing_is_not_missed(state: str, billing: str, shown: str) -> None:
    """A subscription that is there goes on being asked for, whatever keys lie around."""
    assert line(holding(state=state), billing=billing) == shown


def test_numbers_that_are_true_are_shown_with_an_api_key_too() -> None:
    """Yesterday's login told of a week that is not over yet."""
    week = holding(window("seven_day", 22, DAY_S, 900), state="missing", attempted_at=NOON)
    assert line(week, billing="API key") == "7d 22% · 15m old · API key"
    assert parts(week, billing="API key")[-1] == ("muted", "API key")


@pytest.mark.parametrize("state", ["starting", "ok", "missing", "api_billing"])
def test_show_says_why_there_are_no_limits(state: str) -> None:
    """Not "no Claude login was found", and nothing to mend."""
    snapshot = holding(state=state)
    about = ProfileData(snapshot, Settings(), Credentials(state="missing"), (), "API key")
    overview = Overview(about, NOON)
    said = "\n".join(plain_lines(overview))
    assert "without a subscription login" in said
    assert "sign in" not in said
    assert overview.to_json()["state"] == "api_billing"
    assert overview.to_json()["word"] == "API key"


def test_doctor_misses_no_login_where_none_is_needed(tmp_path: Path) -> None:
    """It asked to sign in, and to unset the key that the work is done with."""
    values = {"HOME": str(tmp_path), "CLAUDE_CODE_USE_VERTEX": "1"}
    context = Context(Environment(values), NOON, "/", managed=str(tmp_path / "managed.json"))
    assert [each.result for each in login.login(context)] == ["skip"]
    assert login.billing(context) == []
    home(tmp_path / "signed-in")
    values["HOME"] = str(tmp_path / "signed-in")
    (said,) = login.billing(Context(Environment(values), NOON, "/"))
    assert (said.result, said.what.split()[0]) == ("warn", "CLAUDE_CODE_USE_VERTEX")


def test_a_shell_with_an_api_key_neither_reads_nor_leaves_anothers_line(tmp_path: Path) -> None:
    """One file serves all shells of a profile, and only some of them have the key."""
    profile = quiet_profile(tmp_path)
    fill(profile.directory, known(windows={}, state="missing"))
    with_key = {"ANTHROPIC_API_KEY": key("made-up")}
    for _ in range(2):
        assert render(profile.environment | with_key, "zsh") == "API key"
        assert render(profile.environment, "zsh") == "usage: sign in"
    assert not list(profile.directory.glob("segment.*"))
