"""Tokens, counted: `statusline tokens` beside native ccusage on the same made-up transcripts."""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.transcripts import TRAPS, Bulk, Corpus, add_message, bulk, summed
from tools.bench import network, peers
from tools.bench import tokens_page as page
from tools.bench.figures import summary
from tools.bench.homes import Home
from tools.bench.measure import Entry, FailedError, Stopwatch
from tools.bench.ours import ROOT, Ours
from tools.bench.registries import MissingError
from tools.bench.report import machine, tell

WORDS = ("tokens", "--json", "--last", "all")
PEER_WORDS = ("claude", "daily", "--offline", "--json")
#: For each size, in seconds: for what reads everything, and for what reads what is new.
BUDGETS_S = (40.0, 15.0)
ROUNDS = 200
#: What changed later than this before a look may change unseen, and is looked at again.
SETTLED_S = 2.5


class Bench:
    """Both programs, installed below ``directory``."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.stopwatch = Stopwatch(directory)
        shutil.rmtree(f"{directory}/homes", ignore_errors=True)
        self.ours = Ours(directory, Home(f"{directory}/homes/ours"))
        self.ours.install()
        self.ccusage, self.version = peers.ccusage_native(directory)

    def environment(self, home: Path, cache: str) -> dict[str, str]:
        """The environment of both; ``cache`` names what statusline knows already."""
        return {
            "HOME": str(home),
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "XDG_CACHE_HOME": str(home / f"cache-{cache}"),
            "STATUSLINE_API_URL": "http://127.0.0.1:9",
        }

    def our_entry(self, name: str, home: Path, cache: str, **more: Any) -> Entry:
        """`statusline tokens` as a row."""
        argv = (self.ours.launcher, *WORDS)
        return Entry(name, argv, self.environment(home, cache), "ours", **more)

    def peer_entry(self, name: str, home: Path, **more: Any) -> Entry:
        """Ccusage as a row."""
        return Entry(name, (self.ccusage, *PEER_WORDS), self.environment(home, "none"), **more)

    def counted(self, home: Path, cache: str = "totals") -> tuple[int, int]:
        """All tokens below ``home`` as statusline and as ccusage count them."""
        ours = _printed(self.our_entry(page.COLD, home, cache))["total"]["total"]
        theirs = _printed(self.peer_entry(page.CCUSAGE, home))["totals"]
        return int(ours), int(theirs["totalTokens"] if theirs else 0)

    def size(self, megabytes: int) -> page.Size:
        """Measure both on so many megabytes."""
        home = Path(self.directory, "homes", f"{megabytes}-mb")
        made = bulk(home, megabytes, end_s=time.time() - 60)
        empty = home / "empty"
        (empty / ".claude" / "projects").mkdir(parents=True)
        time.sleep(SETTLED_S)
        self.stopwatch.laps(self.our_entry(page.AGAIN, home, "warm"))
        taken = self.stopwatch.interleave(self._whole(home), BUDGETS_S[0], ROUNDS)
        taken |= self.stopwatch.interleave(self._new(home, made, empty), BUDGETS_S[1], ROUNDS)
        figures = {name: summary(laps) for name, laps in taken.items()}
        true = summed(made.uses)["all"]
        counts = (true.total, *self.counted(home, "warm"))
        shutil.rmtree(home)
        return page.Size(megabytes, made.files, true.responses, figures, *counts)

    def _whole(self, home: Path) -> list[Entry]:
        cold = self.our_entry(page.COLD, home, "cold")
        forget = functools.partial(shutil.rmtree, cold.env["XDG_CACHE_HOME"], ignore_errors=True)
        return [
            self.our_entry(page.COLD, home, "cold", before=forget),
            self.our_entry(page.AGAIN, home, "warm"),
            self.peer_entry(page.CCUSAGE, home),
        ]

    def _new(self, home: Path, made: Bulk, empty: Path) -> list[Entry]:
        def grow() -> None:
            made.uses.append(add_message(made.newest, round(time.time(), 3)))

        return [
            self.our_entry(page.MESSAGE, home, "warm", before=grow),
            self.peer_entry(page.CCUSAGE_MESSAGE, home, before=grow),
            self.our_entry(page.EMPTY, empty, "warm"),
        ]

    def traps(self) -> list[page.Trap]:
        """Let both count every trap for itself."""
        found = []
        for name, trap in TRAPS.items():
            corpus = Corpus(Path(self.directory, "homes", "traps", name), traps=[name])
            true = corpus.totals()["all"].total
            what = (trap.__doc__ or "").partition("\n")[0]
            found.append(page.Trap(name, what, true, *self.counted(corpus.home)))
        return found


def _printed(entry: Entry) -> dict[str, Any]:
    done = subprocess.run(
        entry.argv, env=dict(entry.env), capture_output=True, timeout=300, check=False
    )
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        said = done.stderr.decode(errors="replace").strip()
        raise FailedError(f"{entry.name}: {said or done.returncode}") from None


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
    parser = argparse.ArgumentParser(prog="tools/bench/tokens", description=__doc__)
    parser.add_argument("--mb", type=int, nargs="+", default=[20, 200, 1000], help="sizes")
    parser.add_argument("--no-traps", action="store_true", help="leave the traps out")
    parser.add_argument("--work", default="", metavar="DIR", help="keep what is installed there")
    parser.add_argument("--write", action="store_true", help="write into docs/benchmarks.md")
    words = parser.parse_args()
    with _work_directory(words.work) as directory:
        try:
            bench = Bench(directory)
            without = network.leave()
            if without:
                tell(f"ccusage has a network: {without}", sys.stderr)
            said = machine(bench.ours.python)
            traps = [] if words.no_traps else bench.traps()
            sizes = [bench.size(megabytes) for megabytes in words.mb]
        except (FailedError, MissingError) as error:
            sys.exit(f"tools/bench/tokens: {error}")
    text = page.section(sizes, traps, bench.version, said)
    tell(text)
    if words.write:
        path = f"{ROOT}/docs/benchmarks.md"
        with open(path, encoding="utf-8") as file:
            old = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(page.put(old, text))
