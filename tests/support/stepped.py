"""Processes that run within this one, step by step: real code, stopped before each system call.

Each is a thread of which one at a time runs. One that is killed does nothing more: whatever it
still tries, its own cleaning up included, ends it again, and its locks and files are closed.
"""

from __future__ import annotations

import contextlib
import os
import posix
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

#: The system calls before which a process can be stopped.
STEPS = ("open", "write", "fsync", "replace", "rename", "unlink", "stat", "utime")
_here = threading.local()


class Killed(BaseException):
    """What ends a process that was killed; no code catches it."""


class Process:
    """One process: `work` in a thread of its own, which waits until it is told to go on."""

    def __init__(self, pid: int, work: Callable[[], object], *, document: object = None) -> None:
        self.pid, self.document = pid, document
        self.is_over = self.is_killed = False
        self.next_step = "start"
        self.error: BaseException | None = None
        self._work = work
        self._turn, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def advance(self) -> str:
        """Do one step; return which system call it began with."""
        done = self.next_step
        self._turn.release()
        self._back.acquire()
        if self.error is not None:
            raise self.error
        return done

    def kill(self) -> None:
        """End it where it is."""
        if not self.is_over:
            self.is_killed = True
            self.advance()
        self._thread.join()

    def pause(self, step: str) -> None:
        """Wait, in the process itself, for its next turn."""
        if not self.is_killed:
            self.next_step = step
            self._back.release()
            self._turn.acquire()
        if self.is_killed:
            raise Killed

    def _run(self) -> None:
        _here.process = self
        self._turn.acquire()
        try:
            if not self.is_killed:
                self._work()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
            self.error = error
        self.is_over = True
        self._back.release()


def present() -> Process | None:
    """The process in which this is called, None outside of all."""
    return getattr(_here, "process", None)


def pause(step: str) -> None:
    """Let the present process wait for its turn."""
    process = present()
    if process is not None:
        process.pause(step)


@contextlib.contextmanager
def stopping_at_system_calls(now: Callable[[], float]) -> Iterator[None]:
    """Stop processes before their system calls; what they write has its time from `now`."""
    with contextlib.ExitStack() as stack:
        for name in STEPS:
            hook = _hook(name, getattr(posix, name), now)
            for module in (os, posix):
                stack.enter_context(mock.patch.object(module, name, hook))
        stack.enter_context(mock.patch.object(posix, "getpid", _pid))
        yield


def _hook(name: str, real: Callable[..., Any], now: Callable[[], float]) -> Callable[..., Any]:
    stamp = posix.utime

    def call(*args: Any, **named: Any) -> Any:
        # Who waits while it imports keeps a lock of Python's, which no process has in common.
        if present() is None or sys._getframe(1).f_code.co_filename.startswith("<frozen"):
            return real(*args, **named)
        pause(name)
        if name == "fsync":
            return None  # nobody cuts the power, and a search makes thousands
        result = real(*args, **named)
        if name == "open" and args[1] & posix.O_CREAT:
            stamp(result, (now(), now()))
        elif name == "write":
            stamp(args[0], (now(), now()))
        return result

    return call


def _pid() -> int:
    process = present()
    return os.getpid() if process is None else process.pid
