"""A writer of the history that is killed, or refused, at each of its system calls in turn.

One strace does it for all of them: run under it as a program, this forks a child for each turn,
which works on a copy of its own. strace strikes at the 150th call of a process, say, so the child
of turn N makes all but N of them beforehand.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from statusline.database import access
from statusline.database.place import DatabaseError, Kind
from statusline.history import store
from statusline.history.schema import HISTORY
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
#: What changes no file, so that only an error there makes a difference.
READS: dict[str, Callable[[int], object]] = {
    "pread64": lambda handle: os.pread(handle, 1, 0),
    "newfstatat": lambda _handle: os.stat("/nonexistent"),
    "close": lambda _handle: os.close(-1),
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
        except DatabaseError as error:
            if error.trouble != "busy":
                raise


def later(kind: Kind) -> Kind:
    """The same database as a program knows it that is two versions newer."""
    steps = (
        ("CREATE TABLE later (name TEXT NOT NULL)", "INSERT INTO later VALUES ('two')"),
        ("ALTER TABLE later ADD COLUMN at INTEGER NOT NULL DEFAULT 0", "UPDATE later SET at = 3"),
    )
    return kind._replace(steps=kind.steps + steps)


def upgrade(directory: str) -> None:
    """Bring a history up to date, as the newer program does."""
    access.open_to_write(directory, access.WORK_S, later(HISTORY)).close()


def kill_at_each(call: str, template: Path, root: Path, work: str = "keep") -> list[Path]:
    """Work on copies of `template`, killed at the first `call`, at the second, ...

    The work is to keep 20 %, or to upgrade. Returns the copies, without the last one, which was
    not killed any more.
    """
    return list(_struck(call, "", template, root, work))


def refuse_at_each(call: str, error: str, template: Path, root: Path) -> dict[Path, str]:
    """Keep 20 % in copies of `template`; the first `call`, the second, ... gets an error.

    Returns the copies with what came of each: "kept", or the trouble of a `DatabaseError`.
    """
    return _struck(call, error, template, root, "keep")


def _struck(call: str, error: str, template: Path, root: Path, work: str) -> dict[Path, str]:
    how = f"error={error}" if error else "signal=SIGKILL"
    inject = f"inject={call}:{how}:when={_at(call)}"
    strace = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject)
    command = program("killed.run(*sys.argv[1:])", call, error, template, root, work)
    done = subprocess.run(
        [*strace, *command],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {root / name: came for name, came in map(str.split, done.stdout.splitlines())}


def program(source: str, *words: object) -> list[str]:
    """Return a command that runs Python with this module as `killed`."""
    places = [str(package().parent), str(Path(__file__).parents[2])]
    start = f"import sys; sys.path[:0] = {places!r}; from tests.support import killed; "
    return [sys.executable, "-I", "-c", start + source, *map(str, words)]


def _at(call: str) -> int:
    return AT_OPENED if call == "openat" else AT


def run(call: str, error: str, template: str, root: str, work: str) -> None:
    """Be the program: print each copy on which a child was struck, and what came of that."""
    for turn in range(1, _at(call)):
        directory = f"{root}/{call}-{turn}"
        shutil.copytree(template, directory)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, _be_struck(call, error, turn, directory, work).encode())
            os._exit(0)
        os.close(writer)
        _pid, status = os.waitpid(child, 0)
        came = os.read(reader, 99).decode()
        os.close(reader)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            came = "killed"
        elif came == "undisturbed":
            return
        assert came, status
        sys.stdout.write(f"{call}-{turn} {came}\n")
        sys.stdout.flush()
    raise AssertionError(call)


def _be_struck(call: str, error: str, turn: int, directory: str, work: str) -> str:
    """Do the work, struck at one of its calls; return what came of it."""
    make = (CALLS | READS)[call]
    sink = os.open(os.devnull, os.O_WRONLY)  # never closed, which would be a call
    for _ in range(_at(call) - turn):
        with contextlib.suppress(OSError):
            make(sink)
    came = "kept"
    try:
        if work == "upgrade":
            upgrade(directory)
        else:
            keep(directory, 20.0, 60)
    except DatabaseError as failed:
        came = failed.trouble
    for _ in range(turn if error else 0):  # if the work made fewer, one of these is struck
        try:
            make(sink)
        except OSError as struck:
            if struck.errno == getattr(errno, error):
                return "undisturbed"
    return came if error else "undisturbed"
