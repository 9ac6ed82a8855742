"""Where the day is played: a throw-away home, a made-up login, a server and a clock of its own."""

from __future__ import annotations

import contextlib
import os
import random
from typing import TYPE_CHECKING

from statusline.demo import day
from statusline.demo.server import DayServer
from statusline.refresh.refresher import Report, refresh
from statusline.segment import active_settings, render
from statusline.system import atomic_write, clock
from statusline.system.environ import Environment
from statusline.system.errors import FixableError, reason
from statusline.system.throwaway_dir import throwaway_dir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: What the refresher comes to when it could do its work.
WELL = frozenset(("asked", "waiting", "local"))
#: As Claude Code stores a login (docs/claude-code.md 5.1), of nobody.
LOGIN = {
    "claudeAiOauth": {
        "accessToken": "made-up-token-of-the-demo",
        "scopes": ["user:inference", "user:profile"],
        "subscriptionType": "max",
        "rateLimitTier": "default_claude_max_5x",
    }
}


class SandboxError(FixableError):
    """The sandbox cannot be made, or the refresher cannot work in it."""


class Sandbox:
    """A profile that only the demo knows, brought to one moment of the day after the other."""

    def __init__(self, home: str, server: DayServer, terminal: Environment) -> None:
        self.hour = day.START_H
        self._server = server
        self._home = home
        # Nothing of the caller's account or configuration: only how the terminal shows text.
        values = {"HOME": home, "STATUSLINE_API_URL": server.url}
        values["NO_COLOR" if terminal.no_color else "FORCE_COLOR"] = "1"
        values["LANG"] = "C" if terminal.ascii_locale else "C.UTF-8"
        self._env = Environment(values)

    @property
    def requests(self) -> int:
        """How many requests the server has had."""
        return self._server.requests

    def play_to(self, hour: float) -> None:
        """Go on to ``hour``; the real refresher runs if a prompt would start it now.

        The clock stands still until the next call, so that server, refresher and segments speak
        of the same moment. Raises ``SandboxError``.
        """
        self.hour = hour
        if render.is_due(render.load(self._env), clock.now()):
            report = self._refreshed()
            if report.result not in WELL:
                raise SandboxError(report.detail)

    def _refreshed(self) -> Report:
        """Run the refresher; what it leaves to chance is the same each time, as pictures are."""
        state = random.getstate()
        random.seed(0)
        try:
            return refresh(self._env)
        finally:
            random.setstate(state)

    def now(self) -> float:
        """Return the played moment in epoch seconds."""
        return day.moment_of(self.hour)

    def segment(
        self,
        surface: str,
        columns: int = render.CLAUDE_COLUMNS,
        said: Mapping[str, object] | None = None,
    ) -> bytes:
        """Return what ``statusline SURFACE`` would print now, without the newline.

        Claude Code's line is made for a terminal of ``columns`` cells, and may be several lines;
        it has ``said`` this about its session, beside what it says through the day.
        """
        snapshot = render.load(self._env)
        stdin = {**day.stdin(self.hour), **(said or {})} if surface == "claude" else None
        settings = active_settings.settings(self._env)
        line, _cells = render.draw(
            self._env, snapshot, stdin, settings, clock.now(), surface, columns
        )
        return line

    def sign_in(self) -> None:
        """Let the made-up login be there; raises ``OSError``."""
        if not os.path.exists(self._login):
            atomic_write.write_json(self._login, LOGIN)

    def sign_out(self) -> None:
        """Take the made-up login away, as Claude Code does when its user signs out."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._login)

    def configure(self, text: str) -> None:
        """Let ``text`` be this home's ``config.toml``; raises ``OSError``."""
        directory = f"{self._home}/.config/statusline"
        os.makedirs(directory, mode=0o700, exist_ok=True)
        with open(f"{directory}/config.toml", "w", encoding="utf-8") as file:
            file.write(text)

    @property
    def _login(self) -> str:
        return f"{self._home}/.claude/.credentials.json"


@contextlib.contextmanager
def sandbox(terminal: Environment) -> Iterator[Sandbox]:
    """Make the sandbox and clear it away, whatever ends the play; raises ``SandboxError``.

    Meanwhile the clock of this process is the sandbox's.
    """
    with contextlib.ExitStack() as held:
        try:
            home = held.enter_context(throwaway_dir("statusline-demo-"))
            server = held.enter_context(DayServer())
            os.mkdir(f"{home}/.claude", 0o700)
            playing = Sandbox(home, server, terminal)
            playing.sign_in()
        except OSError as error:
            raise SandboxError(
                "The demo needs a private temporary directory and a loopback port:"
                f" {reason(error)}."
            ) from error
        held.callback(clock.use, None)
        clock.use(playing.now)
        yield playing
