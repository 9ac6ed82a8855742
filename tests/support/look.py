"""Claude Code's looks at our line: the command that `install` writes, run as Claude Code does."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.house import HOOKS
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.real_line import NOBODY, SAMPLE, close_gate, fill, known
from tests.support.stdin import run_fed

HOOK = HOOKS / "claude-code.sh"
#: The id of a Claude Code process that there is not.
PROCESS = "4711"
MAWK = "/usr/bin/mawk"
#: Awks by the names that they have.
AWKS = ("mawk", "gawk", "original-awk", "busybox")
#: What a launcher says that only tells that it was started, before what it is told itself.
ASKED = b"asked\n"


class Name:
    """What tests.shells.scenarios calls a shell: here it is a surface."""

    name = "claude"


class Looks:
    """A home in which our line was looked at, so that the hook has it; `asked` tells who printed.

    Its cache is `known`, to which no session of Claude Code has any news.
    """

    shell = Name()

    def __init__(
        self, home: Path, *, config: str = "", data: bytes = SAMPLE, awk: str = MAWK
    ) -> None:
        self.home = home
        self.profile = Profile(home, NOBODY, COLUMNS="120", CLAUDE_PID=PROCESS, TERM="xterm")
        self.environment = self.profile.environment
        self.directory = self.profile.directory
        self.segment = self.directory / f"line.claude-{PROCESS}"
        self.sentinel = home / "pwned"
        self.columns = 120
        self.data = data
        self._log = home / "asked"
        self.launcher = home / "launcher"
        self._real = make_launcher(home / "bin")
        self.use_real()
        self.environment["STATUSLINE_BIN"] = str(self.launcher)
        self.hook = home / "hook's" / "claude-code.sh"
        self.hook.parent.mkdir()
        self.hook.write_text(HOOK.read_text().replace(MAWK, awk))
        self.through: Sequence[str] = ("/bin/sh",)
        if config:
            self.profile.configure(config)
        close_gate(self.directory)
        said = json.loads(data)
        heard = {f"{said['session_id']}.{PROCESS}": (time.time() + 3600, None, None)}
        fill(self.directory, known(sessions=heard))
        self.looked_at = time.time()
        self.line = self.look()

    def use_real(self) -> None:
        """Let the launcher be the program, and count its starts."""
        self._launch(f'printf "%s\\n" "$1" >>{shlex.quote(str(self._log))}\nexec {self._real} "$@"')

    def use_echo(self) -> None:
        """Let the launcher print what it is told, so that no Python is started."""
        self._launch("echo asked\nexec cat")

    def _launch(self, text: str) -> None:
        self.launcher.write_text(f"#!/bin/sh\n{text}\n")
        self.launcher.chmod(0o755)

    @property
    def command(self) -> str:
        """What stands in settings.json."""
        directory, hook = shlex.quote(str(self.directory)), shlex.quote(str(self.hook))
        return f"STATUSLINE_PROFILE={directory} STATUSLINE_BIN={self.launcher}; . {hook}"

    def look(self, data: bytes | None = None, /, **more: str) -> bytes:
        """What is printed; it ends well, and silently."""
        done = run_fed(
            [*self.through, "-c", self.command],
            input=self.data if data is None else data,
            env={**self.environment, **more},
            cwd=self.home,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        printed: bytes = done.stdout
        return printed

    @property
    def asked(self) -> list[str]:
        """The words with which the program was started since the last question."""
        words = self._log.read_text().split() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        return words

    def let_be_true(self, for_s: float = 3600.0) -> None:
        """Set the moment until which the line is true; leave one first where there is none."""
        if not os.path.lexists(self.segment):
            self.look()
        until_s = time.time() + for_s
        os.utime(self.segment, (until_s, until_s))


def descendants(process: int) -> dict[int, str]:
    """The processes that Claude Code would find below one, by parent, with their names."""
    done = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True
    )
    rows = [row.split(None, 2) for row in done.stdout.splitlines()]
    found: dict[int, str] = {process: ""}
    for _ in rows:
        found |= {int(own): name for own, parent, name in rows if int(parent) in found}
    return found


def with_tool(name: str) -> pytest.MarkDecorator:
    """A mark that skips where a program is not installed."""
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")


def awk_path(name: str, directory: Path) -> str:
    """Where an awk is; busybox is one by that name."""
    path = shutil.which(name) or ""
    if name != "busybox":
        return path
    (directory / "awk").symlink_to(path)
    return str(directory / "awk")


EVERY_AWK = [pytest.param(name, marks=with_tool(name)) for name in AWKS]
