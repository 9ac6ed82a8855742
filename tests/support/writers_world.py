"""One profile and the world around it, for `writers`: real processes that stop at each step.

Who is signed in, what each account has used and when requests reached the server is written down
here as it happens; nothing of it comes from the code under test.
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

from hypothesis.stateful import RuleBasedStateMachine

from statusline.login.secret import Secret
from statusline.refresh import api, recording, refresher
from statusline.refresh.outcome import HttpAnswer, Outcome, classify
from statusline.segment import render, spawn
from statusline.system import bounded_read, clock, environ
from statusline.system.environ import Environment
from tests.support import stepped
from tests.support.stepped import Process
from tests.support.world import DAY_S, START, Clock

#: As long as the kernel lets a refresher live.
LIFETIME_S = 20.0
#: What is used by whom: each account's numbers are its own, and only grow.
ACCOUNTS = {"ada": 10.0, "bob": 50.0}
ENOUGH = 10_000
RESETS_AT = START + 7 * DAY_S
MOST_PROCESSES = 6
#: A directory without a disk behind it, where there is one.
MEMORY = "/dev/shm"
#: Each step takes a moment, so that no two files are of the same.
STEP_S = 0.0001
#: Steps after which something else is true.
CHANGES = frozenset(("connect", "answer", "replace", "rename", "unlink", "utime"))


class WritersWorld(RuleBasedStateMachine):
    """One profile, its processes, and what they meet; `check` is called after each change."""

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
        self._patch()
        (self.home / ".claude").mkdir(mode=0o700)
        self.sign_in_as("ada")
        self.refresh(force=False)
        self.advance(self.processes[0], ENOUGH)

    def check(self) -> None:
        """Look whether what is on the disk may be there."""
        raise NotImplementedError

    def check_floor(self) -> None:
        """Look whether the last request may have been made."""
        raise NotImplementedError

    def _patch(self) -> None:
        patched: tuple[tuple[object, str, object], ...] = (
            (clock, "time", self.clock),
            (clock, "_boot_id", lambda: "the only start"),
            (environ, "current", lambda: self.env),
            (render, "_print", lambda _line: True),
            (bounded_read, "read_stdin", self._stdin),
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
        WritersWorld.requests += 1
        self.check_floor()
        body = self._body(token.reveal().split("-")[1])
        data = json.dumps(body).encode() if self.status == 200 else b"{}"
        wait = ["90"] if self.status == 429 else []
        reply = HttpAnswer(self.status, data, wait, None, "application/json", challenged=False)
        self.status = 200
        stepped.pause("answer")
        return classify(reply, self.clock.true)

    def _body(self, account: str) -> dict[str, object]:
        week = {"utilization": round(self.used[account], 2), "resets_at": RESETS_AT}
        return {"seven_day": week, "limits": []}

    # What they do.

    def refresh(self, *, force: bool) -> None:
        """Somebody runs a refresher, or its timer does."""
        self.begin(lambda: refresher.refresh(self.env, force=force))

    def prompt(self, surface: str) -> None:
        """A prompt asks for its segment."""
        self.begin(lambda: render.run([surface]))

    def speak(self, name: str) -> None:
        """A session of Claude Code runs its status line."""
        self.begin(lambda: render.run(["claude"]), name)

    def begin(self, work: Callable[[], object], document: object = None) -> None:
        """Start a process, where there are not too many."""
        if len(self.processes) < MOST_PROCESSES:
            self.count += 1
            self.processes.append(Process(self.count, work, document=document))
            self.begun[self.count] = self.clock.true

    def advance(self, process: Process, steps: int) -> None:
        """Do so many steps, and look after each that changes something."""
        for _ in range(steps):
            if process.is_over:
                break
            WritersWorld.steps += 1
            self.clock.true += STEP_S
            if process.advance() in CHANGES:
                self.check()
        self.bury()

    def finish(self, number: int) -> None:
        """One process goes on to its end."""
        self.advance(self.processes[number], ENOUGH)

    def go_on_to(self, number: int, step: str) -> None:
        """One process goes on until it is about to do something."""
        process = self.processes[number]
        self.advance(process, 1)
        while not process.is_over and process.next_step != step:
            self.advance(process, 1)

    def bury(self) -> None:
        """Forget the processes that have ended, and start what a render wanted."""
        self.processes = [each for each in self.processes if not each.is_over]
        while self.wanted:
            message = self.wanted.pop()
            work = functools.partial(refresher.refresh, self.env, message=message)
            self.begin(work, message or None)

    def kill(self, process: Process) -> None:
        """One process is killed."""
        process.kill()
        self.bury()

    def wait(self, seconds: float) -> None:
        """Time passes; the kernel ends who has lived too long."""
        self.clock.true += seconds
        for process in self.processes:
            if self.clock.true - self.begun[process.pid] > LIFETIME_S:
                process.kill()
        self.bury()

    def use(self, count: int) -> None:
        """The account is used."""
        self.used[self.account] += count / 100

    def sign_in_as(self, account: str) -> None:
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
