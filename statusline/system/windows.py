"""Windows, where nobody has tried this: what the program asks of POSIX, out of what there is.

Windows has no module ``posix``, and ``os`` has less in it. Here both get what is asked of them, so
that the commands can be used; to start a process of ours raises ``OSError``, as on a full machine.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from types import ModuleType
from typing import NoReturn

#: Flags that Windows has no use for, and the one that keeps line ends as they are.
_FLAGS = {
    **dict.fromkeys(("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_DIRECTORY"), 0),
    "O_CLOEXEC": getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_BINARY", 0),
}
#: What the program starts other processes with, or hands descriptors on.
_PROCESSES = ("fork", "setsid", "nice", "set_blocking", "pread", "pwrite")


def stand_in() -> None:
    """Put a module ``posix`` in place, made of ``os``, and what ``os`` lacks into that."""
    missing = {**_FLAGS, "geteuid": _nobody, "getuid": _nobody, "fchmod": _leave}
    for name, value in missing.items():
        if not hasattr(os, name):
            setattr(os, name, value)
    if not hasattr(signal, "SIGHUP"):
        signal.SIGHUP = signal.SIGTERM  # type: ignore[misc]  # nobody hangs up there
    posix = ModuleType("posix")
    vars(posix).update(vars(os))
    vars(posix).update({name: _refuse for name in _PROCESSES if not hasattr(os, name)})
    vars(posix).update(environ=environment(dict(os.environ)), readv=_readv)
    sys.modules["posix"] = posix


def environment(values: dict[str, str]) -> dict[bytes, bytes]:
    """Return the environment as ``posix`` has it, paths with slashes, HOME from USERPROFILE."""
    home = values.get("HOME") or values.get("USERPROFILE") or ""
    return {
        os.fsencode(name): os.fsencode(value.replace("\\", "/") if value[1:3] == ":\\" else value)
        for name, value in {**values, "HOME": home}.items()
    }


def _nobody() -> int:
    return 0  # as st_uid is there


def _leave(_handle: int, _mode: int) -> None:
    """A mode says nothing there."""


def _refuse(*_arguments: object) -> NoReturn:
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def _readv(handle: int, buffers: list[memoryview]) -> int:
    data = os.read(handle, len(buffers[0]))
    buffers[0][: len(data)] = data
    return len(data)
