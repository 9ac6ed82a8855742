"""One command of somebody else's, run for a moment: what it printed, and how long it took."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from typing import NamedTuple

#: A command that takes longer is ended, in seconds.
LIMIT_S = 3.0
#: How often a segment is rendered to be timed, unless it is slow.
RUNS, SLOW_S = 5, 0.5


class Ran(NamedTuple):
    """``status`` is the exit status, ``None`` where it was ended or could not be started."""

    status: int | None
    output: bytes
    times_s: tuple[float, ...] = ()

    @property
    def least_ms(self) -> float:
        """The shortest run in milliseconds."""
        return 1000 * min(self.times_s, default=0.0)

    @property
    def median_ms(self) -> float:
        """The median run in milliseconds."""
        return 1000 * sorted(self.times_s)[len(self.times_s) // 2] if self.times_s else 0.0


def once(argv: list[str], data: bytes = b"", variables: Mapping[str, str] | None = None) -> Ran:
    """Run ``argv`` with ``data`` on stdin; never raises, never takes longer than ``LIMIT_S``.

    ``variables`` are its environment, where that is not this process's own.

    In a session of its own, so that all of it can be ended and none of it finds a terminal.
    """
    begin_s = time.perf_counter()
    try:
        child = subprocess.Popen(
            argv,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError):
        return Ran(None, b"")
    with child:
        try:
            output, _ = child.communicate(data, LIMIT_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(child.pid, signal.SIGKILL)
            return Ran(None, b"", (LIMIT_S,))
    return Ran(child.returncode, output, (time.perf_counter() - begin_s,))


def timed(argv: list[str], data: bytes = b"", variables: Mapping[str, str] | None = None) -> Ran:
    """Run ``argv`` a few times, a slow or failing one only once."""
    last = once(argv, data, variables)
    times_s = list(last.times_s)
    while len(times_s) < RUNS and last.status == 0 and times_s[-1] < SLOW_S:
        last = once(argv, data, variables)
        times_s += last.times_s
    return last._replace(times_s=tuple(times_s))
