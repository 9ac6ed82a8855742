"""Bars: every style at every percentage, in its width, and the colours of a gradient."""

from __future__ import annotations

import pytest

from statusline.segment.bars import bar
from statusline.settings.looks import BARS, GRADIENT
from tests.support.laid_out import chosen


def drawn(used_pct: float, config: str) -> str:
    """The signs of a bar."""
    return "".join(text for _role, text in bar(used_pct, chosen(config), "normal"))


@pytest.mark.parametrize(
    ("style", "signs"),
    [
        ("block", "██▍░"),
        ("line", "━━╸─"),
        ("dots", "●●○○"),
        ("squares", "■■□□"),
        ("braille", "⣿⣿⣤⣀"),
    ],
)
def test_each_style_at_sixty_per_cent(style: str, signs: str) -> None:
    """As fine as the sign can show it: eighths, halves, or whole cells."""
    assert drawn(60, f'bar.style = "{style}"\nbar.width = 4') == signs


@pytest.mark.parametrize("style", BARS)
@pytest.mark.parametrize("show", ["used", "remaining"])
@pytest.mark.parametrize("width", [1, 2, 8, 40])
def test_a_bar_never_shrinks_as_usage_grows(style: str, show: str, width: int) -> None:
    """In its width at every percentage, and each one no less than the one before."""
    config = f'show = "{show}"\nbar.style = "{style}"\nbar.width = {width}'
    full, empty, steps = BARS[style]
    rank = {sign: count for count, sign in enumerate(empty + steps + full)}
    seen = []
    for used_pct in range(101):
        signs = drawn(used_pct, config)
        assert len(signs) == width
        seen.append([rank[sign] for sign in signs])
    assert seen == sorted(seen, reverse=show == "remaining")


@pytest.mark.parametrize("style", BARS)
def test_a_terminal_without_the_signs_gets_ascii(style: str) -> None:
    """`?????---` was what an ASCII terminal showed of a bar of dots."""
    assert drawn(60, f'ascii = true\nbar.style = "{style}"\nbar.width = 5') == "###--"


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("empty = '#'", "===##"), ("full = '-'", "---.."), ("empty = '.'", "###..")],
)
def test_full_and_empty_stay_different_in_ascii(sign: str, expected: str) -> None:
    """A sign of one's own met the same one of ours: 5 % looked like 100 %."""
    assert drawn(60, f"ascii = true\nbar.{sign}\nbar.width = 5") == expected


def test_signs_of_ones_own_are_whole_cells() -> None:
    """An eighth of a block beside another full sign would be no bar."""
    assert drawn(60, 'bar.full = "X"\nbar.width = 4') == "XX░░"
    assert drawn(60, 'bar.empty = "."\nbar.width = 4') == "██▍."


def test_a_gradient_gives_each_cell_the_colour_of_its_place() -> None:
    """A bar that is half full shows the same first half as one that is full."""
    config = f"bar.gradient = true\nbar.width = {len(GRADIENT)}"
    half, full = (bar(pct, chosen(config), "normal") for pct in (50, 100))
    assert [role for role, _sign in full] == [f"gradient.{n}" for n in range(len(GRADIENT))]
    assert half[: len(GRADIENT) // 2] == full[: len(GRADIENT) // 2]
    left = bar(50, chosen(f'show = "remaining"\n{config}'), "normal")
    assert [role for role, _sign in left[:4]] == [f"gradient.{n}" for n in (7, 6, 5, 4)]


def test_an_old_number_has_no_gradient() -> None:
    """Old numbers are muted, whatever the bar's colours are."""
    assert {role for role, _ in bar(50, chosen("bar.gradient = true"), "muted")} == {"muted"}


def test_a_reversed_style_does_not_empty_the_bar() -> None:
    """A full block in reverse is a blank: the bar was gone where it mattered most."""
    settings = chosen("style.critical = 'bold reverse'")
    assert [role for role, _sign in bar(50, settings, "critical")] == ["", "muted"]


@pytest.mark.parametrize("style", ["color:7", "#07aa07", "on color:7", "bold 7 on #070707"])
def test_a_seven_in_a_colour_is_no_reverse(style: str) -> None:
    """A bar in colour 7 was shown in no colour at all."""
    settings = chosen(f"style.critical = '{style}'")
    assert [role for role, _sign in bar(50, settings, "critical")] == ["critical", "muted"]
    reversed_too = chosen(f"style.critical = '{style} reverse'")
    assert [role for role, _sign in bar(50, reversed_too, "critical")] == ["", "muted"]
