"""The installed ``config edit`` on a real terminal: from the first key to a saved file."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.capabilities import needs_tmux
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv, package
from tests.support.screen import Screen
from tests.support.tty import Tty

HINTS = r"\^S save +\^Q quit"
#: A file as a person keeps it: comments, an order of its own, a key that we do not know.
MINE = """\
# My status line.
preset = "full"   # bars!

[thresholds]
# early
warning = 60

[format]
zsh = '{five_hour.pct}'
"""


@pytest.fixture
def home(tmp_path: Path) -> Profile:
    """A home with a config.toml, in which no refresher starts."""
    made = quiet_profile(tmp_path / "home")
    made.configure(MINE)
    return made


@pytest.fixture
def file(home: Profile) -> Path:
    """The file that is edited."""
    return home.home / ".config" / "statusline" / "config.toml"


@contextmanager
def editing(home: Profile, *, columns: int = 80, rows: int = 24) -> Iterator[Screen]:
    """A screen on which the editor has come up."""
    command = argv("config", "edit")
    with Screen(command, home.environment, columns=columns, rows=rows) as screen:
        screen.wait_for(HINTS)
        screen.wait_for("claude")
        yield screen


def ended(screen: Screen) -> None:
    """Wait until the program has ended; tmux does not always learn its exit code."""
    wait_until(lambda: screen.tmux("display-message", "-p", "#{pane_dead}").strip() == "1")


@needs_tmux
def test_from_the_first_key_to_a_saved_file(home: Profile, file: Path) -> None:
    """A choice, a number, a format with a placeholder; the diff first, the comments kept."""
    with editing(home) as screen:
        screen.press("Down", "Down")
        screen.wait_for("^ preset: ready-made")
        screen.press("Right")
        screen.wait_for(r"^ preset +‹ minimal › +yours")
        screen.press("PageDown")
        screen.wait_for("^ thresholds.warning: ")
        screen.press("Down")
        screen.wait_for("^ thresholds.critical: ")
        screen.press("BSpace", "BSpace")
        screen.type("85")
        screen.wait_for("^ critical +85 +yours")
        screen.press("PageDown")
        screen.wait_for("^ format.default: ")
        screen.press("C-u")
        screen.press("F2")
        screen.wait_for("Esc back")
        screen.type("seven_day.pct")
        screen.wait_for(r"^ {seven_day.pct} +\d+%")
        screen.press("Enter")
        screen.wait_for(r"^ default +{seven_day.pct}")
        screen.press("C-s")
        seen = screen.wait_for("Enter write it")
        assert '-preset = "full"   # bars!' in seen
        assert "+critical = 85" in seen
        assert file.read_text() == MINE
        screen.press("Enter")
        screen.wait_for("config.toml  saved")
        screen.press("C-q")
        ended(screen)
    text = file.read_text()
    assert 'preset = "minimal"   # bars!\n' in text
    assert "# early\nwarning = 60\ncritical = 85\n" in text
    assert "zsh = '{five_hour.pct}'\n" in text
    assert 'default = "{seven_day.pct}' in text
    assert home.run("config", "check").returncode == 0
    assert sorted(os.listdir(file.parent)) == ["config.toml"]


@needs_tmux
def test_quitting_without_saving_leaves_the_file_alone(home: Profile, file: Path) -> None:
    """The question comes first; "quit" means it, Esc goes back to the changes."""
    before = file.stat()
    with editing(home) as screen:
        screen.press("Right")
        screen.wait_for("changed, not saved")
        screen.press("C-q")
        screen.wait_for("Your changes are not saved")
        screen.press("Escape")
        screen.wait_for("^ api +‹ false ›")
        screen.press("C-q")
        screen.wait_for("Your changes are not saved")
        screen.press("q")
        ended(screen)
    assert (file.read_text(), file.stat().st_mtime_ns) == (MINE, before.st_mtime_ns)
    assert sorted(os.listdir(file.parent)) == ["config.toml"]


@needs_tmux
def test_undo_and_redo(home: Profile) -> None:
    """Back to a file that nobody has to be asked about, and forth again."""
    with editing(home) as screen:
        screen.press("Right")
        screen.wait_for("^ api +‹ false › +yours")
        screen.press("C-z")
        screen.wait_for("^ api +‹ true › +default")
        screen.wait_for("undone")
        screen.press("C-y")
        screen.wait_for("^ api +‹ false › +yours")
        screen.press("C-z")
        screen.wait_for("^ api +‹ true › +default")
        screen.press("C-q")
        ended(screen)


@needs_tmux
def test_a_mistake_is_said_at_its_field_and_never_written(home: Profile, file: Path) -> None:
    """At once, in words; the file that could be saved stays sound."""
    with editing(home) as screen:
        screen.press("PageDown")
        screen.wait_for("^ thresholds.warning: ")
        screen.type("x")
        screen.wait_for('must be a number from 0 to 1000 .*"60x"')
        screen.wait_for("1 mistake left out")
        screen.press("C-s")
        screen.wait_for("there is nothing to save")
        screen.press("BSpace", "BSpace")
        screen.wait_for("changed, not saved$")
        screen.press("PageDown")
        screen.wait_for("^ format.default: ")
        screen.type("{five_huor}")
        screen.wait_for(r"Did you mean\s+{five_hour}\?")
        screen.press("C-s")
        screen.wait_for(r"Left out because of mistakes:\s+format.default")
        screen.press("Enter")
        screen.wait_for("saved; 1 mistake left out|config.toml  saved")
        screen.press("C-c")
        screen.wait_for("Mistakes cannot be saved: format.default")
        screen.press("q")
        ended(screen)
    assert file.read_text() == MINE.replace("60", "6")


@needs_tmux
def test_the_preview_follows_each_change(home: Profile) -> None:
    """What a surface will show, at each state, tmux on a bar of its own."""
    home.configure("")
    with editing(home, columns=100, rows=30) as screen:
        screen.wait_for(r"5h 61% 2h11m · 7d 22%")
        screen.press("F3")
        screen.wait_for(r"5h 80% 2h11m →full 50m · 7d 22%")
        for _ in range(4):
            screen.press("F3")
        screen.wait_for(r"5h 61% 2h11m · 7d 22% · 15m old")
        assert re.search(r"\x1b\[[\d;]*42m", screen.colored())
        screen.press("F3", "F3")
        screen.wait_for(r"^92 % +.*5h 92%")
        screen.press("PageDown", "PageDown")
        screen.wait_for("^ format.default: ")
        screen.type(">{five_hour.label}< ")
        screen.wait_for(r"^61 % +>5h<")


@needs_tmux
def test_a_change_from_elsewhere_is_not_overwritten(home: Profile, file: Path) -> None:
    """Another window has saved meanwhile: its words stay, and ours are not lost either."""
    with editing(home) as screen:
        screen.press("Right")
        screen.wait_for("changed, not saved")
        file.write_text("width = 50\n")
        screen.press("C-s")
        screen.wait_for("Enter write it")
        screen.press("Enter")
        screen.wait_for("was changed meanwhile; nothing was written")
        screen.wait_for("^ api +‹ false ›")
    assert file.read_text() == "width = 50\n"


@needs_tmux
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (50, 20), (200, 60)])
def test_every_size_shows_fields_preview_and_keys(home: Profile, columns: int, rows: int) -> None:
    """At 80 × 24 nothing is cut that is needed; smaller it still works."""
    with editing(home, columns=columns, rows=rows) as screen:
        seen = screen.wait_for("tmux")
        assert "general" in seen
        assert "preview" in seen
        assert re.search("^ api ", seen, re.MULTILINE)
        assert all(len(line) <= columns for line in seen.splitlines())
        if columns >= 80:
            assert all(hint in seen for hint in ("^S save", "^Z undo", "F2 insert", "^Q quit"))


@pytest.mark.parametrize("leave", ["ctrl+c", "ctrl+q", "SIGTERM", "SIGHUP", "SIGINT"])
def test_the_terminal_is_left_as_it_was(home: Profile, leave: str) -> None:
    """Whatever ends it: modes, cursor and the first screen come back."""
    with Tty(argv("config", "edit"), home.environment) as terminal:
        terminal.wait_for("quit")
        if leave.startswith("SIG"):
            terminal.send(signal.Signals[leave])
        else:
            terminal.press({"ctrl+c": "\x03", "ctrl+q": "\x11"}[leave])
        assert terminal.wait_for_end() == 0
        assert terminal.modes() == terminal.modes_before
        for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h")):
            assert terminal.raw.rfind(off) > terminal.raw.rfind(on) >= 0
        assert "Traceback" not in terminal.text()


def test_no_color_means_none(home: Profile) -> None:
    """NO_COLOR holds for the preview, the diff and the mistakes."""
    home.environment["NO_COLOR"] = "1"
    with Tty(argv("config", "edit"), home.environment) as terminal:
        terminal.wait_for("quit")
        terminal.press("\x1b[6~")
        terminal.wait_for("thresholds.warning: ")
        terminal.press("x")
        terminal.wait_for("must be a number")
        terminal.press("\x11")
        terminal.wait_for("cannot be saved")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert not re.search(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)[;m]", terminal.raw)


@pytest.mark.parametrize("how", ["no terminal", "dumb"])
def test_without_a_terminal_a_sentence_says_what_to_do(home: Profile, how: str) -> None:
    """Wrong usage, and the command that needs none."""
    if how == "dumb":
        home.environment["TERM"] = "dumb"
        with Tty(argv("config", "edit"), home.environment) as terminal:
            assert terminal.wait_for_end() == 2
        said = terminal.text()
    else:
        done = home.run("config", "edit")
        assert done.returncode == 2
        said = done.stderr
    assert "The editor needs a terminal; use `statusline config set`." in said


@pytest.mark.parametrize("text", ["width = \n", "\xff"])
def test_a_file_that_cannot_be_read_is_named(home: Profile, file: Path, text: str) -> None:
    """One sentence with the line or the fix, before the screen is taken."""
    file.write_bytes(text.encode("latin-1"))
    with Tty(argv("config", "edit"), home.environment) as terminal:
        assert terminal.wait_for_end() == 1
    assert re.search("line 1: not TOML|Save the file as UTF-8", terminal.text())
    assert b"\x1b[?1049h" not in terminal.raw


def test_without_the_extra_a_sentence_says_how_to_get_it(home: Profile, tmp_path: Path) -> None:
    """No Textual: exit code 1 and the command, no traceback; `config set` needs none."""
    without = tmp_path / "without.py"
    without.write_text(
        "import sys\n"
        f"sys.path[:0] = {[str(package().parent)]!r}\n"
        "sys.modules['textual'] = None\n"
        "from statusline.entry import main\n"
        "main()\n"
    )

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", os.fspath(without), "config", *words]
        return subprocess.run(
            command,
            env=home.environment,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )

    done = run("edit")
    assert done.returncode == 1
    assert "pip install '.[watch]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert run("set", "width", "50").returncode == 0
