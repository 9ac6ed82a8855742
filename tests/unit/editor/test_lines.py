"""The preview's lines: every placeholder has something to show, and tmux its own colours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from statusline.editor.lines import line_of, rows
from statusline.editor.states import State, project, states
from statusline.settings.load import compile_text
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.surfaces import SURFACES
from statusline.system.environ import Environment

ENV = Environment({"HOME": "/home/you", "LANG": "C.UTF-8"})


@pytest.fixture(scope="module")
def shown() -> Iterator[dict[str, State]]:
    """Every state by its name."""
    with project() as home:
        yield {state.name: state for state in states(home)}


def line(state: State, text: str, surface: str = "claude", *, colored: bool = False) -> str:
    """What a surface shows with this config.toml."""
    settings = compile_text(text, ENV).settings
    return "\n".join(line_of(settings, ENV, state, surface, 100, colored=colored))


@pytest.mark.parametrize("name", sorted(PLACEHOLDERS.keys() - {"seven_day.full"}))  # its week lasts
def test_every_placeholder_has_something_to_show(shown: dict[str, State], name: str) -> None:
    """Whoever tries one out would take it for broken."""
    state = shown[{"status": "offline", "full": "80 %"}.get(name.rpartition(".")[2], "61 %")]
    text = '[accounts]\n"/home/you/.claude" = "work"\n'
    text += f"[format]\nclaude = {json.dumps(f'<[{{{name}}}]>')}\n"
    assert re.match("<.+>", line(state, text)), line(state, text)


def test_nothing_of_the_machine_is_shown(shown: dict[str, State]) -> None:
    """The preview is the same for everybody: made-up numbers, a made-up directory."""
    text = '[format]\nclaude = "{dir.path} {branch} {repo}"\n'
    assert line(shown["61 %"], text) == "~/src/statusline main octo/statusline"


@pytest.mark.parametrize(
    ("style", "sgr"),
    [
        ("bold white on red", "0;30;42;37;41;1"),
        ("bright_blue", "0;30;42;94"),
        ("color:214 on color:17", "0;30;42;38;5;214;48;5;17"),
        ("#ff8800", "0;30;42;38;2;255;136;0"),
        ("underline italic reverse", "0;30;42;4;3;7"),
    ],
)
def test_tmux_is_shown_on_its_own_bar(shown: dict[str, State], style: str, sgr: str) -> None:
    """Green letters look fine on black and cannot be read on tmux's green."""
    text = f'[format]\ntmux = "# {{five_hour.pct}}"\n[style]\nnormal = "none / {style}"\n'
    seen = line(shown["61 %"], text, "tmux", colored=True)
    found = re.fullmatch(r"\x1b\[30;42m # \x1b\[([\d;]+)m61%\x1b\[0;30;42m \x1b\[0m", seen)
    assert found, repr(seen)
    assert sorted(found[1].split(";")) == sorted(sgr.split(";"))


def test_surfaces_that_show_the_same_share_a_row(shown: dict[str, State]) -> None:
    """Seven rows with one line would hide the one that differs."""
    text = '[format]\nclaude = "{five_hour}"\ndefault = "{five_hour}"\n'
    found = rows(compile_text(text).settings, ENV, list(shown.values()), colored=False)
    assert [row.surfaces for row in found] == [tuple(SURFACES)]
    assert len(found[0].lines) == len(shown)


def test_each_state_is_what_it_is_called(shown: dict[str, State]) -> None:
    """A preview of "old" that looks well would teach nobody what to expect."""
    for pct in (61, 80, 92, 100):
        assert line(shown[f"{pct} %"], "", "zsh").startswith(f"5h {pct}% ")
    assert line(shown["reset"], "", "zsh").startswith("5h ↻")
    assert line(shown["old"], "", "zsh").endswith("15m old")
    assert line(shown["offline"], "").endswith("45m old · usage: offline")
