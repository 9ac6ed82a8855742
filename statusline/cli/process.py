"""What a command can count on: three open streams, and a clean-up when it is told to end."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: How each of the three is opened where it is closed. What is written to the second fails, as it
#: does with a full disk, and is told so; nothing that is opened later can take its place.
_STAND_INS = {0: os.O_RDONLY, 1: os.O_RDONLY, 2: os.O_WRONLY}


class Output(io.FileIO):
    """stdout: keeps in mind why it took something no more."""

    lost: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write what can be written, and return how much that was."""
        try:
            return super().write(data)
        except OSError as error:
            self.lost = error
            raise


class _Complaints(io.FileIO):
    """stderr: where nobody can be told, the exit code still says it."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data) or 0
        except OSError:
            return len(data)


def open_streams() -> None:
    """Make sure that stdin, stdout and stderr are there, and that stderr raises nothing.

    stdout remembers what it lost.
    """
    for number, flags in _STAND_INS.items():
        try:
            os.fstat(number)
        except OSError:
            handle = os.open(os.devnull, flags)  # the lowest number that is free: this one
            os.set_inheritable(handle, True)  # noqa: FBT003  # has no keywords
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(
            io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8"
        )
    given = sys.stdout
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(Output(1, "w", closefd=False)),
        encoding="utf-8" if given is None else given.encoding,
        errors="strict" if given is None else given.errors,
        line_buffering=given is not None and given.isatty(),
    )
    encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(_Complaints(2, "w", closefd=False)),
        encoding=encoding,
        errors="backslashreplace",
        line_buffering=True,
    )


@contextlib.contextmanager
def tidy() -> Iterator[None]:
    """End through the clean-up instead of past it, where a terminal or a directory needs one.

    Whoever is told to end a second time goes on with that clean-up: people press Ctrl+C twice.
    """
    told = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    by_itself = signal.default_int_handler, signal.SIG_DFL
    before = {number: signal.getsignal(number) for number in told}

    def leave(number: int, _frame: FrameType | None) -> None:
        for each in told:
            signal.signal(each, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    for number, handler in before.items():
        if handler in by_itself:
            signal.signal(number, leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)
