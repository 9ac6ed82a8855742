"""Where the day is played: a throw-away home, a made-up login, a server and a clock of its own."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING

from statusline import clock, publish
from statusline.demo import day
from statusline.demo.server import DayServer
from statusline.environ import Environment
from statusline.hot import configured, render
from statusline.refresh.refresher import refresh

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class StageError(Exception):
    """The stage cannot be set, or the refresher cannot work on it; ``str`` says why."""


class Stage:
    """A profile that only the demo knows, brought to one moment of the day after the other."""

    def __init__(self, home: str, server: DayServer, terminal: Environment) -> None:
        self.hour = day.START_H
        self._server = server
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
        of the same moment. Raises ``StageError``.
        """
        self.hour = hour
        if render.is_due(render.load(self._env), clock.now()):
            report = refresh(self._env)
            if report.result not in WELL:
                raise StageError(report.detail)

    def now(self) -> float:
        """Return the played moment in epoch seconds."""
        return day.moment_of(self.hour)

    def segment(self, surface: str) -> bytes:
        """Return what ``statusline SURFACE`` would print now, without the newline."""
        snapshot = render.load(self._env)
        stdin = day.stdin(self.hour) if surface == "claude" else None
        settings = configured.settings(self._env)
        line, _cells = render.draw(self._env, snapshot, stdin, settings, clock.now(), surface)
        return line


@contextlib.contextmanager
def stage(terminal: Environment) -> Iterator[Stage]:
    """Set the stage and clear it away, whatever ends the play; raises ``StageError``.

    Meanwhile the clock of this process is the stage's.
    """
    with contextlib.ExitStack() as held:
        try:
            home = held.enter_context(tempfile.TemporaryDirectory(prefix="statusline-demo-"))
            server = held.enter_context(DayServer())
            os.mkdir(f"{home}/.claude", 0o700)
            publish.write_json(f"{home}/.claude/.credentials.json", LOGIN)
        except OSError as error:
            raise StageError(error.strerror or type(error).__name__) from error
        playing = Stage(home, server, terminal)
        held.callback(clock.use, None)
        clock.use(playing.now)
        yield playing
