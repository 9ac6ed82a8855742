"""One program that is to show a notification: started, waited for a while, ended with its kin."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from typing import IO, TYPE_CHECKING

from statusline.system.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: More of what a program complains of is not repeated.
_SAID = 160


class Process:
    """A program of ``argv`` in a session of its own, without input, output or our descriptors.

    It finds no terminal, and all of it can be ended. What it starts may outlive it: that holds
    nothing of ours.
    """

    def __init__(self, argv: Sequence[str], variables: Mapping[str, str]) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._why = ""
        try:
            # Not a pipe, which whatever it starts would keep open.
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `said`
            self._child = subprocess.Popen(
                argv,
                env=dict(variables),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            self._why = f"could not be started: {getattr(error, 'strerror', None) or 'bad name'}"

    def end(self, until_s: float) -> str:
        """Wait for it until then (monotonic), then end it; return what went wrong, "" for nothing.

        What it complained of is in ``said``.
        """
        if self._child is None:
            return self._why
        try:
            status = self._child.wait(max(until_s - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
            return "took too long and was stopped"
        if status < 0:
            return f"was killed by signal {-status}"
        return f"ended with exit code {status}" if status else ""

    def said(self) -> str:
        """Return the first line that it wrote to stderr; harmless on a terminal, and short."""
        if self._complaints is None:
            return ""
        with self._complaints as file:
            file.seek(0)
            lines = file.read(4096).decode("utf-8", "replace").strip().splitlines()
        self._complaints = None
        return printable(lines[0].strip())[:_SAID] if lines else ""
