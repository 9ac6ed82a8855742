"""What a render and a refresh cost as their input grows; what peers pay for transcripts."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.support.server import UsageServer, usage_answer
from tools.bench import tracing
from tools.bench.comparison import SHELL_FLOOR, compare
from tools.bench.figures import Bar, median, quantile
from tools.bench.homes import Home, history
from tools.bench.measure import FailedError
from tools.bench.ours import Ours
from tools.bench.table import number, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.comparison import Comparison
    from tools.bench.measure import Entry, Stopwatch
    from tools.bench.peers import Peer

WINDOWS = 50
STDIN_BYTES = 64_000
AT_ONCE = (1, 8, 40, 200)
USUAL = "usual input"
#: A render must not grow at all; this much is what one run differs from the next.
NOISE = 1.1


class Places:
    """Homes of ours whose inputs are large, made once."""

    def __init__(self, directory: str, ours: Ours, history_mb: int) -> None:
        self.usual = ours
        self.parts = history(f"{directory}/history", history_mb * 1_000_000)
        self.history_mb = history_mb
        self.windows = Ours(directory, Home(f"{directory}/homes/ours-windows"))
        self.transcripts = Ours(directory, Home(f"{directory}/homes/ours-transcripts"))
        self.transcripts.home.share_history(self.parts)
        self.big_stdin = ours.home.write_stdin("large.json", bytes_wanted=STDIN_BYTES)

    def warm(self) -> None:
        """Fill all three caches."""
        self.usual.warm()
        self.windows.warm()
        self.transcripts.warm()
        known = self.windows.snapshot()["windows"]
        pattern = next(
            seen for name, seen in known.items() if name not in ("five_hour", "seven_day")
        )
        for index in range(WINDOWS - len(known)):
            known[f"seven_day_model_{index}"] = pattern
        self.windows.publish({"windows": known})


def renders(
    stopwatch: Stopwatch, floors: Sequence[Entry], places: Places, budget_s: float
) -> tuple[Comparison, list[Bar]]:
    """The Claude Code line with large inputs beside the usual ones."""
    places.warm()
    many = f"usage.json with {WINDOWS} windows"
    large = f"stdin of {STDIN_BYTES // 1000} kB"
    crowd = f"home with {places.history_mb} MB of transcripts"
    usual = places.usual
    grown = [
        places.windows.entry(many, "claude", stdin=places.windows.home.stdin),
        usual.entry(large, "claude", stdin=places.big_stdin),
        places.transcripts.entry(crowd, "claude", stdin=places.transcripts.home.stdin,
                                 before=places.transcripts.home.add_message),
    ]  # fmt: skip
    entries = [*floors, usual.entry(USUAL, "claude", stdin=usual.home.stdin), *grown]
    seen = compare(stopwatch, entries, budget_s)
    bars = [
        Bar(f"render grows: {entry.name}", NOISE, seen.ratio(entry.name, USUAL), "× usual")
        for entry in grown
    ]
    return seen, [*bars, _opens_no_transcript(grown[-1])]


def _opens_no_transcript(entry: Entry) -> Bar:
    """Count the files below projects/ that a render opens; there may be none."""
    what = "files opened under projects/ by a render"
    if not tracing.is_here():
        return Bar(what, 0, None, "files", "strace is missing")
    opened = tracing.trace(entry).opened
    if not any(path.endswith("/usage.json") for path in opened):
        raise FailedError("the trace does not even show usage.json")
    return Bar(what, 0, float(sum("/projects/" in path for path in opened)), "files")


def at_once(stopwatch: Stopwatch, ours: Ours, rounds: int) -> tuple[str, Bar]:
    """Many renders started together: what each costs in CPU, and how long it takes."""
    ours.warm()
    entry = ours.entry("render", "claude", stdin=ours.home.stdin)
    rows = []
    cpu_ms: dict[int, float] = {}
    for count in AT_ONCE:
        laps = [
            lap
            for _ in range(max(2, rounds * 8 // count) if count > 1 else rounds * 4)
            for lap in stopwatch.laps(entry, count)
        ]
        walls = [lap.wall_ms for lap in laps]
        cpu_ms[count] = median(lap.cpu_ms for lap in laps)
        rows.append([
            str(count), number(median(walls)), number(quantile(walls, 0.99)),
            number(cpu_ms[count]), str(sum(lap.status != 0 for lap in laps)),
        ])  # fmt: skip
    text = table(("renders at once", "median ms", "p99 ms", "CPU ms each", "failed"), rows)
    figure = cpu_ms[AT_ONCE[-1]] / cpu_ms[1]
    note = f"cores: {os.cpu_count()}; contended caches"
    return text, Bar(f"CPU of one of {AT_ONCE[-1]} renders at once", 1.5, figure, "× one", note)


def refreshes(
    stopwatch: Stopwatch, floors: Sequence[Entry], places: Places, budget_s: float
) -> str:
    """One refresh with few and many windows, and beside many transcripts."""
    with contextlib.ExitStack() as stack:
        few = stack.enter_context(UsageServer())
        many = stack.enter_context(
            UsageServer([usage_answer(scoped={f"Model {index}": 5.0 for index in range(WINDOWS)})])
        )
        entries = list(floors)
        for name, ours, server in (
            ("refresh, 2 windows", places.usual, few),
            (f"refresh, an answer with {WINDOWS + 2} windows", places.windows, many),
            (f"refresh, {places.history_mb} MB of transcripts", places.transcripts, few),
        ):
            entry = ours.entry(name, "refresh", "--background", silent=True, before=ours.forget)
            env = ours.environment(STATUSLINE_API_URL=server.url)
            entries.append(replace(entry, env=env))
        return compare(stopwatch, entries, budget_s, traced=False).table()


def peers_with_history(
    stopwatch: Stopwatch, floors: Sequence[Entry], peers: Sequence[Peer], places: Places,
    budget_s: float,
) -> str:  # fmt: skip
    """Peers that read transcripts, with little and much history, one new message each time."""
    readers = [peer for peer in peers if peer.reads_transcripts]
    if not readers:
        return "No peer that reads transcripts is here.\n"
    sizes = [0, *sorted({20, places.history_mb})]
    columns: dict[str, list[str]] = {}
    for size in sizes:
        entries = list(floors)
        share = round(len(places.parts) * size / places.history_mb)
        for peer in readers:
            known = set(os.listdir(peer.home.projects))
            missing = [path for path in places.parts[:share] if os.path.basename(path) not in known]
            peer.home.share_history(missing)
            entries.append(peer.entry("claude", before=peer.home.add_message))
        ours = places.transcripts
        entries.append(ours.entry("statusline claude", "claude", stdin=ours.home.stdin,
                                  before=ours.home.add_message))  # fmt: skip
        seen = compare(stopwatch, entries, budget_s / len(sizes), traced=False)
        floor_ms = seen.summaries[SHELL_FLOOR].median_ms
        for name, figures in seen.summaries.items():
            cell = f"{number(figures.median_ms)} ms, {number(figures.median_ms / floor_ms)} ×"
            columns.setdefault(name, []).append(cell)
    rows = [[name, *cells] for name, cells in columns.items() if len(cells) == len(sizes)]
    return table(("one new message each", *(f"{size} MB" for size in sizes)), rows)
