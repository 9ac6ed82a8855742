"""The real starship in bash and zsh shows our segment, from the file, and runs nothing in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.capabilities import needs_bash, needs_tmux, needs_zsh
from tests.support.launcher import make_launcher
from tests.support.profile import Profile
from tests.support.program import package
from tests.support.screen import Screen
from tests.support.server import UsageServer

pytestmark = needs_tmux

SHELLS = [pytest.param("bash", marks=needs_bash), pytest.param("zsh", marks=needs_zsh)]
PROMPT = "done>"
#: Each would run `touch` in some host, or break the line.
HOSTILE = "$(touch pwned) `touch pwned` ${x:=$(touch pwned)} %n \\u \\$(touch pwned) 5%"


class StarshipHome:
    """A home whose shells start starship with our module and nothing else in the prompt."""

    def __init__(self, home: Path, starship_directory: Path, url: str) -> None:
        self.launcher = make_launcher(home / "bin")
        self.calls = home / "calls"
        counting = home / "bin" / "counting"
        counting.write_text(f'#!/bin/sh\necho "$*" >>{self.calls}\nexec {self.launcher} "$@"\n')
        counting.chmod(0o755)
        path = f"{starship_directory}:{os.environ['PATH']}"
        self.profile = Profile(home, url, PATH=path, ZDOTDIR=str(home), TERM="xterm-256color")
        directory = self.profile.directory
        hook = package() / "hooks" / "starship.sh"
        command = f"STATUSLINE_BIN={counting}; STATUSLINE_PROFILE={directory}; . {hook}"
        (home / ".config").mkdir()
        (home / ".config" / "starship.toml").write_text(
            "add_newline = false\n"
            "command_timeout = 100000\n"
            f'format = "${{custom.claude}}{PROMPT} "\n'
            "[custom.claude]\n"
            f"command = {json.dumps(command)}\n"
            "when = true\n"
            'shell = ["/bin/sh"]\n'
            'format = "$output "\n'
        )
        (home / ".zshrc").write_text('eval "$(starship init zsh)"\n')
        (home / ".bashrc").write_text('eval "$(starship init bash)"\n')

    @property
    def segment(self) -> Path:
        """The pre-rendered line."""
        return self.profile.directory / "segment.starship"

    def start(self, shell: str) -> Screen:
        """A screen, still to be entered, with an interactive shell in the home."""
        home = self.profile.home
        options = ["--noprofile", "--rcfile", str(home / ".bashrc")] if shell == "bash" else []
        return Screen([shell, *options, "-i"], self.profile.environment, directory=home)

    def count(self) -> int:
        """How often the hook asked the program."""
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0

    def keep(self, line: bytes, for_s: float = 3600.0) -> None:
        """Make `line` the segment that is true for the next `for_s` seconds."""
        self.segment.write_bytes(b"%b\n%d\n" % (line, 40))
        until_s = time.time() + for_s
        os.utime(self.segment, (until_s, until_s))


@pytest.fixture
def home(tmp_path: Path, starship_directory: Path) -> StarshipHome:
    """A home in which one refresh brought 61 % and 22 %."""
    with UsageServer() as server:
        made = StarshipHome(tmp_path, starship_directory, server.url)
        assert made.profile.run("refresh").returncode == 0
    return made


def prompts(screen: Screen, count: int) -> str:
    """Ask for prompts, one after the other; the screen on which `count` of them stand."""
    for done in range(1, count):
        screen.wait_for(rf"(?s)(.*{PROMPT}){{{done}}}")
        screen.press("Enter")
    return screen.wait_for(rf"(?s)(.*{PROMPT}){{{count}}}")


@pytest.mark.parametrize("shell", SHELLS)
def test_prompt_shows_the_segment(home: StarshipHome, shell: str) -> None:
    """The module stands in the prompt with its numbers and colours, and no escape is visible."""
    with home.start(shell) as screen:
        screen.wait_for(rf"^5h 61% 2h[01]\dm · 7d 22% {PROMPT}")
        assert re.search(r"\x1b\[[0-9;]*m61%", screen.colored())


@pytest.mark.parametrize("shell", SHELLS)
def test_installed_module_shows_in_the_default_prompt(home: StarshipHome, shell: str) -> None:
    """`statusline install starship` is all that a user of the default prompt has to do."""
    configuration = home.profile.home / ".config" / "starship.toml"
    configuration.write_text("command_timeout = 100000\n")
    install = [str(home.launcher), "install", "starship", "--yes"]
    subprocess.run(install, env=home.profile.environment, capture_output=True, check=True)
    with home.start(shell) as screen:
        screen.wait_for(r"5h 61% 2h[01]\dm · 7d 22%")


@pytest.mark.parametrize("shell", SHELLS)
def test_prompt_is_shown_from_the_file(home: StarshipHome, shell: str) -> None:
    """Five prompts start no program while the segment is true; without it each asks once."""
    home.keep(home.profile.run("starship").stdout.strip("\n").encode())
    with home.start(shell) as screen:
        seen = prompts(screen, 5)
        assert seen.count("5h 61%") == 5
        assert home.count() == 0
        home.segment.unlink()
        (home.profile.directory / "usage.json").unlink()
        screen.press("Enter")
        screen.wait_for(rf"^usage: .* {PROMPT}")
        assert home.count() >= 1


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("where", ["segment", "usage.json"])
def test_hostile_values_stay_text(home: StarshipHome, shell: str, where: str) -> None:
    """What looks like a command, a prompt escape or a variable is shown, and nothing runs."""
    if where == "segment":
        home.keep(HOSTILE.encode())
    else:
        home.segment.unlink(missing_ok=True)  # there is none in the last second of a minute
        document = {**home.profile.usage(), "windows": {}, "plan": HOSTILE}
        (home.profile.directory / "usage.json").write_text(json.dumps(document))
    with home.start(shell) as screen:
        seen = prompts(screen, 3)
    # Our own line leaves such signs out; starship shows root's `\\$` in bash as a #.
    assert len(re.findall(r"\(touch pwned\) `?touch pwne", seen)) == 3, seen
    assert list(home.profile.home.rglob("pwned")) == []
