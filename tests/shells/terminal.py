"""A shell in a pseudo-terminal of its own: keys go in, and every byte that comes out is kept."""

from __future__ import annotations

import contextlib
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
from pathlib import Path
from typing import Self

from tests.support.patience import HANG_S

#: Everything that a terminal obeys instead of showing it.
_CONTROL = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    rb"|\x1b[P_^][^\x1b]*\x1b\\"  # DCS, APC, PM
    rb"|\x1b\[[0-9;:?<=>]*[ -/]*[@-~]"  # CSI
    rb"|\x1b[ -/]*[0-~]"  # the short ones
    rb"|[\x00-\x09\x0b-\x1f\x7f]"
)
#: What a terminal is asked about itself (Primary Device Attributes), and what one says.
_WHO, _VT220 = re.compile(rb"\x1b\[0?c"), b"\x1b[?62c"


class Terminal:
    """Runs `command` with a controlling terminal of `columns` × 24 cells; a context manager."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        directory: Path,
        *,
        columns: int = 100,
    ) -> None:
        self.raw = b""
        self._main, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

        def take_terminal() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self._process = subprocess.Popen(
            command,
            env={"TERM": "xterm-256color", **environment},
            cwd=directory,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=take_terminal,  # noqa: PLW1509  # no thread runs in these tests
        )
        os.close(terminal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=HANG_S)
        os.close(self._main)

    @property
    def shown(self) -> str:
        """All text so far, as it came, without what a terminal obeys."""
        return _CONTROL.sub(b"", self.raw).decode(errors="replace")

    def type(self, text: str) -> None:
        """Type `text` and press Enter."""
        os.write(self._main, text.encode() + b"\r")

    def press(self, key: str) -> None:
        """Press one key, Ctrl+C for example."""
        os.write(self._main, key.encode())

    def wait_for(self, pattern: str, count: int = 1) -> list[str]:
        """The first `count` matches of `pattern` in what is shown; fails where that hangs."""
        end_s = time.monotonic() + HANG_S
        while len(found := re.findall(pattern, self.shown)) < count:
            left_s = end_s - time.monotonic()
            assert left_s > 0, f"no {count} × {pattern!r} in {self.shown!r}"
            self._read(left_s)
        return found

    def wait_for_file(self, path: Path) -> str:
        """What `path` holds once it exists; goes on reading the terminal meanwhile."""
        end_s = time.monotonic() + HANG_S
        while not path.exists():
            assert time.monotonic() < end_s, f"no {path.name} after {self.shown!r}"
            self._read(0.01)
        return path.read_text()

    def leave(self, command: str = "exit") -> None:
        """Type `command` and read until the shell has ended."""
        self.type(command)
        end_s = time.monotonic() + HANG_S
        while self._process.poll() is None:
            assert time.monotonic() < end_s, f"the shell did not end: {self.shown!r}"
            self._read(0.01)
        self._read(0)

    def _read(self, timeout_s: float) -> None:
        while select.select([self._main], [], [], timeout_s)[0]:
            try:
                read = os.read(self._main, 65536)
                self.raw += read
                for _ in _WHO.findall(read):  # fish 4 waits ten seconds for that
                    os.write(self._main, _VT220)
            except OSError:  # the shell has ended
                return
            timeout_s = 0
