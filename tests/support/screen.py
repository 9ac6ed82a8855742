"""A terminal of our own: a private tmux server with one pane, and what a person sees in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from .patience import HANG_S

#: No status row, true colours, and the last screen stays when the program has ended.
_CONFIGURATION = """\
set -g status off
set -g remain-on-exit on
set -g escape-time 0
set -g default-terminal "tmux-256color"
set -ga terminal-overrides ",*:RGB"
"""


class Screen:
    """A pane of `columns` × `rows` cells in which `command` runs; a context manager.

    The program gets `environment` and TERM, nothing else of the caller's, and no word of tmux.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 100,
        rows: int = 24,
        directory: Path | None = None,
    ) -> None:
        self._command = ["env", "-u", "TMUX", "-u", "TMUX_PANE", *command]
        self._environment = dict(environment)
        self._size = (columns, rows)
        self._directory = directory
        # A socket's path holds about 100 bytes: pytest's own directories are too deep.
        self._sockets = Path(tempfile.mkdtemp(prefix="screen-"))

    def __enter__(self) -> Self:
        columns, rows = self._size
        configuration = self._sockets / "tmux.conf"
        configuration.write_text(_CONFIGURATION)
        start = ["-f", str(configuration), "new-session", "-d", "-x", str(columns), "-y", str(rows)]
        if self._directory is not None:
            start += ["-c", str(self._directory)]
        self.tmux(*start, "--", *self._command)
        return self

    def __exit__(self, *_error: object) -> None:
        subprocess.run(
            self._argv("kill-server"),
            env=self._environment,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )
        shutil.rmtree(self._sockets, ignore_errors=True)

    def tmux(self, *words: str) -> str:
        """Run one command of this tmux server; what it prints."""
        done = subprocess.run(
            self._argv(*words),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def text(self) -> str:
        """What is on the screen, without colours."""
        return self.tmux("capture-pane", "-p")

    def colored(self) -> str:
        """What is on the screen, with its SGR sequences."""
        return self.tmux("capture-pane", "-pe")

    def type(self, text: str) -> None:
        """Type `text` as it is."""
        self.tmux("send-keys", "-l", "--", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them, such as Enter."""
        self.tmux("send-keys", *keys)

    def wait_for(self, pattern: str, hang_s: float = HANG_S) -> str:
        """The first screen in which the regular expression `pattern` is found; polls.

        Raises ``AssertionError`` with the last screen where that hangs.
        """
        end_s = time.monotonic() + hang_s
        while True:
            seen = self.text()
            if re.search(pattern, seen, re.MULTILINE):
                return seen
            assert time.monotonic() < end_s, f"no {pattern!r} on\n{seen}"
            time.sleep(0.05)

    def _argv(self, *words: str) -> list[str]:
        return ["tmux", "-S", str(self._sockets / "s"), *words]
