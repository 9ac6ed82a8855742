"""Two Claude directories with a login each: apart in everything, and together on request."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest

from statusline.system.environ import Environment
from tests.support.capabilities import needs_tmux
from tests.support.documents import TEXTS
from tests.support.launcher import make_launcher
from tests.support.login import sign_in
from tests.support.profile import OTHER_TOKEN, TOKEN, Profile
from tests.support.program import argv, package
from tests.support.real_line import NOBODY, fill, known
from tests.support.screen import Screen
from tests.support.server import Answer, UsageServer, usage_answer
from tests.support.tty import Tty

LABELS = '[accounts]\n"~/.claude" = "home"\n"~/.claude-work" = "work"\n'
SCHEMA = json.loads((package() / "schema/show.schema.json").read_text("utf-8"))


class Pair:
    """Somebody with two accounts, `home` and `work`, which share a home directory."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = Profile(home, url)
        self.home.configure(LABELS)
        (home / ".claude-work").mkdir(mode=0o700)
        sign_in(home, OTHER_TOKEN, directory=".claude-work")
        here = {**self.home.environment, "CLAUDE_CONFIG_DIR": f"{home}/.claude-work"}
        self.work = object.__new__(Profile)
        self.work.home, self.work.environment = home, here
        self.work.directory = Path(Environment(here).profile_dir or "")


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Both accounts with numbers: 61 and 22 % at home, 12 and 40 % at work."""
    made = Pair(tmp_path, NOBODY)
    for profile, use in ((made.home, (61.0, 22.0)), (made.work, (12.0, 40.0))):
        snapshot = known()
        for seen, pct in zip(snapshot.windows.values(), use, strict=True):
            seen.utilization_pct = pct
        fill(profile.directory, snapshot)
    return made


def test_the_back_off_of_one_account_leaves_the_other(tmp_path: Path) -> None:
    """It would have caught a shared cache, a shared back-off, or the other account's token."""
    waits = Answer(429, headers=[("Retry-After", "1800")])
    with UsageServer([usage_answer(), waits, usage_answer(63, 23)]) as server:
        pair = Pair(tmp_path, server.url)
        assert pair.home.run("refresh").returncode == 0
        assert pair.work.run("refresh").returncode == 1
        pair.home.let_pass(400)
        pair.work.let_pass(400)
        assert pair.home.run("refresh").returncode == 0
        pair.work.run("refresh")
        asked = [each.headers["authorization"] for each in server.requests]
        said = pair.home.run("show", "--all").stdout.splitlines()
        history = pair.work.run("history", "--csv", "--profile", "home").stdout
    assert asked == [f"Bearer {token}" for token in (TOKEN, OTHER_TOKEN, TOKEN)]
    assert pair.home.usage()["windows"]["five_hour"]["utilization_pct"] == 63
    assert pair.work.usage()["windows"] == {}
    assert {"61.0", "63.0"} <= {row.split(",")[3] for row in history.splitlines()}
    assert re.match(r"home \*  5h 63% .*resets in 2h1\dm  7d 23% ", said[0])
    assert said[1].startswith("work    5h -  7d -  (")
    assert "retry 2" in said[1]


def test_show_all_tells_of_both_and_asks_nobody(pair: Pair) -> None:
    """It would have caught an account that is missing, or one's numbers beside the other's name."""
    done = pair.work.run("show", "--all", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)
    assert [(each["profile"], each["is_present"], each["is_kept_only"]) for each in rows] == [
        ("work", True, False),
        ("home", False, False),
    ]
    for each, use in zip(rows, ([12, 40], [61, 22]), strict=True):
        jsonschema.Draft202012Validator(SCHEMA).validate(each["show"])
        assert [window["used_pct"] for window in each["show"]["windows"]] == use
        assert each["show"]["login_expires_at"] is None


def test_another_profile_is_shown_by_its_name(pair: Pair) -> None:
    """It would have caught the present account's numbers as those of the one that was named."""
    assert " 12%" in pair.home.run("show", "--profile", "work").stdout
    assert " 61%" in pair.work.run("watch", "--once", "--profile", "~/.claude").stdout
    table = pair.home.run("export", "--format", "csv", "--profile", "work")
    assert "five_hour,5h,12" in table.stdout


def test_a_wrong_name_is_wrong_usage(pair: Pair) -> None:
    """It would have caught a typing error that shows somebody else's numbers."""
    for words in (("show",), ("watch", "--once"), ("history",), ("export", "--format", "csv")):
        done = pair.home.run(*words, "--profile", "wrok")
        assert (done.returncode, done.stdout) == (2, "")
        assert "there are: home, work." in done.stderr
    done = pair.home.run("show", "--all", "--profile", "work")
    assert (done.returncode, "do not go together" in done.stderr) == (2, True)


def test_a_key_of_watch_goes_to_the_next_account(pair: Pair) -> None:
    """It would have caught one account's numbers below the other's name."""
    with Tty(argv("watch"), pair.home.environment) as terminal:
        assert "12%" not in terminal.wait_for("usage: home(?s:.)*61%(?s:.)*q quit")
        before = len(terminal.raw)
        terminal.press("a")
        terminal.wait_for("work(?s:.)*12%", since=before)
        before = len(terminal.raw)
        terminal.press("a")
        terminal.wait_for("home(?s:.)*61%", since=before)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@needs_tmux
def test_tmux_shows_both(pair: Pair) -> None:
    """It would have caught documented lines that tmux or its shell takes for something else."""
    blocks = {
        name: TEXTS["accounts.md"].partition(f"```{name}\n")[2].partition("```")[0]
        for name in ("tmux", "toml")
    }
    home = pair.home.home
    make_launcher(home / ".local/bin")
    pair.home.configure(blocks["toml"])
    (home / ".tmux.conf").write_text(blocks["tmux"])
    inner = ["tmux", "-S", str(home / "s"), "-f", str(home / ".tmux.conf")]
    environment = {**pair.home.environment, "TERM": "tmux-256color", "SHELL": "/bin/sh"}
    with Screen([*inner, "new-session", "sh"], environment) as screen:
        try:
            screen.wait_for(r"home 5h 61% · 7d 22% .* work 5h 12% · 7d 40%")
        finally:
            subprocess.run([*inner, "kill-server"], env=environment, check=True)
