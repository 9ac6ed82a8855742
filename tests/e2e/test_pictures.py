"""The pictures of docs/ show what the programs print today, in the same words and colours."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from statusline.cli.terminal_svg import CELL_WIDTH, MARGIN, draw
from tests.support.capabilities import needs_bash, needs_fish, needs_tmux, needs_zsh
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
    "tmux",
    pytest.param("bash", marks=needs_bash),
    pytest.param("zsh", marks=needs_zsh),
    pytest.param("fish", marks=needs_fish),
    "show",
    "demo",
    "presets",
    "states",
    "custom",
    "themes",
    "edit",
]

#: One run of a picture: where it stands, how it looks, what it says.
RUN = re.compile(r'<text x="(\d+)" y="(\d+)" textLength="\d+" [^>]*?(fill=[^>]*)>([^<]*)<')
SEGMENT = re.compile(r"5h 61% 2h1\dm · 7d 22%")

pytestmark = needs_tmux


def lasting(picture: str) -> list[str]:
    """The runs of a picture, place, text, colours and looks, without what passes."""
    for pattern, stand_in in PASSING:
        picture = re.sub(pattern, stand_in, picture)
    return picture.splitlines()


def segments(picture: str) -> list[tuple[int, int, list[tuple[str, str]]]]:
    """Every segment in a picture: its row, its column, and each cell's sign and looks.

    The rest of a shell's row is its own affair: fish colours a command when it has the time.
    """
    rows: dict[int, dict[int, tuple[str, str]]] = {}
    for x, y, looks, text in RUN.findall(picture):
        for offset, sign in enumerate(unescape(text)):
            rows.setdefault(int(y), {})[(int(x) - MARGIN) // CELL_WIDTH + offset] = (sign, looks)
    found = []
    for y, cells in rows.items():
        line = "".join(cells.get(column, " ")[0] for column in range(max(cells) + 1))
        for shown in SEGMENT.finditer(line):
            signs = [cells.get(column, (" ", "")) for column in range(*shown.span())]
            found.append(
                (y, shown.start(), [(sign, "" if sign == " " else looks) for sign, looks in signs])
            )
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_what_the_program_prints_in_its_colours(name: str) -> None:
    """tmux.svg showed green numbers that the program does not print there: only words counted."""
    title, take = pictures.PICTURES[name]
    taken = "\n".join(lasting(draw(take(), pictures.WIDTHS.get(name, COLUMNS), title)))
    kept = "\n".join(lasting((DIRECTORY / f"{name}.svg").read_text("utf-8")))
    if name in ("bash", "zsh", "fish"):
        assert len(segments(kept)) == 3
        assert segments(taken) == segments(kept)
    else:
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
