"""Pictures out of the demo's sandbox, the same each time: every state, three ways to change it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.cells import cell_len
from rich.text import Text

from statusline.demo import day
from statusline.demo.sandbox import sandbox
from statusline.demo.scenes import SCENES, go_to
from statusline.editor.lines import TMUX_BAR, on_bar
from statusline.segment.unescape import as_shown
from statusline.settings.settings import Settings
from statusline.system.environ import Environment

#: What can be read in a README, where a picture is about 830 pixels wide.
COLUMNS = 84
NAME_CELLS = 12
#: A minute after the reset of the window that was used up, before anybody has asked.
JUST_RESET_H = 14 + 1 / 60
TERMINAL = Environment({"LANG": "C.UTF-8"})
#: The windows and what is said of them, as wide as Claude Code has room for.
FORMAT = '[format]\nclaude = "{five_hour}{sep}{seven_day}{sep}{status}"\n'
#: What each line means; a word in brackets is shown in the colours of its role.
MEANINGS = {
    "61 %": "[normal green] below 75 %: 61 % of five hours used, 2 h 11 min until they reset",
    "80 %": "[warning orange] from 75 %: at this pace all is used up in 45 minutes",
    "92 %": "[critical red] from 90 %: used up in 20 minutes, and the reset comes in 45",
    "100 %": "used up: the window resets in 20 minutes",
    "old": "[muted grey]: the numbers are 15 minutes old",
    "reset": "[muted ↻]: the window has reset, and its new number is not known yet",
    "offline": "the usage API cannot be reached: the last numbers stay",
    "signed out": "run claude and sign in (in tmux and prompts; Claude Code says it itself)",
}
OWN_WORDS = """\
[format]                # words and numbers of your own
tmux = "{plan}: {five_hour.pct} used, back in {five_hour.reset}"
"""
#: Lines of config.toml, and the surface whose line is shown below them.
CUSTOM = (
    ('preset = "two-line"     # where you work above, what is used below\n', "claude"),
    ('preset = "bars"\ntheme = "calm"          # no colour until a limit comes near\n', "claude"),
    (OWN_WORDS, "tmux"),
)


def states() -> list[str]:
    """The line in every state, and below it what its colours and words mean."""
    rows: list[str] = []
    lines: dict[str, str] = {}
    with sandbox(TERMINAL) as playing:
        playing.configure(FORMAT)
        for scene in SCENES:
            go_to(playing, scene)
            surface = "claude" if scene.is_signed_in else "zsh"
            lines.setdefault(scene.name, as_shown(playing.segment(surface), surface))
            if scene.name == "100 %":
                playing.hour = JUST_RESET_H
                lines["reset"] = as_shown(playing.segment("claude"), "claude")
        assert set(MEANINGS) <= set(lines)
    for name, meaning in MEANINGS.items():
        rows.append(f"\033[1m{name:{NAME_CELLS}}\033[0m{lines[name]}\033[0m")
        rows += [" " * NAME_CELLS + _explained(meaning), ""]
    return rows[:-1]


def _explained(meaning: str) -> str:
    """Return a meaning with its word in brackets coloured."""
    begin, bracket, rest = meaning.partition("[")
    if not bracket:
        return f"\033[38;5;250m{meaning}\033[0m"
    role, word = rest.split("]")[0].split(maxsplit=1)
    end = rest.partition("]")[2]
    style = Settings().styles[role][0]
    return f"{begin}\033[{style}m{word}\033[0;38;5;250m{end}\033[0m"


def custom() -> list[str]:
    """A few lines of config.toml, and below them what they make of a line."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="picture-") as directory, sandbox(TERMINAL) as playing:
        project = Path(directory) / "project"
        (project / ".git").mkdir(parents=True)
        (project / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        said = {"workspace": {"current_dir": str(project)}, "effort": {"level": "high"}}
        playing.play_to(day.TYPICAL_H)
        for text, surface in CUSTOM:
            playing.configure(text)
            line = playing.segment(surface, COLUMNS, said)
            rows += [_toml(each) for each in text.splitlines()]
            rows.append("")
            if surface == "tmux":
                rows.append(_bar(line.decode()))
            else:
                rows += [f"  {each}\033[0m" for each in as_shown(line, surface).split("\n")]
            rows += ["", f"\033[38;5;238m{'─' * COLUMNS}\033[0m", ""]
    return rows[:-3]


def _toml(line: str) -> str:
    code, sign, comment = line.partition("#")
    return f"\033[36m{code}\033[0;38;5;245m{sign}{comment}\033[0m"


def _bar(segment: str) -> str:
    """Return tmux's bar, as wide as the picture."""
    left, right = "[work] 0:claude*", f"11:49 | {on_bar(segment)} "
    cells = cell_len(left + Text.from_ansi(right).plain)
    return f"\033[{TMUX_BAR}m{left}{' ' * (COLUMNS - cells)}{right}\033[0m"
