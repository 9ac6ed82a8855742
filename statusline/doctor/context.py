"""What the checks look at: one environment at one moment, read once."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from functools import cached_property

from statusline.doctor.installed import Line, lines
from statusline.login import credentials
from statusline.login.credentials import Credentials
from statusline.refresh import state_file
from statusline.refresh.attempts import State
from statusline.segment import render
from statusline.settings import load as config
from statusline.settings.load import Loaded
from statusline.system import clock
from statusline.system.environ import Environment
from statusline.system.text import below_home
from statusline.usage.snapshot import Snapshot
from statusline.wiring import edit
from statusline.wiring.hosts import HOSTS
from statusline.wiring.installation import Installation, WiringError, find_installation

#: Where an administrator's settings of Claude Code are (docs/claude-code.md 3.1).
MANAGED = (
    "/Library/Application Support/ClaudeCode/managed-settings.json"
    if sys.platform == "darwin"
    else "/etc/claude-code/managed-settings.json"
)
#: Our program in a line that somebody pasted; others have the word within their names.
_OUR_NAME = re.compile(rb"(?<![\w-])statusline\b")


@dataclass(frozen=True)
class Context:
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
        return state_file.load(self.directory, clock.stamp()).state

    @cached_property
    def login(self) -> Credentials:
        """Where the token is, and what is known about it."""
        return credentials.find(self.env)

    @cached_property
    def _found(self) -> Installation | WiringError:
        try:
            return find_installation(self.env)
        except WiringError as error:
            return error

    @property
    def here(self) -> Installation | None:
        """This installation, ``None`` where it cannot be named."""
        return None if isinstance(self._found, WiringError) else self._found

    @property
    def nowhere(self) -> WiringError | None:
        """Why it cannot be named."""
        return self._found if isinstance(self._found, WiringError) else None

    @cached_property
    def lines(self) -> list[Line]:
        """Every surface that `install` has put into its host's file."""
        return [] if self.here is None else lines(self.here)

    def is_shown_by(self, host: str) -> bool:
        """Tell whether a host shows the segment: by our line, or by one that was pasted."""
        if self.here is None:
            return False
        if any(line.surface == host for line in self.lines):
            return True
        try:
            data = edit.read(HOSTS[host].path(self.here)) or b""
        except WiringError:
            return False
        return _OUR_NAME.search(data) is not None

    def tidy(self, path: str) -> str:
        """Return a path for the user's own screen, with ``~`` for the home directory."""
        return below_home(path, self.env.home)


def present(*, online: bool) -> Context:
    """Return the context of this process."""
    from statusline.system import environ  # tests bring their own

    try:
        cwd = os.getcwd()
    except OSError:  # the directory was removed
        cwd = "/"
    return Context(environ.current(), clock.now(), cwd, online)
