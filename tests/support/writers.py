"""The one writer among many processes: real refreshers and renders, in every order of their steps.

A model that knows nothing of the code holds what is true (`writers_world`). Processes are stopped
before each of their system calls, killed there, and clocks and logins change meanwhile. What went
wrong was each time one process that stood between two steps while another one did all of its own,
so that is what happens most.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from statusline.login import identity
from statusline.refresh.update import NEUTRAL
from statusline.segment import render
from statusline.settings.settings import Settings
from statusline.surfaces import KEPT
from statusline.system import bounded_read
from statusline.usage.snapshot import MAX_BYTES, Snapshot
from tests.support import believed
from tests.support.stepped import Process
from tests.support.writers_world import (
    ACCOUNTS,
    CHANGES,
    ENOUGH,
    MOST_PROCESSES,
    WritersWorld,
)

FLOOR_S = 60.0
ANSWERS = (200, 200, 200, 429, 500, 401)
#: Who may be at it, those that write most first.
KINDS = ("forced", "forced", "tmux", "zsh", "due", "one", "two")
#: Before which of its steps a process stands: its name, and the how manieth of that name.
PLACES = (
    *(("replace", 1), ("connect", 1), ("answer", 1), ("replace", 2), ("utime", 1), ("unlink", 4)),
    *(("replace", 3), ("rename", 1), ("rename", 1), ("utime", 2), ("rename", 3)),
)
REFRESHERS = ("forced", "due")
OF_A_RENDER = (("rename", 1), ("utime", 1))
who = st.sampled_from(KINDS)
place = st.sampled_from(PLACES)
pause_s = st.sampled_from((61.0, 61.0, 130.0, 0.5, 700.0))
#: How many changes more somebody makes.
few = st.sampled_from((1, 0, 2, 3, ENOUGH))
which = st.integers(0, MOST_PROCESSES - 1)


class Writers(WritersWorld):
    """What happens in that world, and what has to hold."""

    def __init__(self) -> None:
        self.best: dict[str, float] = {}
        self.seen: dict[tuple[bytes, float], tuple[float, float]] = {}
        super().__init__()

    def teardown(self) -> None:
        """End what still runs."""
        for process in self.processes:
            process.kill()
        self.stack.close()

    # What happens.

    @rule(kind=who, stop=place, after_s=pause_s, other=who, more=few, is_killed=st.booleans())
    def overtaken(
        self,
        kind: str,
        stop: tuple[str, int],
        after_s: float,
        other: str,
        more: int,
        is_killed: bool,
    ) -> None:
        """One stands between two steps while another does all of its own; then it goes on."""
        process = self.stopped(kind, stop, after_s)
        self.use(7)
        self.whole(other)
        self.change(process, more)
        if is_killed:
            self.kill(process)
            self.check()

    @rule(
        kind=who,
        stop=place,
        after_s=pause_s,
        then_s=st.sampled_from((0.5, 19.0, 45.0)),
        other=who,
    )
    def killed(
        self, kind: str, stop: tuple[str, int], after_s: float, then_s: float, other: str
    ) -> None:
        """One is killed between two steps, and another one comes soon."""
        process = self.stopped(kind, stop, after_s)
        self.kill(process)
        self.check()
        self.wait(then_s)
        self.whole(other)

    def stopped(self, kind: str, stop: tuple[str, int], after_s: float) -> Process:
        """Start one after a while, and let it come to a step; one more is there for a moment."""
        self.wait(after_s)
        self.use(5)
        process = self.start(kind)
        # A render has two such steps: most places would let it do all.
        step, nth = stop if kind in REFRESHERS or stop in OF_A_RENDER else OF_A_RENDER[0]
        while not process.is_over and (process.next_step != step or nth > 1):
            nth -= process.next_step == step
            self.advance(process, 1)
        return process

    def start(self, kind: str) -> Process:
        """Start a process, in the place of the oldest where there are too many."""
        if len(self.processes) == MOST_PROCESSES:
            self.kill(self.processes[0])
        if kind in REFRESHERS:
            self.refresh(force=kind == "forced")
        elif kind in ("one", "two"):
            self.speak(kind)
        else:
            self.prompt(kind)
        return self.processes[-1]

    @rule(kind=who)
    def whole(self, kind: str) -> None:
        """Somebody starts and does all."""
        self.advance(self.start(kind), ENOUGH)

    def change(self, process: Process, changes: int) -> None:
        """One process goes on until it has changed so much, and stands before the next change."""
        while not process.is_over and (changes > 0 or process.next_step not in CHANGES):
            changes -= process.next_step in CHANGES
            self.advance(process, 1)

    @rule(kind=who, stop=place)
    def begun_and_left(self, kind: str, stop: tuple[str, int]) -> None:
        """Somebody starts, comes to a step, and stays there."""
        self.stopped(kind, stop, 0.5)

    @rule(number=which, changes=few, is_killed=st.booleans())
    def go_on(self, number: int, changes: int, is_killed: bool) -> None:
        """One process makes some changes more, and may be killed then."""
        if self.processes:
            process = self.processes[number % len(self.processes)]
            self.change(process, changes)
            if is_killed:
                self.kill(process)

    @rule(seconds=st.sampled_from((5.0, 19.0, 41.0, 60.0, 700.0, 4000.0)))
    def pass_time(self, seconds: float) -> None:
        """Nobody does anything for a while."""
        self.wait(seconds)

    @rule(offset_s=st.sampled_from((0.0, 0.0, 3600.0, -3600.0, 400.0, -86400.0)))
    def set_clock(self, offset_s: float) -> None:
        """Somebody sets the wall clock."""
        self.clock.offset_s = offset_s

    @rule(status=st.sampled_from(ANSWERS))
    def answer_with(self, status: int) -> None:
        """The server answers otherwise once."""
        self.status = status

    @rule(account=st.sampled_from(sorted(ACCOUNTS)))
    def sign_in(self, account: str) -> None:
        """Somebody signs in, as another or again."""
        self.sign_in_as(account)

    # What has to hold.

    def check_floor(self) -> None:
        """Two requests are 60 seconds apart, whatever was killed, set or signed in between."""
        if len(self.sent) > 1:
            assert self.sent[-1] - self.sent[-2] >= FLOOR_S, f"closer: {self.sent[-2:]}"

    @invariant()
    def check(self) -> None:
        """What is on the disk is whole, of this account, not older than before, and shown so."""
        data = bounded_read.read_file(f"{self.directory}/usage.json", MAX_BYTES)
        if data is None:
            assert not self.best
            return
        snapshot = Snapshot.from_json(bounded_read.parse(data))
        assert snapshot is not None
        self._check_numbers(snapshot)
        for surface in KEPT:
            self._check_segment(snapshot, surface)

    def _check_numbers(self, snapshot: Snapshot) -> None:
        """The numbers of an account never fall, and never go while it is signed in."""
        salt, _dash, mark = snapshot.account.partition("-")
        owner = next(
            (each for each in ACCOUNTS if identity.account_mark(f"{each}/", salt) == mark), None
        )
        week = snapshot.windows.get("seven_day")
        if week is None or owner is None:
            assert owner not in self.best, "lost"
            self.best = {}
            return
        used_pct = week.utilization_pct or 0.0
        assert ACCOUNTS[owner] <= used_pct < ACCOUNTS[owner] + 40, "another account's"
        assert used_pct >= self.best.get(owner, 0.0), "older than before"
        self.best = {owner: used_pct}

    def _check_segment(self, snapshot: Snapshot, surface: str) -> None:
        """A segment that a hook would print says what the snapshot says."""
        now = self.clock.time()
        found = believed.segment(self.directory, self.home, surface, now)
        if found is None:
            return
        # A clock that is set to and fro moves a countdown, and never brings back numbers.
        seen, offset_s = self.seen.setdefault(found, (now, self.clock.offset_s))
        moment = now if offset_s == self.clock.offset_s else seen
        drawn = render.draw(NEUTRAL, snapshot, None, Settings(), moment, surface)
        assert found[0] == drawn[0], f"{surface}: another snapshot's"
