"""One system call of a program that fails: its first, its second, ... and so on to the last.

Only calls on files of the user's count, those whose path or open file lies in a home: without
Python's own files there is no program that could say anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

#: What a program asks of the kernel for its files, and the errors that the kernel may answer.
CALLS = {
    "openat": ("EACCES", "EMFILE"),
    "read": ("EIO",),
    "write": ("ENOSPC", "EDQUOT"),
    "fsync": ("EIO",),
    "rename": ("EROFS",),
    "unlink": ("EACCES",),
    "rmdir": ("EACCES",),
    "fchmod": ("EPERM",),
    "chmod": ("EPERM",),
    "mkdir": ("EACCES",),
    "symlink": ("EACCES",),
    "utimensat": ("EPERM",),
    "close": ("EIO",),
    "newfstatat": ("EIO",),
    "getdents64": ("EIO",),
    "readlink": ("EIO",),
    "lseek": ("EIO",),
    "flock": ("ENOLCK",),
    "ftruncate": ("EIO",),
    "fcntl": ("ENOLCK",),
    "fdatasync": ("EIO",),
    "pread64": ("EIO",),
    "pwrite64": ("ENOSPC",),
}
FAULTS = [(call, error) for call, errors in CALLS.items() for error in errors]
#: Runs a program through another one.
Run = Callable[[tuple[str, ...]], CompletedProcess[str]]


class Fault(NamedTuple):
    """One call that was made to fail: what the program did then, and which call it was."""

    done: CompletedProcess[str]
    hit: str

    @property
    def said(self) -> str:
        """All that the program said."""
        return self.done.stdout + self.done.stderr


class Sweep:
    """The calls of one program in one home, which are made to fail one by one."""

    def __init__(self, trace: Path, home: Path, run: Run) -> None:
        self._trace = trace
        self._home = home
        self._run = run

    def points(self) -> dict[str, list[int]]:
        """Which calls are on a file of the user's: of each kind, counted from 1.

        The program should have run before: Python keeps what it has compiled.
        """
        self._run(self._strace(",".join(f"?{call}" for call in CALLS)))
        count: Counter[str] = Counter()
        found: dict[str, list[int]] = {call: [] for call in CALLS}
        for each in self._seen():
            call = each.partition("(")[0]
            count[call] += 1
            if self._is_ours(each):
                found[call].append(count[call])
        return found

    def fail(self, call: str, error: str, number: int) -> Fault | None:
        """Let the call of this number fail; None where there was none, or on another file."""
        inject = ("-e", f"inject={call}:error={error}:when={number}")
        done = self._run((*self._strace(call), *inject))
        for each in self._seen():
            if "(INJECTED)" in each and self._is_ours(each):
                return Fault(done, each)
        return None

    def _is_ours(self, call: str) -> bool:
        """Whether a call is on a file of the user's; where the program was started is no matter."""
        return str(self._home) in re.sub(r"AT_FDCWD<[^>]*>", "", call)

    def _strace(self, calls: str) -> tuple[str, ...]:
        what = ("-e", f"trace={calls}", "-e", "signal=none")
        return ("strace", "-qq", "-y", "-o", str(self._trace), *what)

    def _seen(self) -> list[str]:
        text = self._trace.read_text(errors="replace")
        return [each for each in text.splitlines() if re.match(r"\w+\(", each)]
