"""What a run does, counted by strace: processes, system calls, files opened. Never timed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tools.bench.measure import Entry

_STARTED = re.compile(r" (?:clone3?|v?fork)\((?!.*CLONE_THREAD).*= [1-9]\d*")
_OPENED = re.compile(r' open(?:at|at2)?\((?:AT_FDCWD, )?"([^"]*)".* = \d+')
_CALL = re.compile(r"^\d+ +[a-z_0-9]+\(")
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>")


class Trace(NamedTuple):
    """One run: processes in all (the first included), system calls, paths that were opened."""

    processes: int
    calls: int
    opened: tuple[str, ...]


def is_here() -> bool:
    """Tell whether strace is installed and may trace."""
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    return done.returncode == 0


def trace(entry: Entry) -> Trace:
    """Return what one run of ``entry`` did, with all of its children that end within 10 s."""
    if entry.before is not None:
        entry.before()
    with tempfile.NamedTemporaryFile("r", suffix=".strace", errors="replace") as log:
        with open(entry.stdin or os.devnull, "rb") as stdin:
            watched = subprocess.Popen(
                ["strace", "-f", "-qq", "-o", log.name, *entry.argv],
                env=dict(entry.env),
                cwd=entry.cwd,
                stdin=stdin,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        try:
            watched.wait(10)
        except subprocess.TimeoutExpired:
            watched.terminate()  # a daemon stays; strace lets go of it
            watched.wait()
        lines = list(_whole(log.read().splitlines()))
    return Trace(
        processes=1 + sum(_STARTED.search(line) is not None for line in lines),
        calls=sum(_CALL.match(line) is not None for line in lines),
        opened=tuple(found[1] for line in lines if (found := _OPENED.search(line))),
    )


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Join the halves of calls during which another process had its say."""
    begun: dict[str, str] = {}
    for line in lines:
        pid = line.partition(" ")[0]
        if line.endswith("<unfinished ...>"):
            begun[pid] = line.removesuffix("<unfinished ...>")
            continue
        half = _RESUMED.search(line)
        yield line if half is None else begun.pop(pid, f"{pid} ") + line[half.end() :]
