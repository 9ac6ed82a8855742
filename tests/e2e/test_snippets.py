"""The pieces of configuration in docs/surfaces.md, in the real programs or called as these do."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.capabilities import needs_tmux
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.real_line import NUMBERS, fill, known
from tests.support.screen import Screen

SURFACES = (ROOT / "docs" / "surfaces.md").read_text("utf-8")
needs_powerline = pytest.mark.skipif(
    shutil.which("powerline-render") is None, reason="needs powerline"
)


def snippet(after: str, number: int = 0) -> str:
    """A block of code of docs/surfaces.md: the `number`-th behind the words `after`."""
    found: list[str] = re.findall(r"```\w+\n(.*?)```", SURFACES.partition(after)[2], re.DOTALL)
    return found[number]


def with_program(tmp_path: Path) -> Profile:
    """A home with numbers whose PATH has the program."""
    profile = quiet_profile(tmp_path / "home", with_numbers=True)
    path = f"{make_launcher(tmp_path / 'bin').parent}:{profile.environment['PATH']}"
    profile.environment |= {"PATH": path, "TERM": "xterm-256color"}
    return profile


@pytest.mark.full
@needs_tmux
@pytest.mark.skipif(shutil.which("screen") is None, reason="needs GNU screen")
def test_screen_shows_each_change(tmp_path: Path) -> None:
    """The lines for .screenrc, in a real screen: the last row follows the numbers."""
    profile = with_program(tmp_path)
    (profile.home / ".screenrc").write_text(f"startup_message off\n{snippet('GNU screen, in')}")
    profile.environment["SCREENDIR"] = str(tmp_path / "sockets")
    (tmp_path / "sockets").mkdir(mode=0o700)
    with Screen(["screen", "-U", "cat"], profile.environment) as screen:
        try:
            screen.wait_for(NUMBERS)
            moved = known()
            moved.windows["five_hour"].utilization_pct = 97.0
            fill(profile.directory, moved)
            screen.wait_for("5h 97%")
        finally:
            subprocess.run(
                ["screen", "-X", "quit"],
                env=profile.environment,
                stdin=subprocess.DEVNULL,
                timeout=HANG_S,
                check=False,
            )


@pytest.mark.full
@needs_tmux
@pytest.mark.skipif(shutil.which("byobu-status") is None, reason="needs byobu")
def test_byobu_shows_the_percent_signs(tmp_path: Path) -> None:
    """Byobu's printf ate them: its own program says what tmux is to show."""
    profile = with_program(tmp_path)
    script = profile.home / ".byobu" / "bin" / "30_claude"
    script.parent.mkdir(parents=True)
    script.write_text(snippet("byobu, as the executable"))
    script.chmod(0o755)
    (profile.home / ".byobu" / "status").write_text('tmux_left=""\ntmux_right="custom"\n')
    profile.environment |= {"BYOBU_BACKEND": "tmux", "BYOBU_RUN_DIR": str(tmp_path / "run")}
    (tmp_path / "run").mkdir()
    moved = known()
    moved.windows["five_hour"].utilization_pct = 97.0
    fill(profile.directory, moved)
    with Screen(["sh", "-c", "byobu-status tmux_right; cat"], profile.environment) as screen:
        screen.wait_for(r"5h #\[.*\]97%#\[.*\].*7d 22%")


@pytest.mark.full
@needs_powerline
def test_powerline_shows_the_segment(tmp_path: Path) -> None:
    """Its own renderer loads the class, and what needs attention is in the colours for that."""
    profile = with_program(tmp_path)
    config = profile.home / ".config" / "powerline"
    (config / "themes" / "shell").mkdir(parents=True)
    (config / "statusline_usage.py").write_text(profile.run("init", "powerline").stdout)
    (config / "config.json").write_text(snippet("## Powerline"))
    segment = json.loads(snippet("## Powerline", 1))
    theme = {"segments": {"left": [segment], "right": []}}
    (config / "themes" / "shell" / "default_leftonly.json").write_text(json.dumps(theme))
    moved = known()
    moved.windows["five_hour"].utilization_pct = 97.0
    fill(profile.directory, moved)
    shown = subprocess.run(
        ["powerline-render", "-r", ".bash", "shell", "left"],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=True,
    )
    assert "5h\xa097%" in shown.stdout.decode(), shown.stderr


