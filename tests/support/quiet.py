"""The processes of a home, and when there are none left (Linux)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from .patience import HANG_S

#: Of a process's flags the one that says that it is the kernel's own, without an environment.
_KERNEL_THREAD = 0x00200000


def processes_of(home: Path) -> list[int]:
    """The ids of all processes that have this home in their environment."""
    return [pid for pid, environ in _environs() if _mark(home) in environ]


def wait_until_quiet(home: Path) -> bool:
    """Whether no process is left in this home, which is waited for; polls.

    A process that is just becoming another program shows no environment, for as long as it gets
    no processor: it may be of this home.
    """
    end_s = time.monotonic() + HANG_S
    looks = 0
    while looks < 3:
        is_busy = any(
            _mark(home) in environ or (not environ and _is_becoming(pid))
            for pid, environ in _environs()
        )
        looks = 0 if is_busy else looks + 1
        if time.monotonic() > end_s:
            return False
        time.sleep(0.02)
    return True


def _mark(home: Path) -> bytes:
    return os.fsencode(f"HOME={home}\0")


def _environs() -> Iterator[tuple[int, bytes]]:
    """Each process that may be looked at, and its environment."""
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            yield int(name), Path(f"/proc/{name}/environ").read_bytes()
        except OSError:
            continue


def _is_becoming(pid: int) -> bool:
    """Whether a process that shows no environment is in the middle of an exec (proc(5))."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return False
    state, flags, env_start = fields[0], int(fields[6]), fields[47]
    return state not in "ZX" and not flags & _KERNEL_THREAD and env_start == "0"
