"""A working day with all its hosts, for minutes and played for hours (L03, L08)."""

from __future__ import annotations

import contextlib
import math
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.canary import Scratch
from tests.support.capabilities import needs_bash, needs_proc, needs_tmux
from tests.support.crowd import Crowd, Row, Took, distances_s, end, most_in
from tests.support.figures import Note
from tests.support.launcher import make_launcher
from tests.support.played_time import SHORT_S
from tests.support.profile import Profile
from tests.support.server import UsageServer
from tests.support.torn_reads import Reader
from tests.support.working_day import CLIENTS, SESSIONS, SHELLS, WorkingDay

pytestmark = [needs_proc, needs_tmux, needs_bash, pytest.mark.full]

FLOOR_S = 60
DAY_S = 90
#: The soak: how long (`SOAK_MINUTES=120 tests/run --full …` lets it go on for two hours), how long
#: the machine sleeps each second, and how long each hundred.
SOAK_MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
NAP_S, NIGHT_S = 60, 3 * 3600
#: What may grow, in pages that an allocator keeps, and no more.
GROWTH_MB = 6
MOST_FILES = 100
EXIT_KILLED = 128 + signal.SIGKILL


@pytest.fixture
def day(server: UsageServer) -> Iterator[WorkingDay]:
    """A day that has not begun; its paths are short enough for tmux."""
    with Scratch(prefix="d-") as base:
        launcher = make_launcher(Path(base, "bin"))
        yield WorkingDay(Path(base), Profile(Path(base, "h"), server.url), server, launcher)


def rows(crowd: Crowd) -> list[Row]:
    """What sessions and shells have shown."""
    return [*crowd.rows("session"), *crowd.rows("shell")]


def nothing_is_wrong(day: WorkingDay, reader: Reader, took: Took, killed: int) -> None:
    """Assert what holds at the end of each day."""
    assert reader.torn == 0
    assert took.peak_mb <= 60
    assert day.profile.wait_until_quiet()
    assert day.profile.processes() == []
    shown = rows(day.crowd)
    bad = [row for row in shown if row.status != 0 or not row.line]
    assert {row.status for row in bad} <= ({0, EXIT_KILLED} if killed else set())
    assert len(bad) <= killed
    assert day.crowd.errors("session") == ""
    assert "5h" in day.tmux_row
    assert len(day.crowd.members("session")) == SESSIONS
    assert len(day.crowd.members("shell")) == SHELLS


@pytest.mark.timeout(900)
def test_l03_a_day_of_all_hosts_asks_once_a_minute(day: WorkingDay, figure: Note) -> None:
    """L03, M01, M17: everybody looks once a second; what that takes of a processor is told."""
    with Reader(day.profile.directory) as reader, day:
        began_s = time.monotonic()
        while (lasted_s := time.monotonic() - began_s) < DAY_S:
            day.step()
            time.sleep(1)
        day.close_tmux()
        took = day.crowd.stop()
    asked, cpu_s = day.asked_at_s(), took.cpu_s + day.tmux_cpu_s
    looks = len(rows(day.crowd)) + round(lasted_s * CLIENTS)
    figure(
        "M01", f"{most_in(asked, FLOOR_S)}, a day of all hosts, {len(asked)} in {lasted_s:.0f} s"
    )
    figure(
        "M17",
        f"{cpu_s / lasted_s * 100:.0f} % of a core, {looks / lasted_s:.0f} looks a second",
    )
    assert 1 <= len(asked) <= math.ceil(lasted_s / FLOOR_S) + 1
    assert all(each >= FLOOR_S for each in distances_s(asked))
    nothing_is_wrong(day, reader, took, 0)


