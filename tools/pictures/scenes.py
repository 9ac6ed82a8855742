"""Scenes: what commands of ours print."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from tests.support.profile import Profile
from tests.support.screen import Screen
from tools.pictures import sessions
from tools.pictures.home import COLUMNS, ROWS, home, run


def _typed(
    command: str, until: str, rows: int, prepare: Callable[[Profile], None] = lambda _profile: None
) -> list[str]:
    """The screen after a command of ours was typed in a shell."""
    with contextlib.ExitStack() as stack:
        profile = stack.enter_context(home(PS1="~ $ "))
        prepare(profile)
        screen = stack.enter_context(
            Screen(["sh"], profile.environment, columns=COLUMNS, rows=rows, directory=profile.home)
        )
        screen.wait_for(r"~ \$")
        screen.type(command)
        screen.press("Enter")
        screen.wait_for(until)
        rows_shown = _trimmed(screen.colored())
        screen.press("q")
        return rows_shown


def show() -> list[str]:
    """What `statusline show` prints."""
    return _typed("statusline show", r"(?s)renewed .*~ \$", 16)


def tokens() -> list[str]:
    """What `statusline tokens` prints of a made-up week."""
    return _typed(
        "statusline tokens",
        r"(?s)list prices.*~ \$",
        16,
        lambda profile: sessions.write(profile.home, time.time()),
    )


def watch() -> list[str]:
    """The dashboard of `statusline watch`."""
    return _typed("statusline watch", r"(?s)5h.*61%.*renewed.*quit", 16)


def edit() -> list[str]:
    """The screen of `statusline config edit`, with a preset chosen."""
    with home() as profile:
        command = [str(profile.home / "bin" / "statusline"), "config", "edit"]
        with Screen(command, profile.environment, columns=COLUMNS, rows=ROWS) as screen:
            screen.wait_for(r"\^S save")
            screen.press("Down", "Down", "Right", "Right")
            screen.wait_for("‹ two-line ›.*yours")
            screen.wait_for("main")
            return screen.colored().splitlines()


def doctor() -> list[str]:
    """What `statusline doctor` prints."""
    return _typed("statusline doctor", r"(?s)5h.*~ \$", 50, _as_a_users)


def _as_a_users(profile: Profile) -> None:
    """Wire surfaces, and take the variable of the tests away.

    The numbers are seconds old by then: nothing is asked.
    """
    run(profile, "install", "claude", "tmux", "bash", "--yes")
    del profile.environment["STATUSLINE_API_URL"]


def _trimmed(screen: str) -> list[str]:
    """The rows down to the last one that holds anything."""
    return screen.rstrip().splitlines()
