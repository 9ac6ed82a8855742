"""Kill a writer of the history at each of its system calls, with one strace for all of them.

Run under strace as a program: for each turn it forks a child that works on a copy of its own.
strace kills a process at its 150th call of a kind, say, so the child of turn N makes all but N of
them beforehand.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from statusline.history import store
from statusline.history.place import HistoryError
from statusline.usage.observation import Observation
from tests.support.distorted import NOW
from tests.support.patience import HANG_S
from tests.support.program import package

MINE = "salt-mine"
#: More than a Python makes of any of them until it gets here; of files it opens many.
AT, AT_OPENED = 150, 800
#: How each kind of call is made without any effect.
CALLS: dict[str, Callable[[int], object]] = {
    "openat": lambda _handle: os.close(os.open("/dev/null", os.O_RDONLY)),
    "chmod": lambda _handle: os.chmod("/nonexistent", 0o600),
    "pwrite64": lambda handle: os.pwrite(handle, b"x", 0),
    "fdatasync": os.fdatasync,
    "ftruncate": lambda handle: os.ftruncate(handle, 1),
    "unlink": lambda _handle: os.unlink("/nonexistent"),
    "rename": lambda _handle: os.rename("/nonexistent", "/nonexistent"),
    "fcntl": os.get_inheritable,
}


def keep(directory: str, pct: float, at_s: float) -> None:
    """Let a refresher keep a number of two windows, in one run."""
    with store.writing(directory) as history:
        seen = [Observation(name, name, pct, NOW + 7200, NOW + at_s, "api") for name in "ab"]
        history.note(MINE, seen, NOW + at_s)


def compete(directory: str, child: str) -> None:
    """Be one writer of several, and never meet anything but that it was another's turn."""
    for turn in range(20):
        try:
            keep(directory, 1.0 + turn + int(child) / 4, 1 + 4 * turn + int(child))
        except HistoryError as error:
            if error.trouble != "busy":
                raise


def kill_at_each(call: str, template: Path, root: Path) -> list[Path]:
    """Keep 20 % in copies of `template`, killed at the first `call`, at the second, ...

    Returns the copies, without the last one, which was not killed any more.
    """
    inject = f"inject={call}:signal=SIGKILL:when={_at(call)}"
    strace = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject)
    command = program("killed.run(*sys.argv[1:])", call, template, root)
    done = subprocess.run(
        [*strace, *command],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    return [root / name for name in done.stdout.split()]


def program(source: str, *words: object) -> list[str]:
    """Return a command that runs Python with this module as `killed`."""
    places = [str(package().parent), str(Path(__file__).parents[2])]
    start = f"import sys; sys.path[:0] = {places!r}; from tests.support import killed; "
    return [sys.executable, "-I", "-c", start + source, *map(str, words)]


def _at(call: str) -> int:
    return AT_OPENED if call == "openat" else AT


def run(call: str, template: str, root: str) -> None:
    """Be the program: print the names of the copies at which a child was killed."""
    for turn in range(1, _at(call)):
        directory = f"{root}/{call}-{turn}"
        shutil.copytree(template, directory)
        child = os.fork()
        if child == 0:
            with open(os.devnull, "wb") as sink:
                for _ in range(_at(call) - turn):
                    with contextlib.suppress(OSError):
                        CALLS[call](sink.fileno())
            keep(directory, 20.0, 60)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert status == 0, status
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write(f"{call}-{turn}\n")
        sys.stdout.flush()
    raise AssertionError(call)
