"""A private tmux server with our line in its status row, and clients whose screens are read."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from .house import HOOKS
from .patience import HANG_S
from .profile import Profile
from .screen import Screen

#: What follows our line in the row.
TAIL = "| tail"


def line(profile: Profile, launcher: Path, hook: Path = HOOKS / "tmux.sh") -> str:
    """What stands between #( and ) in the user's tmux.conf."""
    values = {
        "STATUSLINE_PROFILE": str(profile.directory),
        "STATUSLINE_BIN": str(launcher),
        "STATUSLINE_API_URL": profile.environment["STATUSLINE_API_URL"],
    }
    for name in ("CLAUDE_CONFIG_DIR", "STATUSLINE_CACHE_DIR"):
        if name in profile.environment:
            values[name] = profile.environment[name]
    assigned = " ".join(f"{name}={shlex.quote(value)}" for name, value in values.items())
    exported = " ".join(values)
    source = f"{assigned}; export {exported}; . {shlex.quote(str(hook))}"
    return source.replace("#", "##").replace("%", "%%")


class Server:
    """A tmux server of its own with our line in status-right, once a second."""

    def __init__(self, environment: Mapping[str, str], job: str, directory: Path) -> None:
        # A socket's path holds about 100 bytes: pytest's own directories are too deep.
        self._sockets = Path(tempfile.mkdtemp(prefix="inner-"))
        self._program = shutil.which("tmux") or "tmux"
        self._environment = {"TERM": "tmux-256color", **environment}
        self._directory = directory
        self.tmux("new-session", "-d", "-x", "120", "-y", "10", "cat")
        self.tmux("set-option", "-g", "status-interval", "1")
        self.tmux("set-option", "-g", "status-left", "")
        self.tmux("set-option", "-g", "status-right-length", "110")
        self.tmux("set-option", "-g", "@own", "#(touch pwned)")
        self.tmux("set-option", "-g", "status-right", f"#({job}) {TAIL}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self.tmux("kill-server")
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _argv(self, *words: str) -> list[str]:
        return [self._program, "-u", "-S", str(self._sockets / "s"), "-f", "/dev/null", *words]

    def tmux(self, *words: str) -> str:
        """Run one tmux command in this server's environment; what it prints."""
        done = subprocess.run(
            self._argv(*words),
            env=self._environment,
            cwd=self._directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=HANG_S,
            check=True,
        )
        return done.stdout.decode()

    def process(self) -> int:
        """The server's process id."""
        return int(self.tmux("display-message", "-p", "#{pid}"))

    def client(self) -> Screen:
        """One more client; its last row is the status line."""
        environment = {"LANG": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": str(self._directory)}
        command = ["env", "TERM=tmux-256color", *self._argv("attach")]
        return Screen(command, environment, columns=120, rows=10)


def row(screen: Screen) -> str:
    """The status line that a client shows."""
    return screen.text().rstrip("\n").rpartition("\n")[2]
