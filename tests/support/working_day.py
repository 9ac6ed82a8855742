"""A working day on one machine: Claude Code's sessions, tmux, shells, and a server that answers.

Everything in it is a real process that looks once a second, as its host would have it do.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shlex
import time
from pathlib import Path
from typing import Any, Self

from .answers import Answer
from .crowd import Crowd
from .house import HOOKS
from .patience import HANG_S
from .played_time import PlayedTime
from .profile import Profile
from .screen import Screen
from .server import UsageServer
from .tmux_server import Server, line, row
from .world import DAY_S, Account, Session

SESSIONS, CLIENTS, SHELLS = 20, 4, 10
#: Steps of a second: how long the server answers, then how long it refuses.
ANSWERS_FOR, REFUSES_FOR = 40, 6
#: A shell that shows a prompt once a second, with its hook in it.
_PROMPTS = """\
out=$1 hook=$2
. "$hook"
until [ -e "${out%/*}/stop" ]; do
  true
  _statusline_prompt
  printf '%s %s\\n' "$?" "$STATUSLINE_SEGMENT" >>"$out"
  sleep 1
done
"""


class WorkingDay:
    """Twenty sessions, four tmux clients, ten shells; a context manager."""

    def __init__(
        self, directory: Path, profile: Profile, server: UsageServer, launcher: Path
    ) -> None:
        self.profile, self.server = profile, server
        self.crowd = Crowd(directory / "crowd", profile)
        self.time = PlayedTime(profile, server)
        self.tmux_row, self.tmux_cpu_s = "", 0.0
        self._launcher, self._directory = launcher, directory
        self._chance = random.Random(20)
        self._account = Account("ada", "home", int(time.time()) + 2 * DAY_S, 40.0)
        self._sessions = [Session(f"session-{number}") for number in range(SESSIONS)]
        self._open = contextlib.ExitStack()
        self._clients: list[Screen] = []
        self._tmux: Server | None = None
        self._steps = 0
        profile.sign_in(lasts_s=DAY_S)
        profile.environment["STATUSLINE_BIN"] = str(launcher)
        profile.environment["STATUSLINE_PROFILE"] = str(profile.directory)
        self.step()
        self._add_members()

    def _add_members(self) -> None:
        hook = f". {shlex.quote(str(HOOKS / 'claude-code.sh'))}"
        for number, session in enumerate(self._sessions):
            self.crowd.add(
                session.name,
                ["/bin/sh", "-c", hook],
                pause_s=1,
                stdin=self._stdin_of(session),
                CLAUDE_PID=str(4_000_000 + number),
            )
        for number in range(SHELLS):
            out = str(self.crowd.directory / f"shell-{number}")
            words = ["bash", "--norc", "-c", _PROMPTS, "bash", out, str(HOOKS / "prompt.bash")]
            self.crowd.add_process(words)

    def add_impatient(self, count: int) -> None:
        """Let some ask for new numbers by hand all the time, so that only the floor holds."""
        for number in range(count):
            command = [str(self._launcher), "refresh", "--force"]
            self.crowd.add(f"by-hand-{number}", command, pause_s=1)

    def __enter__(self) -> Self:
        job = line(self.profile, self._launcher)
        home = self.profile.home
        bare = {"HOME": str(home)}
        self._tmux = self._open.enter_context(Server(bare, job, home))
        for _ in range(CLIENTS):
            self._clients.append(self._open.enter_context(self._tmux.client()))
        self._open.enter_context(self.crowd)
        return self

    def __exit__(self, *error: object) -> None:
        self._open.__exit__(None, None, None)

    def close_tmux(self) -> None:
        """See what stands in tmux's row and what that took, then end the server and its clients."""
        assert self._tmux is not None
        self.tmux_row = row(self._clients[-1])
        fields = Path(f"/proc/{self._tmux.process()}/stat").read_text().rpartition(")")[2].split()
        ticks = sum(int(field) for field in fields[11:15])  # its own, and of those it waited for
        self.tmux_cpu_s = ticks / os.sysconf("SC_CLK_TCK")
        self._tmux.tmux("kill-server")

    def long_lived(self) -> dict[int, str]:
        """What runs all day, by process id: tmux's server, the shells."""
        assert self._tmux is not None
        found = {self._tmux.process(): "tmux"}
        for process in self.profile.processes():
            with contextlib.suppress(OSError):
                name = Path(f"/proc/{process}/comm").read_text()
                if name == "bash\n" and os.getsid(process) == process:
                    found[process] = "bash"  # and none that it forks
        return found

    def step(self) -> None:
        """Let a second's worth happen: work, answers, a server in a good or a bad mood."""
        self._steps += 1
        now = int(time.time())
        self._account.pass_to(now)
        busy = self._chance.choice(self._sessions)
        self._account.use(now, self._chance.choice((0.0, 0.1, 0.4)))
        busy.answer(self._account)
        if self._steps % 50 == 0:
            busy.clear()
        elif self._steps % 70 == 0:
            busy.resume(self._account)
        for session in self._sessions if self._steps == 1 else [busy]:
            self._tell(session)
        is_refusing = self._steps % (ANSWERS_FOR + REFUSES_FOR) >= ANSWERS_FOR
        self.server.script = [
            Answer(429, b"{}") if is_refusing else Answer(body=self._account.body())
        ]

    def sleep(self, seconds: int, patience_s: float = HANG_S) -> bool:
        """Let the machine sleep (`PlayedTime.sleep`): resets come nearer for everybody."""
        if not self.time.sleep(seconds, patience_s):
            return False
        for window, fact in self._account.now.items():
            if fact.resets_at is not None:
                self._account.now[window] = fact._replace(resets_at=fact.resets_at - seconds)
        for session in self._sessions:
            for limits in (session.memory or {}).values():
                limits["resets_at"] -= seconds
            self._tell(session)
        return True

    def windows_that_ended(self) -> int:
        """How many windows have reset by now."""
        return sum(len(ended) for ended in self._account.boundaries.values())

    def asked_at_s(self) -> list[float]:
        """When the server was asked, in played time."""
        return [self.time.at(request.at_s) for request in self.server.requests]

    def _stdin_of(self, session: Session) -> Path:
        return self.crowd.directory / f"{session.name}.json"

    def _tell(self, session: Session) -> None:
        told: dict[str, Any] = session.stdin()
        beside = self._directory / "told"
        beside.write_text(json.dumps(told) + "\n")
        beside.replace(self._stdin_of(session))
