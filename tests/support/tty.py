"""A pseudo-terminal that a test holds: sizes, keys, every byte, and the modes it was left in."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self

from .patience import HANG_S

#: Escape sequences: what a terminal obeys instead of showing it.
CONTROL = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^][^\x1b]*\x1b\\|\x1b\[[0-9;:?<=>]*[ -/$]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)


class Tty:
    """Runs `command` on a terminal of `columns` × `rows` cells; a context manager."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self.raw = b""
        self._main, self._terminal = pty.openpty()
        self._handles: tuple[int, ...] = (self._main, self._terminal)
        self._rows = rows
        self.resize(columns)
        self.modes_before = self.modes()
        terminal = self._terminal
        self._process = subprocess.Popen(
            command,
            env={"TERM": "xterm-256color", **environment},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # no threads
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait(timeout=HANG_S)
        for handle in self._handles:
            os.close(handle)

    def hang_up(self) -> None:
        """Take the terminal away, as a closed window does; the program is reaped meanwhile."""
        for handle in self._handles:
            os.close(handle)
        self._handles = ()
        self._process.wait(timeout=HANG_S)

    def resize(self, columns: int) -> None:
        """Give the terminal another width; the kernel sends SIGWINCH."""
        size = struct.pack("HHHH", self._rows, columns, 0, 0)
        fcntl.ioctl(self._main, termios.TIOCSWINSZ, size)

    def modes(self) -> list[Any]:
        """What termios says about the terminal now."""
        return termios.tcgetattr(self._terminal)

    def send(self, signal_number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(signal_number)

    def press(self, keys: str) -> None:
        """Press keys, as the bytes that a terminal sends."""
        os.write(self._main, keys.encode())

    def text(self, since: int = 0) -> str:
        """What was written from byte `since` on, without escape sequences."""
        return CONTROL.sub("", self.raw[since:].decode(errors="replace"))

    def wait_for(self, pattern: str, *, since: int = 0) -> str:
        """The text from byte `since` on, once `pattern` is in it; fails where that hangs."""
        end_s = time.monotonic() + HANG_S
        while not re.search(pattern, self.text(since)):
            left_s = end_s - time.monotonic()
            assert left_s > 0, f"no {pattern!r} in {self.text(since)!r}"
            self._read(min(left_s, 0.2))
        return self.text(since)

    def wait_for_end(self) -> int:
        """Read until the program has ended; its exit code."""
        end_s = time.monotonic() + HANG_S
        while self._process.poll() is None:
            assert time.monotonic() < end_s, f"still running after {self.text()!r}"
            self._read(0.02)
        self._read(0)
        return self._process.returncode

    def _read(self, timeout_s: float) -> None:
        while select.select([self._main], [], [], timeout_s)[0]:
            self.raw += os.read(self._main, 65536)
            timeout_s = 0