class Soak:
    """What is done to a day while it is played, and what is seen of it meanwhile."""

    def __init__(self, day: WorkingDay) -> None:
        self.day = day
        self.chance = random.Random(8)
        self.killed = self.zombies = 0
        self.stopped: set[int] = set()
        self.files: list[int] = []
        self.resources: list[dict[int, tuple[float, int]]] = []
        self._dead: set[int] = set()

    def step(self, number: int) -> None:
        """One second: work and a nap; at times a kill, a process that is stopped, a night."""
        self.day.step()
        if number % 3 == 0:
            self._kill()
        if number % 7 == 0:
            self._stop()
        time.sleep(0.5)
        seconds = NIGHT_S if number % 100 == 0 else NAP_S
        is_done = self.day.sleep(seconds, SHORT_S)
        self._let_go_on()
        if not is_done:
            assert self.day.sleep(seconds)
        time.sleep(0.5)
        if number % 10 == 0:
            self._look()

    def _kill(self) -> None:
        for somebody in self.day.crowd.some(self.chance):
            self.killed += end(somebody, signal.SIGKILL)

    def _stop(self) -> None:
        for somebody in self.day.crowd.some(self.chance):
            end(somebody, signal.SIGSTOP)
            self.stopped.add(somebody)

    def _let_go_on(self) -> None:
        for process in self.stopped:
            end(process, signal.SIGCONT)
        self.stopped.clear()

    def _look(self) -> None:
        """Count files, memory, descriptors, and the dead whom nobody has buried since last time."""
        self.files.append(sum(1 for _ in self.day.profile.directory.iterdir()))
        lived = self.day.long_lived()
        self.resources.append({process: held(process) for process in lived})
        dead = zombies(set(lived))
        self.zombies += len(dead & self._dead)
        self._dead = dead


def held(process: int) -> tuple[float, int]:
    """A process's memory in MB, and how many descriptors it has open."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, len(os.listdir(f"/proc/{process}/fd"))


def zombies(parents: set[int]) -> set[int]:
    """The children of these that have ended and were not waited for, by process id."""
    found = set()
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            state, parent = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:2]
            if state == "Z" and int(parent) in parents:
                found.add(int(name))
    return found


@pytest.mark.timeout(SOAK_MINUTES * 60 + 900)
def test_l08_a_day_played_fast_leaves_everything_as_it_was(day: WorkingDay, figure: Note) -> None:
    """L08, M01, M09, M10, M11: resets, refusals, sleeps, kills; nothing grows, nobody is left."""
    day.add_impatient(3)
    soak, number = Soak(day), 0
    with Reader(day.profile.directory) as reader, day:
        began_s, own = time.monotonic(), len(os.listdir("/proc/self/fd"))
        while (lasted_s := time.monotonic() - began_s) < SOAK_MINUTES * 60:
            number += 1
            soak.step(number)
        own = len(os.listdir("/proc/self/fd")) - own
        day.close_tmux()
        took = day.crowd.stop()
    asked, played_s = day.asked_at_s(), lasted_s + day.time.slept_s
    what = f"{played_s / 3600:.0f} h played in {lasted_s / 60:.0f} min"
    figure("M01", f"{most_in(asked, FLOOR_S)}, {what}, {len(asked)} in all")
    figure("M02", f"{reader.torn} of {reader.reads:,}, {what}")
    figure("M09", f"{took.peak_mb:.0f}, {what}")
    figure("M11", f"{soak.zombies} of {took.adopted:,} orphans and {len(rows(day.crowd)):,} looks")
    assert min(distances_s(asked)) >= FLOOR_S
    assert len(asked) >= number / 10
    assert day.windows_that_ended() >= played_s // (6 * 3600)
    nothing_is_wrong(day, reader, took, soak.killed)
    nothing_grew(soak, figure)
    assert soak.zombies == 0
    assert own <= 5
    sweeps(day, soak.killed, figure)


def lowest(looks: list[dict[int, tuple[float, int]]]) -> dict[int, tuple[float, int]]:
    """The least that each process had in some looks: what runs at that moment does not count."""
    return {
        process: (min(look[process][0] for look in looks), min(look[process][1] for look in looks))
        for process in looks[0]
    }


def nothing_grew(soak: Soak, figure: Note) -> None:
    """Assert that files, memory and descriptors are at the end what they were early on."""
    quarter = max(len(soak.resources) // 4, 1)
    early, late = (
        lowest(soak.resources[: 2 * quarter][-quarter:]),
        lowest(soak.resources[-quarter:]),
    )
    assert early.keys() == late.keys()
    grown_mb = max(late[process][0] - early[process][0] for process in early)
    opened = max(late[process][1] - early[process][1] for process in early)
    figure("M18", f"{grown_mb:.1f} MB, {opened} descriptors, at most {max(soak.files)} files")
    assert grown_mb <= GROWTH_MB
    assert opened <= CLIENTS  # as many jobs as tmux may run at that moment
    assert max(soak.files) <= MOST_FILES


def sweeps(day: WorkingDay, killed: int, figure: Note) -> None:
    """Assert that one further run takes what killed writers have left."""
    day.sleep(NIGHT_S)
    assert day.profile.run("refresh").returncode == 0
    left = [path.name for path in day.profile.directory.glob(".tmp-*")]
    figure("M10", f"{len(left)} after {killed}, a day played fast")
    assert left == []
