"""The pictures: text stays text, every run keeps its column and its colours."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tools.pictures.svg import CELL_WIDTH, MARGIN, draw

NAME = "{http://www.w3.org/2000/svg}"


def test_runs_keep_their_columns() -> None:
    """A run begins at the cell where the terminal shows it, behind wide signs too."""
    root = ET.fromstring(draw(["ab\x1b[32m61%\x1b[0m", "漢\x1b[31mx"], 10, "t"))  # noqa: S314
    columns = {
        str(text.text): (float(text.attrib["x"]) - MARGIN) / CELL_WIDTH
        for text in root.findall(f"{NAME}text[@textLength]")
    }
    assert columns == {"ab": 0, "61%": 2, "漢": 0, "x": 2}


@pytest.mark.parametrize(
    ("row", "front", "back"),
    [
        ("\x1b[38;2;1;2;3mx", "#010203", None),
        ("\x1b[38;2;1;2;3;48;2;4;5;6mx", "#010203", "#040506"),
        ("\x1b[38;2;1;2;3;48;2;4;5;6;7mx", "#040506", "#010203"),
    ],
)
def test_colours_are_the_terminals(row: str, front: str, back: str | None) -> None:
    """Foreground, background and their exchange arrive in the picture."""
    root = ET.fromstring(draw([row], 10, "t"))  # noqa: S314
    (text,) = root.findall(f"{NAME}text[@textLength]")
    backs = [found.attrib["fill"] for found in root.findall(f"{NAME}rect")[1:]]
    assert (text.attrib["fill"], backs) == (front, [back] if back else [])


def test_markup_in_the_screen_stays_text() -> None:
    """What a program printed cannot become an element of the picture."""
    picture = draw(['<script>"&</script> [bold]x[/bold]'], 40, "<t>")
    ET.fromstring(picture)  # noqa: S314
    assert not re.search(r"<script|<t>", picture)
    assert "[bold]x[/bold]" in picture
