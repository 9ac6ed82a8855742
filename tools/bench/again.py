"""Claude Code's line where the hook has it: printed again, its time come, or something changed."""

from __future__ import annotations

import functools
import os
import shlex
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.bench.comparison import SHELL_FLOOR
from tools.bench.figures import Bar
from tools.bench.measure import Entry, FailedError
from tools.bench.ours import WARM_S

if TYPE_CHECKING:
    from tools.bench.comparison import Comparison
    from tools.bench.ours import Ours

#: Claude Code processes that there are not, one an entry, and how wide their terminals are.
FIRST_PROCESS, COLUMNS = 4194304, "120"
#: What Claude Code may send at most, for the bar about a hit.
LARGE_BYTES = 4096
FOR_S = 50.0
AGAIN = "statusline in Claude Code, nothing shown has changed"
AGAIN_LARGE = f"{AGAIN}, {LARGE_BYTES // 1024} kB of stdin"
STALE = "statusline in Claude Code, the line's time has come"
CHANGED = "statusline in Claude Code, something has changed"


def command(ours: Ours) -> tuple[str, ...]:
    """The line that ``statusline install claude`` writes, as Claude Code starts it."""
    known = {"STATUSLINE_PROFILE": ours.profile, "STATUSLINE_BIN": ours.launcher}
    values = " ".join(f"{name}={shlex.quote(value)}" for name, value in known.items())
    return ("/bin/sh", "-c", f"{values}; . {shlex.quote(f'{ours.hooks}/claude-code.sh')}")


def entries(ours: Ours) -> list[Entry]:
    """The looks of Claude Code processes that have their line; the cache is warm, and stays so."""
    usual = ours.home.stdin
    large = ours.home.write_stdin("large.json", bytes_wanted=LARGE_BYTES)
    changing = ours.home.write_stdin("changing.json")
    made = [
        _entry(ours, number, name, stdin)
        for number, (name, stdin) in enumerate(
            ((AGAIN, usual), (AGAIN_LARGE, large), (STALE, usual), (CHANGED, changing))
        )
    ]
    _let_lines_be_left(ours, made)
    times = (FOR_S, FOR_S, -FOR_S, FOR_S)
    lines = [_line_of(ours, entry) for entry in made]
    found = [
        replace(entry, before=functools.partial(_set_time, line, for_s))
        for entry, line, for_s in zip(made, lines, times, strict=True)
    ]
    found[-1] = replace(made[-1], before=functools.partial(_change, changing, lines[-1]))
    return found


def bars(seen: Comparison, python: str) -> list[Bar]:
    """What each may cost; ``python`` is the entry whose looks all start Python."""
    rows = (
        (AGAIN, 2.5, SHELL_FLOOR, "× sh -c :"),
        (AGAIN_LARGE, 2.5, SHELL_FLOOR, "× sh -c :"),
        (STALE, 1.03, python, "× a look that starts Python"),
        (CHANGED, 1.2, python, "× a look that starts Python"),
    )
    return [
        Bar(name.removeprefix("statusline in "), limit, seen.ratio(name, floor), unit)
        for name, limit, floor, unit in rows
    ]


def _entry(ours: Ours, number: int, name: str, stdin: str) -> Entry:
    environment = ours.environment(CLAUDE_PID=str(FIRST_PROCESS + number), COLUMNS=COLUMNS)
    return replace(ours.entry(name, "claude", stdin=stdin), argv=command(ours), env=environment)


def _line_of(ours: Ours, entry: Entry) -> str:
    return f"{ours.profile}/line.claude-{entry.env['CLAUDE_PID']}"


def _let_lines_be_left(ours: Ours, looks: list[Entry]) -> None:
    """Look until each process has its line, as soon as the refresher knows the sessions."""
    end = time.monotonic() + 60.0
    while not all(os.path.exists(_line_of(ours, entry)) for entry in looks):
        if time.monotonic() > end:
            raise FailedError("no line was left to Claude Code's hook")
        for entry in looks:
            ours.open_gate()
            _look(entry)
            ours.wait_for_refreshers()
        ours.set_due(time.time() + WARM_S)
        for entry in looks:
            _look(entry)


def _look(entry: Entry) -> None:
    """One look, outside of any time."""
    with open(entry.stdin, "rb") as stdin:
        subprocess.run(
            entry.argv, env=entry.env, cwd="/", stdin=stdin, capture_output=True, timeout=60,
            check=False,
        )  # fmt: skip


def _set_time(line: str, for_s: float) -> None:
    """Let a line be true for so long; it stays what the program wrote."""
    until_s = time.time() + for_s
    os.utime(line, (until_s, until_s))


def _change(stdin: str, line: str) -> None:
    """Let the document be another one than the line was made from."""
    with open(stdin, "r+b") as file:
        data = file.read()
        is_high = b'"high"' in data
        new = (b'"high"', b'"lowx"') if is_high else (b'"lowx"', b'"high"')
        file.seek(0)
        file.write(data.replace(b'"medium"', b'"lowx"').replace(*new))
        file.truncate()
    _set_time(line, FOR_S)
