"""The shell functions with a true segment: what one prompt costs, beside ``sh -c :``."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Self

from tools.bench.figures import Bar, median, quantile
from tools.bench.measure import Entry, FailedError

if TYPE_CHECKING:
    from tools.bench.measure import Stopwatch
    from tools.bench.ours import Ours

#: The most that one prompt may cost, as a share of ``sh -c :``.
LIMITS = {"bash": 0.07, "zsh": 0.06, "fish": 0.15}
#: Prompts in one measured stretch: long enough for the clock, short enough to take turns.
STRETCH = 100
ROUNDS, FLOORS = 12, 4
#: Shells that are started one after another: the figure is the median of theirs.
RUNS = 10
_LOOP = "while read -r n; do for ((i = 0; i < n; i++)); do _statusline_prompt; done; echo; done"
_FISH_LOOP = "while read -l n; for i in (seq $n); _statusline_prompt; end; echo; end"
_COMMANDS = {
    "bash": ("bash", "--norc", "-c", f"COLUMNS=100; . {{}}; {_LOOP}"),
    "zsh": ("zsh", "-f", "-c", f"COLUMNS=100; . {{}}; {_LOOP}"),
    "fish": (
        *("fish", "--no-config", "-c"),
        f"set -g COLUMNS 100; . {{}}; {_FISH_LOOP}",
    ),
}


class Prompts:
    """One shell that has sourced its hook and draws prompts when told; a context manager."""

    def __init__(self, ours: Ours, shell: str) -> None:
        *command, script = _COMMANDS[shell]
        hook = shlex.quote(f"{ours.hooks}/prompt.{shell}")
        self._process = subprocess.Popen(
            [*command, script.replace("{}", hook)],
            env=ours.environment(STATUSLINE_BIN=ours.launcher, TERM="xterm"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> Self:
        self.prompt_ms(1)  # asks for the profile
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def prompt_ms(self, count: int = STRETCH) -> float:
        """Return what one prompt of ``count`` took, in ms; raises ``FailedError``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        start = time.perf_counter()
        self._process.stdin.write(f"{count}\n")
        if not self._process.stdout.readline():
            raise FailedError("the shell has ended")
        return (time.perf_counter() - start) * 1000 / count


def floor_entry() -> Entry:
    """``sh -c :``, what every command of a status line costs at least."""
    return Entry("sh -c :", ("/bin/sh", "-c", ":"), {"PATH": "/usr/bin:/bin"}, "floor", silent=True)


def prompts(stopwatch: Stopwatch, ours: Ours, runs: int = RUNS) -> list[Bar]:
    """Return one bar a shell: of several runs the median.

    In a run, stretches of prompts and runs of ``sh -c :`` take turns. A shell that is not
    installed has a bar without a figure. The cache has to be warm, and to stay so: ``Ours.warm``.
    """
    bars = []
    for shell, limit in LIMITS.items():
        what = f"{shell} prompt, segment true"
        if shutil.which(shell) is None:
            bars.append(Bar(what, limit, None, "× sh -c :", f"{shell} is not installed"))
            continue
        ours.run(shell)
        ours.keep_true()
        seen = [_run(stopwatch, ours, shell) for _ in range(runs)]
        figures = sorted(figure for figure, _ms in seen)
        note = f"{median([ms for _figure, ms in seen]):.3f} ms; {runs} runs: "
        note += f"{figures[0]:.3f} to {figures[-1]:.3f} ×"
        bars.append(Bar(what, limit, median(figures), "× sh -c :", note))
    return bars


def _run(stopwatch: Stopwatch, ours: Ours, shell: str) -> tuple[float, float]:
    """Return what a prompt of one shell costs: in ``sh -c :``, and in ms.

    Of both the lower quartile counts: what else the machine does falls on starting a process far
    more than on a shell that runs already, so medians flatter the prompt on a busy one.
    """
    ours_ms, floor_ms = [], []
    with Prompts(ours, shell) as worker:
        for _ in range(ROUNDS):
            ours_ms.append(worker.prompt_ms())
            for _ in range(FLOORS):
                floor_ms += [lap.wall_ms for lap in stopwatch.laps(floor_entry())]
    return _low(ours_ms) / _low(floor_ms), _low(ours_ms)


def _low(values: list[float]) -> float:
    return quantile(values, 0.25)
