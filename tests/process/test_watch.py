"""The installed ``watch``: on a real terminal, resized, interrupted, and where there is none."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.capabilities import needs_tmux
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv, package
from tests.support.screen import Screen
from tests.support.server import UsageServer
from tests.support.tty import Tty

#: Of the table, which a narrow screen has no room for.
HEAD = "  seen"
KEYS = "q quit"


@pytest.fixture
def filled(profile: Profile) -> Profile:
    """A profile whose cache has just been filled."""
    assert profile.run("refresh").returncode == 0
    return profile


@pytest.mark.parametrize("leave", ["ctrl+c", "q", "SIGTERM", "SIGHUP", "SIGINT"])
def test_the_terminal_is_left_as_it_was(filled: Profile, leave: str) -> None:
    """Whatever ends it: modes, cursor and the first screen come back."""
    with Tty(argv("watch"), filled.environment) as terminal:
        terminal.wait_for(KEYS)
        assert terminal.modes() != terminal.modes_before
        if leave.startswith("SIG"):
            terminal.send(signal.Signals[leave])
        else:
            terminal.press({"ctrl+c": "\x03"}.get(leave, leave))
        assert terminal.wait_for_end() == 0
        assert terminal.modes() == terminal.modes_before
        for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h")):
            assert terminal.raw.rfind(off) > terminal.raw.rfind(on) >= 0
        assert "Traceback" not in terminal.text()


def test_a_terminal_that_goes_away_ends_it(filled: Profile) -> None:
    """A closed window leaves no process behind."""
    with Tty(argv("watch"), filled.environment) as terminal:
        terminal.wait_for(KEYS)
        terminal.hang_up()
        assert filled.wait_until_quiet()


def test_never_means_no_colour(filled: Profile) -> None:
    """The bars are there, in the terminal's own colour."""
    with Tty(argv("--color", "never", "watch"), filled.environment) as terminal:
        terminal.wait_for(KEYS)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert "█" in terminal.text()
    assert b"32;" not in terminal.raw


def test_a_resize_lays_out_anew(filled: Profile) -> None:
    """Wide, then 40 columns: what was a table becomes three lines a window."""
    with Tty(argv("watch"), filled.environment) as terminal:
        assert HEAD in terminal.wait_for(KEYS)
        before = len(terminal.raw)
        terminal.resize(40)
        terminal.wait_for("resets in [0-9]", since=before)
        before = len(terminal.raw)
        assert HEAD not in terminal.wait_for("resets in [0-9]", since=before)
        before = len(terminal.raw)
        terminal.resize(80)
        terminal.wait_for(HEAD, since=before)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@needs_tmux
def test_forty_columns_hold_everything(filled: Profile) -> None:
    """In a narrow tmux pane: numbers, bars, state, keys; countdowns tick in place."""
    with Screen(argv("watch"), filled.environment, columns=40) as screen:
        first = screen.wait_for(KEYS)
        assert "5h  61%" in first
        assert "renewed  just now by the usage API" in first
        seconds = re.findall(r"resets in \d:\d\d:(\d\d)", first)[0]
        screen.wait_for(rf"resets in \d:\d\d:(?!{seconds})\d\d")
        for size in ("60", "120", "40"):
            screen.tmux("resize-window", "-x", size, "-y", "24")
            screen.wait_for(KEYS)
        screen.press("j")
        screen.wait_for('"schema": 1')
        screen.press("Escape")
        screen.wait_for("5h  61%")


def test_a_tick_draws_in_place(filled: Profile) -> None:
    """In place and without flicker: a tick draws over the picture and clears nothing."""
    with Tty(argv("watch"), filled.environment) as terminal:
        terminal.wait_for(KEYS)
        terminal.wait_for("[0-9]", since=len(terminal.raw))
        before = len(terminal.raw)
        begin_s = time.monotonic()
        for _ in range(3):
            terminal.wait_for("[0-9]", since=len(terminal.raw))
        drawn = terminal.raw[before:]
        ticks = time.monotonic() - begin_s + 2  # more than three, if this machine stood still
        assert 0 < len(drawn) < 12_000 * ticks
        assert not re.search(rb"\x1b\[[0-3]?J", drawn)


def test_the_refresher_is_started_when_due(profile: Profile, server: UsageServer) -> None:
    """An empty cache fills while somebody watches, with one request."""
    with Tty(argv("watch"), profile.environment) as terminal:
        terminal.wait_for("61%")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert server.count == 1


def test_r_asks_at_most_once_a_minute(profile: Profile, server: UsageServer) -> None:
    """The key makes no second request, and says when the next one is allowed."""
    with Tty(argv("watch"), profile.environment) as terminal:
        terminal.wait_for("61%")
        terminal.press("r")
        terminal.wait_for("No request was made")
        terminal.wait_for(r"allowed in (?:1m|\d+s)")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert server.count == 1


@pytest.mark.parametrize(
    "variables", [{"TERM": "dumb"}, {"TERM": "dumb", "NO_COLOR": "1"}], ids=["dumb", "no-color"]
)
def test_a_dumb_terminal_gets_one_plain_frame(filled: Profile, variables: dict[str, str]) -> None:
    """Nothing is drawn where nothing can be drawn in place."""
    with Tty(argv("watch"), {**filled.environment, **variables}) as terminal:
        assert terminal.wait_for_end() == 0
    assert b"\x1b" not in terminal.raw
    assert terminal.text().startswith("5h ")


@pytest.mark.parametrize("redirected", ["stdin", "stdout", "stderr"])
def test_what_is_no_terminal_gets_one_frame(filled: Profile, redirected: str) -> None:
    """One stream elsewhere is enough: keys or the screen would be missing."""
    shell = {"stdin": "</dev/null", "stdout": "| cat", "stderr": "2>/dev/null"}[redirected]
    command = ["/bin/sh", "-c", f'"$@" {shell}', "sh", *argv("watch")]
    with Tty(command, filled.environment) as terminal:
        assert terminal.wait_for_end() == 0
    assert "61%" in terminal.text()
    assert b"\x1b[?1049h" not in terminal.raw


def test_once_prints_one_frame(filled: Profile) -> None:
    """The same picture as show, and the prompt comes back."""
    with Tty(argv("watch", "--once"), filled.environment, columns=40) as terminal:
        assert terminal.wait_for_end() == 0
    assert "█" in terminal.text()
    assert b"\x1b[?1049h" not in terminal.raw


def test_without_the_extra_a_sentence_says_how_to_get_it(filled: Profile, tmp_path: Path) -> None:
    """No Textual: exit code 1 and the command, no traceback; a frame needs none."""
    without = tmp_path / "without.py"
    without.write_text(
        "import sys\n"
        f"sys.path[:0] = {[str(package().parent)]!r}\n"
        "sys.modules['textual'] = None\n"
        "from statusline.entry import main\n"
        "main()\n"
    )
    command = [sys.executable, "-I", os.fspath(without), "watch"]
    done = subprocess.run(
        command, env=filled.environment, capture_output=True, text=True, timeout=HANG_S, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip().endswith("pip install '.[watch]'")
    assert len(done.stderr.splitlines()) == 1
    once = subprocess.run(
        [*command, "--once"],
        env=filled.environment,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert once.returncode == 0
    assert b"61%" in once.stdout
