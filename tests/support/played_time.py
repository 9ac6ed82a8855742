"""A machine that sleeps: time passes for a profile, while everybody else stands still.

Everything in its files moves back, under the lock that a refresher holds while it is at work. So
each process finds all of a sleep or nothing of it, as with a machine that really slept.
"""

from __future__ import annotations

import bisect
import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from .patience import HANG_S, LOOK_S
from .profile import Profile
from .server import UsageServer

#: Files whose own time says something.
_TIMED = ("segment.", "line.", "spawn.", ".tmp-")
#: How long to wait for a refresher's lock where that may be held by somebody who is stopped.
SHORT_S = 0.2


class PlayedTime:
    """The time that has passed for a profile: that of the clock, and all sleeps."""

    def __init__(self, profile: Profile, server: UsageServer) -> None:
        self._profile, self._server = profile, server
        self._slept: list[tuple[float, float]] = [(0.0, 0.0)]

    @property
    def slept_s(self) -> float:
        """How long all sleeps were together."""
        return self._slept[-1][1]

    def at(self, moment_s: float) -> float:
        """The played time of a moment of the monotonic clock."""
        index = bisect.bisect_right(self._slept, (moment_s, float("inf"))) - 1
        return moment_s + self._slept[index][1]

    def sleep(self, seconds: int, patience_s: float = HANG_S) -> bool:
        """Sleep, in whole minutes; not, and False, where a refresher is at work for so long."""
        with self._locked(patience_s) as is_ours:
            if not is_ours:
                return False
            end_s = time.monotonic() + HANG_S
            while self._server.is_serving and time.monotonic() < end_s:
                time.sleep(LOOK_S)  # a request whose sender was killed is not counted yet
            self._profile.let_pass(seconds)
            self._move_files(seconds)
            self._move_history(seconds)
            self._slept.append((time.monotonic(), self.slept_s + seconds))
        return True

    @contextlib.contextmanager
    def _locked(self, patience_s: float) -> Iterator[bool]:
        self._profile.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        end_s = time.monotonic() + patience_s
        with (self._profile.directory / "lock").open("ab") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() > end_s:
                        yield False
                        return
                    time.sleep(LOOK_S)
                else:
                    yield True
                    return

    def _move_files(self, seconds: int) -> None:
        for path in self._profile.directory.iterdir():
            if path.name.startswith(_TIMED):
                with contextlib.suppress(FileNotFoundError):
                    moved_ns = path.stat().st_mtime_ns - seconds * 10**9
                    os.utime(path, ns=(moved_ns, moved_ns))

    def _move_history(self, seconds: int) -> None:
        path = self._history()
        if not path.exists():
            return
        connection = sqlite3.connect(path)
        with contextlib.closing(connection), connection:
            for column in ("at", "until", "resets_at"):
                connection.execute(f"UPDATE seen SET {column} = {column} - ?", (seconds,))  # noqa: S608

    def _history(self) -> Path:
        return self._profile.directory / "history.sqlite3"
