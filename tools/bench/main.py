"""The order of the bench, its budgets of time, and its command line."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tools.bench import adverse, bill, hooks, network, peers, scale, surfaces, work_tree
from tools.bench.comparison import Comparison, floors
from tools.bench.figures import Bar
from tools.bench.homes import Home
from tools.bench.measure import FailedError, Stopwatch
from tools.bench.ours import ROOT, Ours
from tools.bench.report import Report, machine, peer_text, tell
from tools.bench.table import BAR_HEAD, bar_row, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.bench.measure import Entry
    from tools.bench.peers import Peer

#: No section starts later than this, usual and quick: the longest ones end in time all the same.
LAST_START_S = (430.0, 75.0)


class Bench:
    """Everything that is set up once, and the budgets; seconds are per section."""

    def __init__(self, directory: str, *, quick: bool, with_peers: bool, write: bool) -> None:
        self.quick = quick
        self.write = write
        self._begin = time.monotonic()
        self.stopwatch = Stopwatch(directory, traced=not quick)
        self.directory = directory
        shutil.rmtree(f"{directory}/homes", ignore_errors=True)
        shutil.rmtree(f"{directory}/history", ignore_errors=True)
        self.ours = Ours(directory, Home(f"{directory}/homes/ours"))
        with ThreadPoolExecutor(2) as pool:
            making = pool.submit(self.ours.install)
            finding = pool.submit(peers.set_up, directory) if with_peers else None
            making.result()
            self.peers: list[Peer] = []
            missing: dict[str, str] = {}
            if finding is not None:
                self.peers, missing = finding.result()
        self.floors: list[Entry] = floors(directory, self.ours.python)
        self.report = Report(machine(self.ours.python), "tools/bench/run" + " --quick" * quick)
        without = network.leave()
        self._daemons = [started for peer in self.peers if (started := peer.begin()) is not None]
        self.report.add("Peers", peer_text(self.peers, missing, without))
        self.say("set up")

    def seconds(self, usual: float, quick: float) -> float:
        """The budget of a section."""
        return quick if self.quick else usual

    def say(self, what: str) -> None:
        """Tell the time, on stderr."""
        tell(f"[{time.monotonic() - self._begin:.0f} s] {what}", sys.stderr)

    def run(self) -> None:
        """Measure every section in turn; one that fails is named and the others go on."""
        for title, section in (
            ("warm renders", self._warm),
            ("adverse renders", self._adverse),
            ("scale", self._scale),
            ("a day's bill", self._bill),
        ):
            if time.monotonic() - self._begin > self.seconds(*LAST_START_S):
                self.report.add(f"Left out: {title}", "The machine was too slow for it.\n")
                continue
            try:
                section()
            except (FailedError, RuntimeError, OSError) as error:
                self.report.add(f"Failed: {title}", f"{type(error).__name__}: {error}\n")
            self.say(title)
        tell(f"\n## Bars\n\n{self.report.bar_table()}")
        if self.write:
            self.report.write(f"{ROOT}/docs")

    def _warm(self) -> None:
        seen, bars = surfaces.claude_code(
            self.stopwatch, self.floors, self.ours, self.peers, self.seconds(75, 7)
        )
        self._tell("Claude Code: one line, stdin included", seen, bars, "Claude Code")
        self.report.add("Where ours is not first", surfaces.not_first(seen))
        seen = work_tree.renders(
            self.stopwatch, self.floors, self.ours, self.peers, self.seconds(45, 5)
        )
        self._tell(work_tree.TITLE, seen, [])
        seen, bars = surfaces.tmux(
            self.stopwatch, self.floors, self.ours, self.peers, self.seconds(30, 4)
        )
        self._tell("tmux and starship: one segment", seen, bars, "tmux, starship")
        self.ours.warm()
        bars = hooks.prompts(self.stopwatch, self.ours, 1 if self.quick else hooks.RUNS)
        rows = [bar_row(bar) for bar in bars]
        text = table(("one prompt, drawn by the shell itself", *BAR_HEAD[1:]), rows, left=4)
        self.report.add("bash, zsh, fish: one prompt", text, bars)
        seen, bars = surfaces.every_word(
            self.stopwatch, self.floors, self.ours, self.seconds(40, 4)
        )
        self._tell("`statusline` started directly, every surface", seen, bars)

    def _adverse(self) -> None:
        budget_s = self.seconds(20, 2)
        seen, bars = adverse.dead_network(self.stopwatch, self.floors, self.ours, budget_s)
        self._tell("Network dead, cache expired", seen, bars)
        seen, bars = adverse.starting(self.stopwatch, self.floors, self.ours, budget_s)
        self._tell("Starting the refresher", seen, bars)
        rounds = 9 if self.quick else 60
        bars = adverse.refresher(self.stopwatch, self.ours, rounds // 3)
        self.report.add("The refresher", "One run with one request against loopback.\n", bars)
        bars = adverse.busy(self.stopwatch, self.ours, 3 * rounds)
        self.report.add("A busy machine", "All cores busy with refreshers at nice 5.\n", bars)

    def _scale(self) -> None:
        places = scale.Places(self.directory, self.ours, 20 if self.quick else 200)
        budget_s = self.seconds(25, 2)
        seen, bars = scale.renders(self.stopwatch, self.floors, places, budget_s)
        self._tell("Scale: one render", seen, bars)
        text, bar = scale.at_once(self.stopwatch, self.ours, 3 if self.quick else 12)
        self.report.add("Scale: renders at once", text, [bar])
        text = scale.refreshes(self.stopwatch, self.floors, places, budget_s)
        self.report.add("Scale: one refresh", text)
        text = scale.peers_with_history(
            self.stopwatch, self.floors, self.peers, places, self.seconds(45, 4)
        )
        self.report.add("Scale: transcripts", text)

    def _bill(self) -> None:
        seconds = self.seconds(125, 5)
        lines = [bill.ours_bill(self.ours, surfaces.tmux_line(self.ours, "tmux"), seconds)]
        by_name = {peer.name: peer for peer in self.peers}
        for name, host in bill.CHOICES:
            if name in by_name:
                lines.append(bill.peer_bill(by_name[name], by_name.get(host), seconds / 3))
                break
        self.report.add(bill.TITLE, f"{bill.TEXT}\n{bill.bills(lines)}")

    def _tell(self, title: str, seen: Comparison, bars: list[Bar], group: str = "") -> None:
        left_out = "".join(f"- left out: {name}: {why}\n" for name, why in seen.missing.items())
        self.report.add(title, seen.table() + (f"\n{left_out}" if left_out else ""), bars)
        if group:
            self.report.groups.append((group, seen.bars()))

    def end(self) -> None:
        """Stop what peers left running."""
        for peer in self.peers:
            peer.end()
        for daemon in self._daemons:
            daemon.terminate()
            daemon.wait()


@contextlib.contextmanager
def _work_directory(given: str) -> Iterator[str]:
    if given:
        os.makedirs(given, mode=0o700, exist_ok=True)
        yield os.path.abspath(given)
        return
    with tempfile.TemporaryDirectory(prefix="slb-", ignore_cleanup_errors=True) as made:
        yield made


def main() -> None:
    """Run the bench as the command line says."""
    parser = argparse.ArgumentParser(prog="tools/bench/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="at most 90 s; writes no report")
    parser.add_argument("--no-peers", action="store_true", help="install nothing but this project")
    parser.add_argument("--work", default="", metavar="DIR", help="keep what is installed there")
    parser.add_argument("--no-report", action="store_true", help="leave docs/benchmarks.* alone")
    words = parser.parse_args()
    write = not (words.quick or words.no_report)
    with _work_directory(words.work) as directory:
        try:
            bench = Bench(directory, quick=words.quick, with_peers=not words.no_peers, write=write)
        except FailedError as error:
            sys.exit(f"tools/bench/run: {error}")
        try:
            bench.run()
        finally:
            bench.end()
