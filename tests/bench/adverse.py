"""Renders and refreshes when things are bad: dead network, busy machine, hostile answers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bench.comparison import compare
from tests.bench.figures import Bar, median, quantile, summary
from tests.support.server import Answer, UsageServer, gzip_bomb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.comparison import Comparison
    from tests.bench.figures import Summary
    from tests.bench.measure import Entry, Stopwatch
    from tests.bench.ours import Ours

REFRESHERS = 20
WARM, EXPIRED, STARTING = "warm", "expired, network dead", "expired, starts the refresher"
#: A prompt with an empty cache starts the refresher as it always does; once that has published,
#: all begins anew. Nothing but the refreshers weighs: the rest yields to every other session too.
_LOOP = """
echo 19 2>/dev/null >/proc/self/autogroup
while :; do
  rm -rf "$0"
  "$1" tmux
  until [ -e "$0"/*/usage.json ]; do sleep 0.05; done
done
"""


def _prepared(ours: Ours, name: str, url: str, prepare: Callable[[], None]) -> Entry:
    entry = ours.entry(name, "claude", stdin=ours.home.stdin, before=prepare)
    return replace(entry, env=ours.environment(STATUSLINE_API_URL=url))


def dead_network(
    stopwatch: Stopwatch, floors: Sequence[Entry], ours: Ours, budget_s: float
) -> tuple[Comparison, list[Bar]]:
    """An expired cache while no connection completes: its SYN packets are dropped."""
    ours.warm()
    with UsageServer(accepting=False) as server:
        entries = [
            *floors,
            _prepared(ours, WARM, server.url, lambda: ours.set_due(time.time() + 3600)),
            _prepared(ours, EXPIRED, server.url, lambda: ours.set_due(1)),
        ]
        seen = compare(stopwatch, entries, budget_s, traced=False)
        ours.wait_for_refreshers()
    what = "render, cache expired, network drops every packet"
    note = f"slowest of {seen.summaries[EXPIRED].runs}: {seen.summaries[EXPIRED].max_ms:.0f} ms"
    return seen, [Bar(what, 1.3, seen.ratio(EXPIRED, WARM), "× warm", note)]


def starting(
    stopwatch: Stopwatch, floors: Sequence[Entry], ours: Ours, budget_s: float
) -> tuple[Comparison, list[Bar]]:
    """The one render in 5 s that starts the refresher; never two refreshers at a time."""

    def make_due() -> None:
        ours.wait_for_refreshers()
        ours.open_gate()
        ours.set_due(1)

    def make_warm() -> None:
        ours.wait_for_refreshers()
        ours.set_due(time.time() + 3600)

    ours.warm()
    with UsageServer() as server:
        entries = [
            *floors,
            _prepared(ours, WARM, server.url, make_warm),
            _prepared(ours, STARTING, server.url, make_due),
        ]
        seen = compare(stopwatch, entries, budget_s, traced=False)
        ours.wait_for_refreshers()
        if not any(name.startswith("spawn.") for name in os.listdir(ours.profile)):
            raise RuntimeError("the last render that should start a refresher did not")
    added = seen.summaries[STARTING].median_ms - seen.summaries[WARM].median_ms
    return seen, [Bar("starting the refresher adds to the render", 3, added, "ms")]


def refresher(stopwatch: Stopwatch, ours: Ours, rounds: int) -> list[Bar]:
    """One refresh with one request against loopback: a good answer, then a gzip bomb."""
    entry = ours.entry("refresh", "refresh", "--background", silent=True, before=ours.forget)
    good = _refreshes(stopwatch, entry, UsageServer(), rounds)
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    bomb = UsageServer([Answer(body=gzip_bomb(200), headers=headers)])
    bombed = _refreshes(stopwatch, entry, bomb, max(3, rounds // 4))
    cpu_s, peak_mb = good.cpu_ms / 1e3, good.peak_mb
    return [
        Bar("refresher, one run: CPU", 0.25, cpu_s, "s"),
        Bar("refresher, one run: peak memory", 45, peak_mb, "MB"),
        Bar("refresher, 200 MB gzip bomb: peak memory", 60, bombed.peak_mb, "MB"),
    ]


def _refreshes(stopwatch: Stopwatch, entry: Entry, server: UsageServer, rounds: int) -> Summary:
    with server:
        asking = replace(entry, env={**entry.env, "STATUSLINE_API_URL": server.url})
        laps = [lap for _ in range(rounds) for lap in stopwatch.laps(asking)]
        if server.count != rounds:
            raise RuntimeError(f"{server.count} requests in {rounds} refreshes")
    return summary(laps)


def busy(stopwatch: Stopwatch, ours: Ours, rounds: int) -> list[Bar]:
    """Renders while ``REFRESHERS`` refreshers keep every core busy."""
    ours.warm()
    entry = ours.entry("render", "claude", stdin=ours.home.stdin)
    idle = [lap.wall_ms for _ in range(rounds) for lap in stopwatch.laps(entry)]
    with UsageServer() as server, _refreshers(ours, server.url):
        server.wait_for(REFRESHERS)
        loaded = [lap.wall_ms for _ in range(rounds) for lap in stopwatch.laps(entry)]
    note = (
        f"p99 {quantile(loaded, 0.99):.1f} ms busy, {quantile(idle, 0.99):.1f} ms idle; "
        f"p50 {median(loaded):.1f} and {median(idle):.1f} ms"
    )
    what = f"render while {REFRESHERS} refreshers at nice 5 run, p50"
    return [Bar(what, 3, median(loaded) / median(idle), "× idle", note)]


@contextlib.contextmanager
def _refreshers(ours: Ours, url: str) -> Iterator[None]:
    """Keep refreshers running, each for a profile of its own, so that none waits for another."""
    running = []
    try:
        for number in range(REFRESHERS):
            profile = f"{ours.home.path}/busy/{number}"
            shutil.rmtree(profile, ignore_errors=True)
            shutil.copytree(f"{ours.home.path}/.claude", f"{profile}/claude", symlinks=True)
            env = ours.environment(
                STATUSLINE_API_URL=url,
                CLAUDE_CONFIG_DIR=f"{profile}/claude",
                STATUSLINE_CACHE_DIR=f"{profile}/cache",
            )
            command = ["nice", "-n", "5", "sh", "-c", _LOOP, f"{profile}/cache", ours.launcher]
            running.append(
                subprocess.Popen(
                    command,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    cwd="/",
                )
            )
        yield
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        ours.wait_for_refreshers()
