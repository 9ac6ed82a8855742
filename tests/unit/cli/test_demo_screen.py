"""The demo's screen: as wide as it was told to be, and the segments in their places."""

from __future__ import annotations

import pytest
from rich.text import Text

from statusline.cli.demo_screen import ROWS, Hosts, Look, draw

SEGMENT = "5h 61% 2h11m · 7d 22%"
HOSTS = Hosts([Text(SEGMENT)], Text(SEGMENT), Text(SEGMENT), "11:49", "Done.")


def plain(look: Look) -> list[str]:
    """The rows as text."""
    return [row.plain for row in draw(HOSTS, look)]


@pytest.mark.parametrize("columns", [20, 30, 50, 80, 120])
def test_every_row_is_as_wide_as_the_terminal(columns: int) -> None:
    """A row that is wider breaks into two, and the bar leaves the bottom."""
    assert {len(row) for row in plain(Look(columns))} == {columns}


def test_there_are_as_many_rows_as_are_counted_on() -> None:
    """A picture's height, and whether a terminal has room, are told by this number."""
    assert len(plain(Look(80))) == ROWS


def test_where_rows_are_few_the_segments_stay() -> None:
    """What belongs to no segment goes; a cut-off screen would lose tmux's bar first."""
    rows = plain(Look(80, rows=ROWS - 1))
    assert len(rows) < ROWS - 5
    assert sum(SEGMENT in row for row in rows) == 3
    assert rows[-1].startswith("[work]")


def test_a_prompt_without_room_has_no_right_side() -> None:
    """It is left out, as zsh does; tmux keeps what stands on the right of its bar."""
    *_rows, prompt, bar = plain(Look(34))
    assert prompt.strip() == "~/project %"
    assert bar == f"[wo 11:49 | {SEGMENT} "


def test_ascii_draws_with_ascii() -> None:
    """Where the locale is not UTF-8, neither rules nor prompts are."""
    own = HOSTS._replace(claude=[Text("5h")], zsh=Text("5h"), tmux=Text("5h"))
    assert all(row.plain.isascii() for row in draw(own, Look(80, is_ascii=True)))
