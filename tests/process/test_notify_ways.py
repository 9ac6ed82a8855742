"""Each way that a notification takes, with the real programs where they are installed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.notify import ways
from statusline.notify.notice import TEST, TITLE
from statusline.settings.notifications import Notifications
from statusline.system.environ import Environment
from tests.support.canary import Scratch, key
from tests.support.capabilities import needs_notify_send, needs_tmux
from tests.support.checkup import stand_in
from tests.support.desktop import Desktop, Shown
from tests.support.notified import TEXT, Notified, rough
from tests.support.patience import HANG_S
from tests.support.profile import TOKEN
from tests.support.real_line import SAMPLE, render
from tests.support.tty import Tty


@pytest.fixture
def home() -> Iterator[Path]:
    """A home below a path that is short enough for a socket."""
    with Scratch(prefix="n-") as base:
        yield Path(base) / "h"


@needs_notify_send
def test_the_real_notify_send_reaches_the_desktop(tmp_path: Path) -> None:
    """A detached refresher has to keep the way to the user's session bus."""
    profile = Notified(tmp_path, via='["desktop"]')
    with Desktop() as desktop:
        profile.environment["DBUS_SESSION_BUS_ADDRESS"] = desktop.address
        profile.refreshes(82)
        shown = [each._replace(body=rough(each.body)) for each in desktop.shown]
        assert shown == [Shown("statusline", TITLE, TEXT)]
    done = profile.run("notify", "--test")  # and without the desktop it says so
    assert "ok   command" in done.stdout
    assert "fail desktop" in done.stdout


SCRIPT = (
    "<-e><on run argv>"
    "<-e><display notification (item 1 of argv) with title (item 2 of argv)>"
    "<-e><end run>"
)
NOTING = 'printf "<%s>" "$@" >"$HOME/shown"'


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("notify-send", f"<--app-name=statusline><--><{TITLE}><{TEXT}>"),
        (
            "osascript",
            f"{SCRIPT}<--><{TEXT}><{TITLE}>",
        ),
    ],
)
def test_the_words_are_an_argument_of_the_program(
    program: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put into a script, a label from outside could be taken for a command."""
    monkeypatch.setitem(ways._PROGRAMS, "desktop", program)
    profile = Notified(tmp_path, via='["desktop"]')
    profile.environment["PATH"] = stand_in(tmp_path, program, NOTING)
    profile.sees(82)
    assert rough((tmp_path / "shown").read_text()) == shown


@needs_tmux
def test_tmux_shows_it_in_every_client_and_rings_its_bell(home: Path) -> None:
    """The refresher is in no tmux itself; a percent sign is none of a format's."""
    profile = Notified(home, via='["tmux", "bell"]')
    (home / "tmux").mkdir()
    start = ["tmux", "-f", "/dev/null", "new-session", "-A", "-s", "one", "sleep 3600"]
    with Tty(start, profile.environment) as first, Tty(start, profile.environment) as second:
        for each in (first, second):
            each.wait_for(r"\[one\]")
        profile.refreshes(82)
        for each in (first, second):
            assert f"{TITLE}: {TEXT}" in rough(each.wait_for("resets in .*m"))
            while b"\a" not in each.raw:
                each._read(HANG_S)
        (home / "told").unlink()
        done = profile.run("notify", "--test")
        assert done.returncode == 0
        assert "ok   tmux" in done.stdout
        assert "ok   bell" in done.stdout
        os.system(f"TMUX_TMPDIR={home}/tmux tmux kill-server")  # noqa: S605  # a path of ours


def test_a_program_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes neither the other ways nor the refresher's time, and leaves nothing behind."""
    monkeypatch.setattr(ways, "LIMIT_S", 0.3)
    profile = Notified(tmp_path, via='["desktop"]')
    hang = 'sleep 3600 & echo "$$" >"$HOME/hangs"; wait'
    monkeypatch.setitem(ways._PROGRAMS, "desktop", "notify-send")
    profile.environment["PATH"] = stand_in(tmp_path, "notify-send", hang)
    report = profile.sees(82)
    assert report.result == "local"
    assert profile.told == [TEXT]
    assert profile.wait_until_quiet()
    sent = (profile.directory / "sent.json").read_text()
    assert "notify-send took too long and was stopped" in sent


def test_a_program_may_leave_another_running(tmp_path: Path) -> None:
    """A player of sounds that goes on is not waited for, though it holds its stderr."""
    teller = '#!/bin/sh\nsleep 3600 &\necho "$!" >"$HOME/player"\n'
    profile = Notified(tmp_path, teller=teller)
    profile.sees(82)
    os.kill(int((tmp_path / "player").read_text()), signal.SIGKILL)
    assert profile.wait_until_quiet()
    assert "was ended" not in (profile.directory / "sent.json").read_text()


def test_a_command_finds_its_values_and_no_token(tmp_path: Path) -> None:
    """S25: an environment of its own, without what a request needs."""
    profile = Notified(tmp_path, teller='#!/bin/sh\nenv >"$HOME/env"; pwd >>"$HOME/env"\n')
    profile.environment |= {
        "CLAUDE_CODE_OAUTH_TOKEN": TOKEN,
        "ANTHROPIC_API_KEY": key("made-up"),
        "DISPLAY": ":7",
    }
    profile.sees(82)
    told = rough((tmp_path / "env").read_text())
    assert "sk-ant" not in told
    for line in (
        "STATUSLINE_NOTIFY_KIND=threshold",
        f"STATUSLINE_NOTIFY_TEXT={TEXT}",
        "STATUSLINE_NOTIFY_WINDOW=five_hour",
        "STATUSLINE_NOTIFY_USED_PCT=82",
        "STATUSLINE_NOTIFY_THRESHOLD_PCT=80",
        f"STATUSLINE_NOTIFY_RESETS_AT={profile.resets_at}",
        "STATUSLINE_NOTIFY_FULL_AT=",
        "DISPLAY=:7",
        "/",
    ):
        assert f"\n{line}\n" in f"\n{told}"


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("no-such-program",), "no-such-program is not installed"),
        (("/etc/passwd",), "passwd is not installed"),
        (("~/text",), "could not be started: Exec format error"),
        (("/bin/sh", "-c", "echo 'no \x1b[31mway' >&2; exit 3"), "sh ended with exit code 3"),
        (("/bin/sh", "-c", "kill -9 $$"), "sh was killed by signal 9"),
    ],
)
def test_what_goes_wrong_is_said(command: tuple[str, ...], what: str, tmp_path: Path) -> None:
    """Nothing is raised, whatever the program does or is; its own words are made harmless."""
    (tmp_path / "text").write_text("no program")
    (tmp_path / "text").chmod(0o755)
    env = Environment({"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    (outcome,) = ways.send(env, Notifications(via=(), command=command), [TEST])
    assert (outcome.way, outcome.is_ok) == ("command", False)
    assert what in outcome.what
    assert outcome.said in ("", "no ?[31mway")


def test_the_whole_way_from_a_prompt_to_the_command(tmp_path: Path) -> None:
    """The render itself sends nothing; the refresher that it leaves behind has what it takes."""
    profile = Notified(tmp_path)
    profile.environment["TMUX"] = "/nowhere,1,0"
    limits = {"five_hour": {"used_percentage": 82, "resets_at": profile.resets_at}}
    stdin = json.dumps({**json.loads(SAMPLE), "rate_limits": limits}).encode()
    assert "5h 82%" in render(profile.environment, "claude", input=stdin)
    assert profile.wait_until_quiet()
    assert profile.told == [TEXT]
