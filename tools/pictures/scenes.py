"""Scenes: each surface as `statusline install` sets it up, and what commands of ours print."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.e2e import claude_code, starship
from tests.support.anthropic_api import MessagesApi
from tests.support.profile import Profile
from tests.support.screen import Screen
from tests.support.server import UsageServer
from tools.pictures import sessions
from tools.pictures.home import COLUMNS, ROWS, SEGMENT, answer, home, left_s, run

GREETING = "Hello! What shall we build today?"


def _shell(surface: str, file: str, before: str, command: list[str]) -> list[str]:
    """A shell whose startup `file` holds `before` and what install adds; two commands in it."""
    with home() as profile:
        path = profile.home / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(before)
        run(profile, "install", surface, "--yes")
        return _two_commands(profile, command)


def _two_commands(profile: Profile, command: list[str]) -> list[str]:
    directory = profile.home / "project"
    with Screen(
        command, profile.environment, columns=COLUMNS, rows=ROWS, directory=directory
    ) as screen:
        screen.wait_for(SEGMENT)
        for count, line in enumerate(("ls", "cd src"), start=2):
            screen.type(line)
            screen.press("Enter")
            screen.wait_for(rf"(?s)({SEGMENT}.*){{{count}}}")
        return _trimmed(screen.colored())


def bash() -> list[str]:
    """The segment in front of PS1."""
    before = "PS1='\\w $ '\n"
    return _shell("bash", ".bashrc", before, ["bash", "--noprofile", "-i"])


def zsh() -> list[str]:
    """The segment in RPROMPT."""
    return _shell("zsh", ".zshrc", "PROMPT='%~ %% '\n", ["zsh", "-i"])


def fish() -> list[str]:
    """The segment in fish_right_prompt."""
    before = (
        "set -g fish_greeting\n"
        "function fish_prompt; set_color cyan; printf %s (prompt_pwd); set_color normal; "
        "printf ' > '; end\n"
    )
    return _shell("fish", ".config/fish/config.fish", before, ["fish", "-i"])


def in_starship() -> list[str]:
    """The segment as a custom module of starship, in bash."""
    path = f"{starship.fetch()}:{os.environ['PATH']}"
    with home() as profile:
        profile.environment["PATH"] = f"{profile.home / 'bin'}:{path}"
        (profile.home / ".config").mkdir(exist_ok=True)
        disabled = "".join(
            f"[{module}]\ndisabled = true\n" for module in ("username", "hostname", "container")
        )
        settings = 'add_newline = false\nformat = "$directory${custom.claude}$character"\n'
        (profile.home / ".config" / "starship.toml").write_text(settings + disabled)
        run(profile, "install", "starship", "--yes")
        (profile.home / ".bashrc").write_text('eval "$(starship init bash)"\n')
        return _two_commands(profile, ["bash", "--noprofile", "-i"])


def tmux() -> list[str]:
    """The segment at the right end of tmux's status line."""
    with home(PS1="~/project $ ") as profile:
        configuration = profile.home / ".tmux.conf"
        configuration.write_text(
            "set -g default-command 'exec sh'\n"
            "set -g default-terminal tmux-256color\n"
            "set -g window-status-current-format '#I:project*'\n"
            "set -g status-style 'bg=colour236,fg=white'\n"
            "set -g status-interval 1\n"
            "set -g status-right ' %H:%M '\n"
        )
        run(profile, "install", "tmux", "--yes")
        directory = profile.home / "project"
        inner = ["tmux", "-S", str(profile.home / "s"), "-f", str(configuration)]
        with Screen(
            [*inner, "new-session", "-s", "work"],
            profile.environment,
            columns=COLUMNS,
            rows=8,
            directory=directory,
        ) as screen:
            screen.wait_for(r"project \$")
            screen.type("ls")
            screen.press("Enter")
            screen.wait_for(r"(?s)README\.md.*project \$")
            screen.wait_for(SEGMENT)
            rows = screen.colored().splitlines()
            subprocess.run([*inner, "kill-server"], env=profile.environment, check=True)
            return rows


def claude() -> list[str]:
    """The row below the input box of Claude Code."""
    limits = {"5h": (0.61, left_s()), "7d": (0.22, 4 * 86400.0)}
    with (
        tempfile.TemporaryDirectory(prefix="picture-") as directory,
        MessagesApi(limits, GREETING) as api,
        UsageServer([answer()]) as usage,
    ):
        made = claude_code.ClaudeHome(Path(directory), claude_code.fetch(), api.url, usage.url)
        made.statusline("install", "claude", "--yes")
        made.statusline("refresh")
        with made.start(columns=COLUMNS, rows=ROWS) as screen:
            screen.wait_for(claude_code.READY)
            screen.type("hello")
            screen.wait_for(r"^❯\shello")
            screen.press("Enter")
            screen.wait_for(rf"(?s){re.escape(GREETING)}.*ctx 12% · {SEGMENT}")
            rows = screen.colored().splitlines()
        made.profile.wait_until_quiet()
    # The announcements above the first message are Claude Code's, and change with its version.
    first = next(number for number, row in enumerate(rows) if "hello" in row)
    return rows[first:]


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


def demo() -> list[str]:
    """Every surface side by side."""
    return _typed("statusline demo --once", r"(?s)starship .*61%.*~ \$", 12)


def _trimmed(screen: str) -> list[str]:
    """The rows down to the last one that holds anything."""
    return screen.rstrip().splitlines()
