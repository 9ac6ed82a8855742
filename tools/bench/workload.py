"""Starts commands at fixed times for a while and counts all CPU that they and theirs took.

A program of its own (``python3 workload.py <jobs.json``): it adopts every orphan, so that detached
refreshers and daemons count as well, and its own work does not.
Each job: argv, env, stdin (path), every_s (0: one process for the whole time), offset_s.
A job whose last run still goes on skips its turn, as Claude Code does.
"""

from __future__ import annotations

import contextlib
import ctypes
import heapq
import json
import os
import resource
import signal
import sys
import time
from typing import Any

_PR_SET_CHILD_SUBREAPER = 36
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run the jobs on stdin and print {"cpu_s", "started", "skipped", "complete"}."""
    order = json.load(sys.stdin)
    complete = _adopt_orphans()
    started, skipped = _run(order["jobs"], float(order["duration_s"]))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    alive = _descendants(os.getpid())
    cpu_s = children.ru_utime + children.ru_stime + sum(_cpu_s(pid) for pid in alive)
    for pid in alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    result = {"cpu_s": cpu_s, "started": started, "skipped": skipped, "complete": complete}
    sys.stdout.write(json.dumps(result))


def _adopt_orphans() -> bool:
    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    except AttributeError:
        return False


def _run(jobs: list[dict[str, Any]], duration_s: float) -> tuple[int, int]:
    begin = time.monotonic()
    due = [(job["offset_s"], number) for number, job in enumerate(jobs)]
    heapq.heapify(due)
    running: dict[int, int] = {}
    started = skipped = 0
    while due and due[0][0] < duration_s:
        _reap(running)
        at_s, number = due[0]
        wait_s = begin + at_s - time.monotonic()
        if wait_s > 0:
            time.sleep(min(wait_s, 0.005))
            continue
        heapq.heappop(due)
        job = jobs[number]
        if job["every_s"]:
            heapq.heappush(due, (at_s + job["every_s"], number))
        if number in running.values():
            skipped += 1
            continue
        running[_start(job)] = number
        started += 1
    _drain(begin + duration_s + 3, running)
    return started, skipped


def _start(job: dict[str, Any]) -> int:
    null = os.devnull
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, job["stdin"] or null, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, null, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, null, os.O_WRONLY, 0),
    ]
    return os.posix_spawnp(job["argv"][0], job["argv"], job["env"], file_actions=actions)


def _reap(running: dict[int, int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            running.pop(pid, None)


def _drain(end: float, running: dict[int, int]) -> None:
    """Give what was started last a moment to end."""
    while time.monotonic() < end:
        _reap(running)
        time.sleep(0.02)


def _descendants(root: int) -> list[int]:
    parents = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if name.isdecimal():
            with contextlib.suppress(OSError):
                parents[int(name)] = int(_fields(int(name))[1])
    found: list[int] = []
    edge = {root}
    while edge:
        edge = {pid for pid, parent in parents.items() if parent in edge}
        found += edge
    return found


def _cpu_s(pid: int) -> float:
    """The CPU seconds of a living process and of its children that have ended."""
    try:
        return sum(map(int, _fields(pid)[11:15])) / _TICKS
    except OSError:
        return 0.0


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


if __name__ == "__main__":
    main()
