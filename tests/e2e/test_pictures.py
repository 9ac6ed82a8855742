"""The pictures of docs/ show what the programs print today, in the same words and colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e import pictures
from tests.e2e.svg import draw
from tests.support.capabilities import needs_bash, needs_fish, needs_tmux, needs_zsh

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
]

#: A run that is a part of the segment: how a shell paints the rest is its own affair, and fish
#: does it when it has time.
OURS = re.compile(r">\s*(?:5h|61%|2h11m|·|7d|22%)")

pytestmark = [needs_tmux, pytest.mark.timeout(60)]


def lasting(picture: str) -> list[str]:
    """The runs of a picture, place, text, colours and looks, without what passes."""
    for pattern, stand_in in PASSING:
        picture = re.sub(pattern, stand_in, picture)
    return picture.splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_what_the_program_prints_in_its_colours(name: str) -> None:
    """tmux.svg showed green numbers that the program does not print there: only words counted."""
    title, take = pictures.PICTURES[name]
    taken = lasting(draw(take(), pictures.COLUMNS, title))
    kept = lasting((DIRECTORY / f"{name}.svg").read_text("utf-8"))
    if name in ("bash", "zsh", "fish"):
        taken, kept = (list(filter(OURS.search, runs)) for runs in (taken, kept))
        assert kept
    assert taken == kept


@pytest.mark.parametrize("path", sorted(DIRECTORY.glob("*.svg")), ids=lambda path: path.stem)
def test_picture_and_text_tell_the_same(path: Path) -> None:
    """README said 2h11m above a picture of 2h12m, and advertised warnings of a test variable."""
    text = path.read_text("utf-8")
    assert "STATUSLINE_" not in text
    if path.stem not in ("demo", "watch"):  # a day of its own; seconds
        assert set(re.findall(r"\b2h1\dm\b", text)) == {"2h11m"}
    if path.stem == "doctor":
        assert "All is well." in text
