"""The pictures of docs/ show what the programs print today, in the same words and colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from statusline.cli.terminal_svg import draw
from tests.support.capabilities import needs_tmux
from tools.pictures import main as pictures
from tools.pictures.home import COLUMNS

DIRECTORY = Path(__file__).parents[2] / "docs" / "pictures"
#: What differs from one moment, machine or version to the next, and what stands for it.
PASSING = [
    (r"2h1\dm", "2h11m"),
    (r"\b\d\d:\d\d\b", "13:37"),
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", "Wed"),
    (r"\b\d+[smh](?= ago)", "1s"),
    (r"\b(?:1m\d\ds|\d\ds|1m)\b", "1m"),
]
NAMES = [
    "show",
    "presets",
    "states",
    "custom",
    "themes",
    "edit",
]

pytestmark = needs_tmux


def lasting(picture: str) -> list[str]:
    """The runs of a picture, place, text, colours and looks, without what passes."""
    for pattern, stand_in in PASSING:
        picture = re.sub(pattern, stand_in, picture)
    return picture.splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_what_the_program_prints_in_its_colours(name: str) -> None:
    """tmux.svg showed green numbers that the program does not print there: only words counted."""
    title, take = pictures.PICTURES[name]
    taken = "\n".join(lasting(draw(take(), pictures.WIDTHS.get(name, COLUMNS), title)))
    kept = "\n".join(lasting((DIRECTORY / f"{name}.svg").read_text("utf-8")))
    assert taken == kept


@pytest.mark.parametrize("path", sorted(DIRECTORY.glob("*.svg")), ids=lambda path: path.stem)
def test_picture_and_text_tell_the_same(path: Path) -> None:
    """README said 2h11m above a picture of 2h12m, and advertised warnings of a test variable."""
    text = path.read_text("utf-8")
    assert "STATUSLINE_" not in text
    if path.stem not in pictures.TIMELESS:
        assert set(re.findall(r"\b2h1\dm\b", text)) == {"2h11m"}
    if path.stem == "doctor":
        assert "All is well." in text
