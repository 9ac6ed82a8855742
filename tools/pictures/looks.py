"""Scenes of how the line may look: one number on three surfaces, every preset, every theme."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from pathlib import Path

from statusline.settings.looks import THEMES
from statusline.settings.presets import PRESETS
from tests.e2e import claude_code
from tests.support.anthropic_api import MessagesApi
from tests.support.screen import Screen
from tests.support.server import UsageServer, usage_answer
from tools.pictures.home import SEGMENT, answer, home, left_s

DATA = Path(__file__).parents[2] / "tests" / "data"
GREETING = "Hello! What shall we build today?"
COLUMNS, STATES_COLUMNS = 100, 112
TMUX = """\
set -g default-command 'exec zsh -i'
set -g default-terminal tmux-256color
set -g window-status-current-format '#I:work*'
set -g status-interval 1
set -g status-right '%H:%M'
"""


def hero() -> list[str]:
    """Claude Code above, zsh below, in tmux: the same number three times."""
    limits = {"5h": (0.61, left_s()), "7d": (0.22, 4 * 86400.0)}
    with (
        tempfile.TemporaryDirectory(prefix="picture-") as directory,
        MessagesApi(limits, GREETING) as api,
        UsageServer([answer()]) as usage,
    ):
        binary = claude_code.fetch()
        made = claude_code.ClaudeHome(Path(directory), binary, api.url, usage.url)
        environment = made.profile.environment
        environment |= {"SHELL": "/bin/sh", "TZ": f"UTC{time.gmtime().tm_hour - 10:+d}"}
        made.profile.configure('preset = "two-line"\n')
        _make_tree(made.project)
        (made.profile.home / ".zshrc").write_text("PROMPT='%1~ %% '\n")
        configuration = made.profile.home / ".tmux.conf"
        configuration.write_text(TMUX)
        made.statusline("install", "claude", "zsh", "tmux", "--yes")
        made.statusline("refresh")
        inner = ["tmux", "-S", str(made.profile.home / "s"), "-f", str(configuration)]
        command = [*inner, "new-session", "-s", "work", str(binary)]
        with Screen(
            command, environment, columns=COLUMNS, rows=26, directory=made.project
        ) as screen:
            screen.wait_for(claude_code.READY)
            split = ["split-window", "-d", "-l", "4", "-c", str(made.project)]
            subprocess.run([*inner, *split], env=environment, check=True)
            screen.type("hello")
            screen.wait_for(r"^❯\shello")
            screen.press("Enter")
            bars = r"5h ████▉░░░ 61% 2h1\dm"
            screen.wait_for(rf"(?s){re.escape(GREETING)}.*{bars}.*{SEGMENT}.*{SEGMENT}")
            rows = screen.tmux("capture-pane", "-peN").splitlines()  # blanks of tmux's bar too
            subprocess.run([*inner, "kill-server"], env=environment, check=True)
        made.profile.wait_until_quiet()
    # The announcements above the first message are Claude Code's, and change with its version.
    first = next(number for number, row in enumerate(rows) if "hello" in row)
    return rows[first:]


def _make_tree(project: Path) -> None:
    """Make a directory a git working tree on the branch `main`."""
    (project / ".git").mkdir()
    (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")


def presets() -> list[str]:
    """Claude Code's line as each preset has it."""
    return _lines({name: f'preset = "{name}"\n' for name in PRESETS})


def states() -> list[str]:
    """The default line in every state that `statusline config preview` knows."""
    with (
        home(STATES_COLUMNS=str(STATES_COLUMNS)) as profile,
        Screen(
            ["sh", "-c", "statusline config preview default; echo done; sleep 600"],
            profile.environment,
            columns=STATES_COLUMNS,
            rows=30,
        ) as screen,
    ):
        seen = screen.wait_for("^done").splitlines()
        return screen.colored().splitlines()[: seen.index("done") - 1]


def themes() -> list[str]:
    """One line in each theme, at 61, 80 and 95 per cent."""
    form = 'format.claude = "{model}{sep}[{five_hour.label} {five_hour.bar} {five_hour.pct}]'
    form += '{sep}[{seven_day.label} {seven_day.bar} {seven_day.pct}]{sep}{weekly}"\n'
    return _lines({name: f'theme = "{name}"\n{form}' for name in THEMES})


def _lines(configs: dict[str, str]) -> list[str]:
    """What `statusline claude` prints with each config.toml, below its name."""
    reply = usage_answer(61, 80, five_hour_left_s=left_s(), scoped={"Fable": 95})
    with home(reply, COLUMNS=str(COLUMNS)) as profile:
        project = profile.home / "project"
        _make_tree(project)
        document = json.loads((DATA / "stdin-2.1.328.json").read_text("utf-8"))
        document["workspace"] = {"current_dir": str(project)}
        document["context_window"]["used_percentage"] = 34
        document["cost"] |= {"total_cost_usd": 1.62, "total_lines_added": 120}
        del document["rate_limits"]
        (profile.home / "stdin.json").write_text(json.dumps(document))
        for name, text in configs.items():
            (profile.home / f"{name}.toml").write_text(text)
        loop = (
            f"for name in {' '.join(configs)}; do printf '\\033[1m%s\\033[0m\\n' $name;"
            ' STATUSLINE_CONFIG="$HOME/$name.toml" statusline claude <"$HOME/stdin.json"; done;'
            " echo; echo done; sleep 600"
        )
        with Screen(
            ["sh", "-c", loop], profile.environment, columns=COLUMNS, rows=30, directory=project
        ) as screen:
            seen = screen.wait_for("^done").splitlines()
            rows = screen.colored().splitlines()
    return rows[: seen.index("done") - 1]
