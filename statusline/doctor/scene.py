"""What the checks look at: one environment at one moment, read once."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property

from statusline import clock
from statusline.config import load as config
from statusline.config.load import Loaded
from statusline.environ import Environment
from statusline.hot import render
from statusline.refresh import credentials, known
from statusline.refresh.attempts import State
from statusline.refresh.credentials import Credentials
from statusline.snapshot import Snapshot
from statusline.wiring.host import Here, WiringError, here

#: Where an administrator's settings of Claude Code are (docs/claude-code.md 3.1).
MANAGED = (
    "/Library/Application Support/ClaudeCode/managed-settings.json"
    if sys.platform == "darwin"
    else "/etc/claude-code/managed-settings.json"
)


@dataclass(frozen=True)
class Scene:
    """An environment and the directory it is asked from, at ``now`` (epoch s).

    ``online`` lets checks use the network; ``managed`` is the administrator's settings file.
    """

    env: Environment
    now: float
    cwd: str
    online: bool = False
    managed: str = MANAGED

    @property
    def directory(self) -> str | None:
        """The profile's cache directory."""
        return self.env.profile_dir

    @cached_property
    def loaded(self) -> Loaded:
        """What config.toml says."""
        return config.read(self.env)

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """What usage.json says, ``None`` where a segment would not believe it either."""
        return render.load(self.env)

    @cached_property
    def state(self) -> State:
        """What is remembered of the last requests."""
        if self.directory is None:
            return State()
        return known.load(self.directory, clock.stamp()).state

    @cached_property
    def login(self) -> Credentials:
        """Where the token is, and what is known about it."""
        return credentials.find(self.env)

    @cached_property
    def _found(self) -> Here | str:
        try:
            return here(self.env)
        except WiringError as error:
            return str(error)

    @property
    def here(self) -> Here | None:
        """This installation, ``None`` where it cannot be named."""
        return None if isinstance(self._found, str) else self._found

    @property
    def nowhere(self) -> str:
        """Why it cannot be named, with the fix."""
        return self._found if isinstance(self._found, str) else ""

    def tidy(self, path: str) -> str:
        """Return a path for the user's own screen, with ``~`` for the home directory."""
        home = self.env.home
        if home is not None and path.startswith(f"{home}/"):
            return f"~{path[len(home) :]}"
        return path


def present(*, online: bool) -> Scene:
    """Return the scene of this process."""
    from statusline import environ  # tests bring their own

    try:
        cwd = os.getcwd()
    except OSError:  # the directory was removed
        cwd = "/"
    return Scene(environ.current(), clock.now(), cwd, online)
