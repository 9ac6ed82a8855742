"""The pictures: text stays text, every run keeps its column and its colours."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from rich.text import Text

from statusline.cli.terminal_svg import CELL_WIDTH, MARGIN, Frame, draw, film

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


def test_bars_and_rules_are_shapes() -> None:
    """As signs they had gaps in any font whose cells are narrower than the picture's."""
    root = ET.fromstring(draw(["\x1b[38;2;1;2;3m██▌░──x"], 10, "t"))  # noqa: S314
    shapes = [
        (float(each.attrib["x"]) - MARGIN, float(each.attrib["width"]))
        for each in root.findall(f"{NAME}rect")[1:]
    ]
    assert shapes == [(0, 18), (18, 4.5), (27, 9), (36, 18)]
    (text,) = root.findall(f"{NAME}text[@textLength]")
    assert (text.text, float(text.attrib["x"]) - MARGIN) == ("x", 54)


def test_ends_of_capsules_are_shapes() -> None:
    """GitHub's fonts have no such signs: the preset "powerline" was shown with boxes."""
    picture = draw(["\x1b[38;2;1;2;3m\ue0b6x\ue0b4\ue0b0"], 10, "t")
    paths = ET.fromstring(picture).findall(f"{NAME}path")  # noqa: S314
    begins = [each.attrib["d"].split(" ")[0] for each in paths]
    assert [begin.removeprefix("M") for begin in begins] == ["23", "32", "41"]
    assert not re.search("[\ue000-\uf8ff]", picture)


def test_a_film_shows_the_first_frame_where_nothing_moves() -> None:
    """Who asked for less motion, and what knows no style sheets, saw all the frames at once."""
    rows = [[Text("same"), Text(each)] for each in ("one", "two", "three")]
    frames = [Frame(f"It is {each[1]}", 2.0, each) for each in rows]
    picture = film(frames, 20, "t")
    root = ET.fromstring(picture)  # noqa: S314
    height = float(root.attrib["height"])
    (strip,) = root.findall(f"{NAME}svg/{NAME}g")
    places = [each.get("transform", "translate(0 0)") for each in strip]
    assert places == [f"translate(0 {number * height:g})" for number in range(3)]
    assert picture.count(">same<") == 1
    assert picture.count("animation:") == 1
    assert "@media (prefers-reduced-motion: no-preference) { .film { animation: film 6s" in picture
    steps = re.findall(r"([\d.]+)% { transform: translateY\((-?\d+)px\) }", picture)
    assert steps == [("0", "0"), ("33.333", f"-{height:g}"), ("66.667", f"-{2 * height:g}")]


def test_a_film_loads_nothing() -> None:
    """A README shows pictures without scripts, fonts and files of others."""
    picture = film([Frame("<a>&", 1.0, [Text("<b>")])], 20, "t")
    ET.fromstring(picture)  # noqa: S314
    assert not re.search(r"<script|href|url\(|@import|@font-face|<a>|<b>", picture)
    assert re.findall(r"https?://[^\"]*", picture) == ["http://www.w3.org/2000/svg"]
