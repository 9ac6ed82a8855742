"""Timed runs of real programs, interleaved, so that a busy moment meets all of them alike."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools.bench.figures import Lap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HERE = os.path.dirname(__file__)
#: No single run may take longer; then it is killed and counts as it is.
LIMIT_S = 60
#: A program that takes longer than this is run in fewer rounds than the quick ones.
STRIDE_MS = 30.0
MOST_STRIDE = 12
FEWEST_ROUNDS = 25


class FailedError(Exception):
    """A program printed nothing or failed, so that its time would mean nothing."""


@dataclass(frozen=True)
class Entry:
    """One program in a comparison.

    ``kind`` is "floor", "ours" or "peer"; ``stdin`` the path of a file or "" for an empty pipe;
    ``before`` prepares each run outside of the time; ``silent`` programs print nothing.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    kind: str = "peer"
    stdin: str = ""
    cwd: str = "/"
    note: str = ""
    silent: bool = False
    before: Callable[[], None] | None = field(default=None, compare=False)


class Stopwatch:
    """Runs programs below ``lap.c``'s tiny process; needs a C compiler once, at the start.

    ``traced`` says whether there is time to count processes as well.
    """

    def __init__(self, directory: str, *, traced: bool = True) -> None:
        self.traced = traced
        self._lap = compile_c("lap", directory)

    def laps(self, entry: Entry, count: int = 1, limit_s: int = LIMIT_S) -> list[Lap]:
        """Return ``count`` runs started at once; raises ``FailedError`` if none printed a thing."""
        if entry.before is not None:
            entry.before()
        done = subprocess.run(
            [self._lap, str(count), str(limit_s), entry.stdin or "-", *entry.argv],
            env=dict(entry.env),
            cwd=entry.cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s + 30,
            check=False,
        )
        figures, _, printed = done.stdout.partition(b".\n")
        if done.returncode != 0:
            raise FailedError(f"{entry.name}: {done.stderr.decode(errors='replace').strip()}")
        laps = [_lap(line) for line in figures.splitlines()]
        if not entry.silent and not printed.strip():
            raise FailedError(f"{entry.name}: printed nothing, exit status {laps[0].status}")
        return laps

    def interleave(
        self, entries: Sequence[Entry], budget_s: float, rounds: int = 200
    ) -> dict[str, list[Lap]]:
        """Return each program's laps, taken in turns in changing order within ``budget_s``.

        A first run of each is not counted; it tells who is slow and runs more rarely.
        """
        shuffle = random.Random(4).shuffle
        strides = {}
        for entry in entries:
            slow = self.laps(entry)[0].wall_ms / STRIDE_MS
            strides[entry.name] = max(1, min(MOST_STRIDE, int(slow)))
        taken: dict[str, list[Lap]] = {entry.name: [] for entry in entries}
        end = time.monotonic() + budget_s
        number = 0
        while number < rounds and (time.monotonic() < end or number < FEWEST_ROUNDS):
            order = [entry for entry in entries if number % strides[entry.name] == 0]
            shuffle(order)
            for entry in order:
                taken[entry.name] += self.laps(entry)
            number += 1
        return taken


def _lap(line: bytes) -> Lap:
    wall_ns, cpu_us, peak, status = map(int, line.split())
    peak_kb = peak / 1024 if sys.platform == "darwin" else peak
    return Lap(wall_ns / 1e6, cpu_us / 1e3, peak_kb / 1024, status)


def compile_c(name: str, directory: str) -> str:
    """Return the path of the compiled ``name.c``; raises ``FailedError`` without a compiler."""
    target = f"{directory}/{name}"
    complaint = b""
    for static in (["-static"], []):
        try:
            done = subprocess.run(
                ["cc", "-O2", *static, "-o", target, f"{HERE}/{name}.c"],
                capture_output=True,
                timeout=60,
                check=False,
            )
        except FileNotFoundError:
            raise FailedError("the C compiler cc is missing; install one (gcc or clang)") from None
        if done.returncode == 0:
            return target
        complaint = done.stderr
    raise FailedError(f"{name}.c: {complaint.decode(errors='replace')}")