@pytest.mark.full
@pytest.mark.skipif(shutil.which("lua5.4") is None, reason="needs lua5.4")
def test_wezterm_lines_set_the_right_status(tmp_path: Path) -> None:
    """The Lua of docs/surfaces.md, called as WezTerm calls it; the program is the real one."""
    profile = with_program(tmp_path)
    (tmp_path / "wezterm.lua").write_text(
        "local w = {}\n"
        "function w.on(_, f) w.draw = f end\n"
        "function w.run_child_process(words)\n"
        "  local pipe = io.popen(table.concat(words, ' '))\n"
        "  local said = pipe:read('a')\n"
        "  return pipe:close(), said, ''\n"
        "end\n"
        "return w\n"
    )
    (tmp_path / "config.lua").write_text(snippet("WezTerm, in"))
    call = (
        "dofile('config.lua'); local w = require 'wezterm'\n"
        "local window = {set_right_status = function(_, text) print('<' .. text .. '>') end}\n"
        "w.draw(window); w.draw(window)"
    )
    done = subprocess.run(
        ["lua5.4", "-e", call],
        cwd=tmp_path,
        env={**profile.environment, "LUA_PATH": "./?.lua"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    assert done.stdout == f"<{NUMBERS} >\n" * 2


def test_kitty_title_follows_the_program(tmp_path: Path) -> None:
    """The Python of docs/surfaces.md, called as kitty calls it; the program is the real one."""
    profile = with_program(tmp_path)
    code = snippet("kitty (a version") + (
        "\nimport time\nfor _ in range(4000):\n    if draw_title({}):\n        break\n"
        "    time.sleep(0.02)\nprint(draw_title({}), flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    assert done.stdout == f"{NUMBERS}\n"


def test_sketchybar_script_sets_the_label(tmp_path: Path) -> None:
    """The script of docs/surfaces.md, with a stand-in for the program that macOS alone has."""
    profile = with_program(tmp_path)
    said = tmp_path / "said"
    stand_in = tmp_path / "bin" / "sketchybar"
    stand_in.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{shlex.quote(str(said))}\n')
    stand_in.chmod(0o755)
    subprocess.run(
        ["/bin/sh", "-c", snippet("SketchyBar, in", 1)],
        env={**profile.environment, "NAME": "claude"},
        stdin=subprocess.DEVNULL,
        timeout=HANG_S,
        check=True,
    )
    assert said.read_text() == f"--set\nclaude\nlabel={NUMBERS}\n"


def commands() -> list[str]:
    """What each block of code asks the program for, whichever language it is in."""
    code = "\n".join(re.findall(r"```\w+\n(.*?)```", SURFACES, re.DOTALL))
    asked = r"\bstatusline\"? ((?:show|plain|tmux|init)(?: (?:--)?[a-z][\w-]*)*)"
    return sorted(set(re.findall(asked, code)))


@pytest.mark.parametrize("words", commands())
def test_the_program_knows_what_a_snippet_asks_for(words: str, tmp_path: Path) -> None:
    """zjstatus, Oh My Posh and PowerShell are not here: a word that we drop would break them."""
    profile = quiet_profile(tmp_path, with_numbers=True)
    done = profile.run(*words.replace(" --follow", "").split())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_the_snippets_are_found() -> None:
    """A pattern that finds none would let the test above say nothing."""
    found = commands()
    assert {"plain", "tmux", "init nu", "init elvish", "init pwsh"} <= set(found)
    assert {"show --format waybar --follow", "show --format xbar", "show --format plain"} <= {
        *found
    }
