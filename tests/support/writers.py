"""The one writer among many processes: real refreshers and renders, in every order of their steps.

A model that knows nothing of the code holds what is true: who is signed in, what each account has
used, when requests reached the server. Processes are stopped before each of their system calls,
killed there, and clocks and logins change meanwhile.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from statusline.login import identity
from statusline.login.secret import Secret
from statusline.refresh import api, recording, refresher
from statusline.refresh.outcome import HttpAnswer, Outcome, classify
from statusline.refresh.update import NEUTRAL
from statusline.segment import render, spawn
from statusline.settings.settings import Settings
from statusline.surfaces import KEPT
from statusline.system import bounded_read, clock, environ
from statusline.system.environ import Environment
from statusline.usage.snapshot import MAX_BYTES, Snapshot
from tests.support import believed, stepped
from tests.support.stepped import Process
from tests.support.world import DAY_S, START, Clock

#: As long as the kernel lets a refresher live.
LIFETIME_S, FLOOR_S = 20.0, 60.0
#: What is used by whom: each account's numbers are its own, and only grow.
ACCOUNTS = {"ada": 10.0, "bob": 50.0}
ANSWERS = (200, 200, 200, 429, 500, 401)
ENOUGH = 10_000
RESETS_AT = START + 7 * DAY_S
MOST_PROCESSES = 6
#: A directory without a disk behind it, where there is one.
MEMORY = "/dev/shm"
#: Each step takes a moment, so that no two files are of the same.
STEP_S = 0.0001
asking = st.sampled_from(("connect", "answer", "rename", "replace", "utime"))
which = st.integers(0, MOST_PROCESSES - 1)


class Writers(RuleBasedStateMachine):
    """One profile, its processes, and the world around."""

    #: Of all machines together.
    steps = requests = 0

    def __init__(self) -> None:
        super().__init__()
        self.stack = contextlib.ExitStack()
        place = MEMORY if Path(MEMORY).is_dir() else None
        made = tempfile.TemporaryDirectory(prefix="slw-", dir=place)
        self.home = Path(self.stack.enter_context(made))
        self.clock = Clock()
        self.env = Environment({"HOME": str(self.home), "LANG": "C.UTF-8"})
        self.directory = Path(self.env.profile_dir or "")
        self.processes: list[Process] = []
        self.begun: dict[int, float] = {}
        self.wanted: list[bytes] = []
        self.count = 0
        self.status = 200
        self.used = dict(ACCOUNTS)
        self.sent: list[float] = []
        self.best: dict[str, float] = {}
        self.seen: dict[tuple[bytes, float], tuple[float, float]] = {}
        self._patch()
        (self.home / ".claude").mkdir(mode=0o700)
        self.sign_in("ada")
        self.begin(lambda: refresher.refresh(self.env))
        self.advance(self.processes[0], ENOUGH)

    def _patch(self) -> None:
        patched: tuple[tuple[object, str, object], ...] = (
            (clock, "time", self.clock),
            (clock, "_boot_id", lambda: "the only start"),
            (environ, "current", lambda: self.env),
            (render, "_print", lambda _line: True),
            (bounded_read, "read_document", self._stdin),
            (spawn, "start", self._spawn),
            (api, "fetch_usage", self._answer),
            (recording, "record", lambda *_arguments: "history: not here"),
        )
        for target, name, value in patched:
            self.stack.enter_context(mock.patch.object(target, name, value))
        self.stack.enter_context(stepped.stopping_at_system_calls(self.clock.time))

    def teardown(self) -> None:
        """End what still runs."""
        for process in self.processes:
            process.kill()
        self.stack.close()

    # What the processes meet.

    def _stdin(self) -> tuple[object, bytes]:
        """A session just got an answer; one from before another login could not be told."""
        process = stepped.present()
        assert process is not None
        self.use(7)
        self.count += 1
        week = {"used_percentage": round(self.used[self.account], 2), "resets_at": RESETS_AT}
        document = {
            "session_id": process.document,
            "cost": {"total_api_duration_ms": self.count * 1000},
            "rate_limits": {"seven_day": week},
        }
        return document, b""

    def _spawn(self, _env: Environment, _directory: str, message: bytes = b"") -> bool:
        self.wanted.append(message)
        return True

    def _answer(self, _url: str, token: Secret, **_named: object) -> Outcome:
        stepped.pause("connect")
        self.sent.append(self.clock.true)
        Writers.requests += 1
        self._check_floor()
        body = self._body(token.reveal().split("-")[1])
        data = json.dumps(body).encode() if self.status == 200 else b"{}"
        wait = ["90"] if self.status == 429 else []
        reply = HttpAnswer(self.status, data, wait, None, "application/json", challenged=False)
        stepped.pause("answer")
        return classify(reply, self.clock.true)

    def _body(self, account: str) -> dict[str, object]:
        week = {"utilization": round(self.used[account], 2), "resets_at": RESETS_AT}
        return {"seven_day": week, "limits": []}

    # What happens.

    @rule(force=st.booleans())
    def refresh(self, force: bool) -> None:  # drawn by name
        """Somebody runs a refresher, or its timer does."""
        self.begin(lambda: refresher.refresh(self.env, force=force))

    @rule(step=asking, then_s=st.sampled_from((0.5, 19.0, 61.0)))
    def ask(self, step: str, then_s: float) -> None:
        """Somebody runs one that gets as far as to a step, and stays there for a while."""
        self.refresh(force=True)
        self.go_on_to(len(self.processes) - 1, step)
        self.wait(then_s)

    @rule(surface=st.sampled_from(("tmux", "bash", "zsh")))
    def prompt(self, surface: str) -> None:
        """A prompt asks for its segment."""
        self.begin(lambda: render.run([surface]))

    @rule(name=st.sampled_from(("one", "two")))
    def speak(self, name: str) -> None:
        """A session of Claude Code runs its status line."""
        self.begin(lambda: render.run(["claude"]), name)

    def begin(self, work: Callable[[], object], document: object = None) -> None:
        """Start a process, where there are not too many."""
        if len(self.processes) < MOST_PROCESSES:
            self.count += 1
            self.processes.append(Process(self.count, work, document=document))
            self.begun[self.count] = self.clock.true

    @rule(number=which, steps=st.integers(5, 60))
    def go_on(self, number: int, steps: int) -> None:
        """One process does some steps."""
        if self.processes:
            self.advance(self.processes[number % len(self.processes)], steps)

    @rule(number=which, step=asking)
    def go_on_to(self, number: int, step: str) -> None:
        """One process goes on until it is about to do something."""
        if self.processes:
            process = self.processes[number % len(self.processes)]
            self.advance(process, 1)
            while not process.is_over and process.next_step != step:
                self.advance(process, 1)

    @rule(number=which)
    def finish(self, number: int) -> None:
        """One process goes on to its end."""
        if self.processes:
            self.advance(self.processes[number % len(self.processes)], ENOUGH)

    def advance(self, process: Process, steps: int) -> None:
        """Do so many steps, and look after each that changes something."""
        for _ in range(steps):
            if process.is_over:
                break
            Writers.steps += 1
            self.clock.true += STEP_S
            if process.advance() in ("replace", "rename", "unlink", "utime"):
                self.check()
        self.bury()

    def bury(self) -> None:
        """Forget the processes that have ended, and start what a render wanted."""
        self.processes = [each for each in self.processes if not each.is_over]
        while self.wanted:
            message = self.wanted.pop()
            work = functools.partial(refresher.refresh, self.env, message=message)
            self.begin(work, message or None)

    @rule(number=which)
    def kill(self, number: int) -> None:
        """One process is killed."""
        if self.processes:
            self.processes[number % len(self.processes)].kill()
            self.bury()

    @rule(seconds=st.sampled_from((0.5, 5.0, 19.0, 41.0, 60.0, 130.0, 700.0, 4000.0)))
    def wait(self, seconds: float) -> None:
        """Time passes; the kernel ends who has lived too long."""
        self.clock.true += seconds
        for process in self.processes:
            if self.clock.true - self.begun[process.pid] > LIFETIME_S:
                process.kill()
        self.bury()

    @rule(offset_s=st.sampled_from((0.0, 0.0, 3600.0, -3600.0, 400.0, -86400.0)))
    def set_clock(self, offset_s: float) -> None:
        """Somebody sets the wall clock."""
        self.clock.offset_s = offset_s

    @rule(count=st.integers(1, 20))
    def use(self, count: int) -> None:
        """The account is used."""
        self.used[self.account] += count / 100

    @rule(status=st.sampled_from(ANSWERS))
    def answer_with(self, status: int) -> None:
        """The server changes its mind."""
        self.status = status

    @rule(account=st.sampled_from(sorted(ACCOUNTS)))
    def sign_in(self, account: str) -> None:
        """Somebody signs in: both files are replaced.

        That takes a while: what sessions have said before it has been taken in.
        """
        for process in self.processes:
            if process.document is not None:
                process.kill()
        self.bury()
        self.account = account
        self.count += 1
        self.clock.true += STEP_S
        login = {
            "accessToken": f"made-{account}-{self.count}",
            "expiresAt": int((START + 90 * DAY_S) * 1000),
            "scopes": ["user:profile"],
        }
        self._replace(".claude/.credentials.json", {"claudeAiOauth": login})
        self._replace(".claude.json", {"oauthAccount": {"accountUuid": account}})

    def _replace(self, name: str, document: object) -> None:
        temporary = self.home / f"{name}.{self.count}"
        temporary.write_text(json.dumps(document))
        temporary.chmod(0o600)
        os.utime(temporary, (self.clock.time(), self.clock.time()))
        temporary.rename(self.home / name)

    # What has to hold.

    def _check_floor(self) -> None:
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
