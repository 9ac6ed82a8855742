"""bash, zsh and fish as a user has them: rc files that source the hook, and a prompt."""

from __future__ import annotations

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.shells.terminal import Terminal
from tests.support import capabilities
from tests.support.house import HOOKS
from tests.support.launcher import make_launcher
from tests.support.profile import Profile
from tests.support.real_line import NOBODY, STYLE, fill, known

MARKS = {
    "bash": capabilities.needs_bash,
    "zsh": capabilities.needs_zsh,
    "fish": capabilities.needs_fish,
}
#: The parameters of a test that runs in every shell there is.
EVERY_SHELL = [pytest.param(name, marks=mark) for name, mark in MARKS.items()]
#: What shells say when something goes wrong.
TROUBLE = ("rror", "arning", "nbound", "not found", "o such", "denied", "not set", "cannot")
#: What each shell does before a prompt, where it has none.
RUN = {"bash": "_statusline_prompt", "zsh": "_statusline_prompt", "fish": "emit fish_prompt"}
#: A prompt is <SEGMENT|STATUS>@@; the text between is never typed.
PROMPT = r"<([^<>]*)\|(\d+)>@@"


@dataclass(frozen=True)
class Shell:
    """One shell: how it is started with an rc file, and what that holds."""

    name: str
    rc: str
    interactive: tuple[str, ...]
    strict: tuple[str, ...]
    prompt: str

    @property
    def hook(self) -> Path:
        """The file that a user sources."""
        return HOOKS / (f"prompt.{self.name}" if self.rc else f"{self.name}.sh")

    @property
    def source(self) -> str:
        """The command that sources the hook."""
        return f". {shlex.quote(str(self.hook))}"


BASH = Shell(
    "bash",
    ".bashrc",
    ("bash", "--noprofile", "--rcfile", ".bashrc", "-i"),
    ("bash", "--norc", "-euo", "pipefail", "-o", "noclobber", "-c"),
    "PS1='<${STATUSLINE_SEGMENT}|$?>@@ '\n",
)
ZSH = Shell(
    "zsh",
    ".zshrc",
    ("zsh", "-d", "-i"),
    ("zsh", "-feu", "-o", "pipefail", "-o", "noclobber", "-c"),
    "setopt PROMPT_SUBST\nunsetopt PROMPT_SP\nPROMPT='<${STATUSLINE_SEGMENT}|%?>@@ '\n",
)
FISH = Shell(
    "fish",
    ".config/fish/config.fish",
    ("fish", "-i"),
    ("fish", "--no-config", "-c"),
    "function fish_greeting; end\nfunction fish_title; end\n"
    'function fish_prompt; printf "<%s|%s>@@ " "$STATUSLINE_SEGMENT" $status; end\n',
)
SHELLS = {shell.name: shell for shell in (BASH, ZSH, FISH)}
#: The hosts that start /bin/sh for each redraw: no rc file, no prompt.
HOSTS = {name: Shell(name, "", (), ("/bin/sh", "-euc"), "") for name in ("tmux", "starship")}


def steady(label: str = "5h", used_pct: float = 61.0) -> Snapshot:
    """A snapshot whose line does not change with the minutes, with this five-hour window."""
    snapshot = known()
    for seen in list(snapshot.windows.values()):
        is_first = seen.window == "five_hour"
        snapshot.windows[seen.window] = Observation(
            seen.window,
            label if is_first else seen.label,
            used_pct if is_first else seen.utilization_pct,
            None,
            seen.observed_at,
            seen.source,
        )
    return snapshot


def plain(value: str) -> str:
    """A segment without its styles."""
    return STYLE.sub(b"", value.encode()).decode().replace("%%", "%")


class Scene:
    """A home in which one shell's segment is there and true; a scenario then changes it."""

    def __init__(self, home: Path, shell: Shell) -> None:
        self.shell = shell
        self.profile = Profile(home, NOBODY, ZDOTDIR=str(home))
        self.environment = self.profile.environment
        self.home = home
        self.directory = self.profile.directory
        self.segment = self.directory / f"segment.{shell.name}"
        self.sentinel = home / "pwned"
        self.columns = 100
        self._values = 0
        self._log = home / "asked"
        real = make_launcher(home / "bin")
        launcher = home / "launcher"
        log = shlex.quote(str(self._log))
        launcher.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >>{log}\nexec {real} "$@"\n')
        launcher.chmod(0o755)
        self.environment["STATUSLINE_BIN"] = str(launcher)
        # Where this is missing, fish reads all manual pages first, in the background.
        (home / ".local/share/fish/generated_completions").mkdir(parents=True)
        fill(self.directory, steady())
        assert self.profile.run(shell.name).returncode == 0
        assert self.segment.exists()
        self.let_be_true()

    def let_be_true(self, for_s: float = 3600.0) -> None:
        """Set the moment until which the segment is true."""
        until_s = time.time() + for_s
        os.utime(self.segment, (until_s, until_s))

    def write_segment(self, text: str, cells: int = 20) -> None:
        """Put something else in the place of the segment."""
        self.segment.write_text(f"{text}\n{cells}\n")
        self.let_be_true()

    @property
    def asked(self) -> list[str]:
        """The words with which the launcher was started, without those for the directory."""
        words = self._log.read_text().split() if self._log.exists() else []
        return [word for word in words if word != "profile"]

    @property
    def profile_questions(self) -> int:
        """How often the directory was asked for."""
        return self._log.read_text().split().count("profile") if self._log.exists() else 0

    def open(self, before: str = "", after: str = "", *through: str) -> Terminal:
        """An interactive shell that sources the hook, between two pieces of rc file."""
        rc = self.home / self.shell.rc
        rc.parent.mkdir(parents=True, exist_ok=True)
        rc.write_text(f"{before}\n{self.shell.source}\n{self.shell.prompt}{after}\n")
        command = [*through, *self.shell.interactive]
        return Terminal(command, self.environment, self.home, columns=self.columns)

    def value(self, terminal: Terminal) -> str:
        """The bytes of STATUSLINE_SEGMENT at the prompt that is there now."""
        self._values += 1
        name = f"value-{self._values}"
        terminal.type(f'printf %s "$STATUSLINE_SEGMENT" >{name}.new; command mv {name}.new {name}')
        return terminal.wait_for_file(self.home / name)
