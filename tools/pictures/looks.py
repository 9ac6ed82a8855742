"""Scenes of how the line may look: every preset, every theme."""

from __future__ import annotations

import json
from pathlib import Path

from statusline.settings.looks import THEMES
from statusline.settings.presets import PRESETS
from tests.support.screen import Screen
from tests.support.server import usage_answer
from tools.pictures.home import home, left_s

DATA = Path(__file__).parents[2] / "tests" / "data"
COLUMNS = 100


def _make_tree(project: Path) -> None:
    """Make a directory a git working tree on the branch `main`."""
    (project / ".git").mkdir()
    (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")


def presets() -> list[str]:
    """Claude Code's line as each preset has it."""
    return _lines({name: f'preset = "{name}"\n' for name in PRESETS})


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
