"""The real Claude Code: fetched once, and started in a home that believes to be signed in."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.e2e import npm
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.screen import Screen

VERSION = "2.1.328"
#: The prompt of an empty input box: Claude Code is ready for a message.
READY = r"^❯"


def fetch() -> Path:
    """The binary of Claude Code `VERSION`, from npm unless it is there; `NotAvailableError`."""
    package = "@anthropic-ai/claude-code"
    return npm.fetch("Claude Code", package, VERSION, f"{package}-*/claude")


def until(condition: Callable[[], Any], deadline_s: float = HANG_S) -> bool:
    """Whether `condition` came true before the deadline; polls."""
    end_s = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.05)
    return True


def enter(screen: Screen, text: str) -> None:
    """Type a message or a command into Claude Code, and send it."""
    screen.wait_for(READY)
    screen.type(text)
    screen.wait_for(rf"^❯\s{re.escape(text)}")
    screen.press("Enter")


class ClaudeHome:
    """A home with a made-up login, a trusted project and our launcher, for `binary`.

    `messages_url` is the Messages API's stand-in, `usage_url` the usage API's.
    """

    def __init__(self, home: Path, binary: Path, messages_url: str, usage_url: str) -> None:
        self._binary = binary
        self.project = home / "project"
        self.launcher = make_launcher(home / "bin")
        self.profile = Profile(
            home,
            usage_url,
            ANTHROPIC_BASE_URL=messages_url,
            TERM="xterm-256color",
            DISABLE_TELEMETRY="1",
            DISABLE_ERROR_REPORTING="1",
            DISABLE_AUTOUPDATER="1",
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        )
        self.project.mkdir()
        self.settings = home / ".claude" / "settings.json"
        trusted = {str(self.project): {"hasTrustDialogAccepted": True}}
        known = {"hasCompletedOnboarding": True, "theme": "dark", "projects": trusted}
        (home / ".claude.json").write_text(json.dumps(known))

    def set_status_line(self, command: str, **members: object) -> None:
        """Write settings.json with this status line, run once a second unless `members` differ."""
        line = {"type": "command", "command": command, "refreshInterval": 1, **members}
        self.settings.write_text(json.dumps({"statusLine": line}, indent=2))

    def script(self, name: str, text: str) -> Path:
        """Write a /bin/sh script into the home's bin."""
        path = self.launcher.parent / name
        path.write_text(f"#!/bin/sh\n{text}")
        path.chmod(0o755)
        return path

    def statusline(self, *words: str) -> None:
        """Run the launcher as a user does; it has to succeed."""
        done = subprocess.run(
            [str(self.launcher), *words],
            env=self.profile.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, *words: str) -> str:
        """Run Claude Code in the project to its end, which has to be a good one; what it prints."""
        done = subprocess.run(
            [str(self._binary), *words],
            env=self.profile.environment,
            cwd=self.project,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *words: str, columns: int = 120, rows: int = 30) -> Screen:
        """A screen, still to be entered, in which Claude Code runs in the project."""
        return Screen(
            [str(self._binary), *words],
            self.profile.environment,
            columns=columns,
            rows=rows,
            directory=self.project,
        )

    def tmux_segment(self) -> str:
        """What the launcher prints for tmux, without its marks."""
        return self.profile.shown()

    def windows(self) -> Mapping[str, Any]:
        """The windows in usage.json; none while there is no such file."""
        try:
            found = self.profile.usage()["windows"]
        except FileNotFoundError:
            return {}
        assert isinstance(found, dict)
        return found
