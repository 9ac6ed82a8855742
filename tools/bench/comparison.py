"""One interleaved run of several programs: what came out, as tables, ratios and chart bars."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tools.bench import tracing
from tools.bench.chart import Bar
from tools.bench.figures import Summary, summary
from tools.bench.measure import Entry, FailedError, Stopwatch, compile_c
from tools.bench.table import RUN_HEAD, run_rows, table

if TYPE_CHECKING:
    from collections.abc import Sequence

SHELL_FLOOR = "`sh -c :`"
PYTHON_FLOOR = "`python3 -IS -c pass`"


@dataclass
class Comparison:
    """What every program took in one run; ratios are only meant within one comparison."""

    entries: Sequence[Entry]
    summaries: dict[str, Summary]
    processes: dict[str, int] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def ratio(self, name: str, floor: str) -> float | None:
        """How often the median of ``floor`` goes into that of ``name``; None if one is missing."""
        if name not in self.summaries or floor not in self.summaries:
            return None
        return self.summaries[name].median_ms / self.summaries[floor].median_ms

    def cpu_ratio(self, name: str, floor: str) -> float:
        """The same for the CPU alone, which a busy machine disturbs less."""
        return self.summaries[name].cpu_ms / self.summaries[floor].cpu_ms

    def table(self) -> str:
        """The table of all programs, fastest first."""
        floor_ms = self.summaries[SHELL_FLOOR].median_ms
        return table(RUN_HEAD, run_rows(self.summaries, floor_ms, self.processes))

    def bars(self) -> list[Bar]:
        """The ratios to the shell floor, for a chart."""
        floor_ms = self.summaries[SHELL_FLOOR].median_ms
        kinds = {entry.name: entry.kind for entry in self.entries}
        return [
            Bar(name.replace("`", ""), seen.median_ms / floor_ms, kinds[name])
            for name, seen in self.summaries.items()
        ]


def compare(
    stopwatch: Stopwatch, entries: Sequence[Entry], budget_s: float, *, traced: bool = True
) -> Comparison:
    """Run all in turns; a program that fails is left out and named with its reason."""
    working: list[Entry] = []
    missing: dict[str, str] = {}
    for entry in entries:
        try:
            stopwatch.laps(entry)
        except FailedError as error:
            missing[entry.name] = str(error)
        else:
            working.append(entry)
    taken = stopwatch.interleave(working, budget_s)
    result = Comparison(working, {name: summary(laps) for name, laps in taken.items()})
    result.missing = missing
    if traced and stopwatch.traced and tracing.is_here():
        for entry in working:
            result.processes[entry.name] = tracing.trace(entry).processes
    return result


def floors(directory: str, python: str) -> list[Entry]:
    """What nobody can be faster than: a shell, this interpreter, a C program that prints a file."""
    env = {"PATH": os.environ.get("PATH", os.defpath)}
    program = compile_c("floor", directory)
    with open(f"{directory}/segment", "w", encoding="utf-8") as file:
        file.write("5h 61% 2h11m · 7d 22%\n")
    return [
        Entry(SHELL_FLOOR, ("/bin/sh", "-c", ":"), env, "floor", silent=True),
        Entry(PYTHON_FLOOR, (python, "-IS", "-c", "pass"), env, "floor", silent=True),
        Entry("C program that prints a file", (program, f"{directory}/segment"), env, "floor"),
    ]


def as_started(entry: Entry) -> Entry:
    """The same as Claude Code and tmux start it: through ``/bin/sh -c``."""
    return replace(entry, argv=("/bin/sh", "-c", shlex.join(entry.argv)))
