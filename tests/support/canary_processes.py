"""Looks at every process that starts while the tests run, for the mark in what it shows.

A program that ends with its stdin, and then prints what it has seen as JSON. Linux only: it reads
/proc, where anybody on the machine can read an argv.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from typing import NamedTuple

from . import canary

#: Between two looks; a Python needs longer to start.
EVERY_S = 0.1
#: How often a process is looked at: it may become another program.
LOOKS = 3
#: In the environment of a process that leaks on purpose, to see whether that is seen.
CONTROL = b"CANARY_CONTROL=1"


class Process(NamedTuple):
    """What everybody may read of a process, and what its owner may."""

    parent: int
    argv: bytes
    environment: bytes


def look(pid: int) -> Process | None:
    """A process as it is now; None if it is gone, or somebody else's."""
    try:
        parts = [_read(pid, name) for name in ("stat", "cmdline", "environ")]
    except OSError:
        return None
    return Process(int(parts[0].rpartition(b")")[2].split()[1]), parts[1], parts[2])


def _read(pid: int, name: str) -> bytes:
    with open(f"/proc/{pid}/{name}", "rb", buffering=0) as file:
        return file.read(1 << 20)


def leaks(process: Process, ancestors: bytes = b"") -> list[str]:
    """What holds the mark and may not; `ancestors` are the argv of those who started it.

    Nothing in an argv. In the environment the variables in which a user hands a login to Claude
    Code, of which a refresher knows the login alone, and what it starts knows none.
    """
    found = ["argv"] if canary.is_in(process.argv) else []
    allowed = set() if _is_refresher(ancestors) else set(canary.VARIABLES)
    if _is_refresher(process.argv):
        allowed = {"CLAUDE_CODE_OAUTH_TOKEN"}
    for pair in process.environment.split(b"\0") if canary.is_in(process.environment) else []:
        name = pair.partition(b"=")[0].decode("ascii", "replace")
        if canary.is_in(pair) and name not in allowed:
            found.append(name)
    return found


def _is_refresher(argv: bytes) -> bool:
    return b"\0refresh\0--background\0" in argv


class Watch:
    """All processes since it was made: how many were seen, and which show the mark."""

    def __init__(self, passed_over: bytes = CONTROL) -> None:
        self._passed_over = passed_over
        self._looks = dict.fromkeys(_pids(), LOOKS)
        self._argvs: dict[int, bytes] = {}
        self.count = 0
        self.refreshers = 0
        self.hits: list[str] = []

    def look(self) -> None:
        """Look at those that are new."""
        there = _pids()
        self._looks = {pid: self._looks.get(pid, 0) for pid in there}
        for pid in there:
            if self._looks[pid] < LOOKS and (process := look(pid)):
                self._note(pid, process)

    def _note(self, pid: int, process: Process) -> None:
        self.count += not self._looks[pid]
        self._looks[pid] += 1
        self.refreshers += self._looks[pid] == 1 and _is_refresher(process.argv)
        above = self._argvs.get(process.parent, b"")
        self._argvs[pid] = process.argv + above
        if self._passed_over and self._passed_over in process.environment:
            return
        words = process.argv[:300].replace(b"\0", b" ").decode("ascii", "replace")
        self.hits += [f"{what} of {words}" for what in leaks(process, above)]


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def main() -> None:
    """Look around until stdin ends, then tell."""
    watch = Watch()
    while not select.select([sys.stdin], [], [], EVERY_S)[0]:
        watch.look()
    seen = {
        "hits": sorted(set(watch.hits)),
        "count": watch.count,
        "refreshers": watch.refreshers,
        "cpu_s": time.process_time(),
    }
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
