"""Rows of findings: a mark, a name, a text and a note below it, for people or for a pipe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import click
from rich.table import Table
from rich.text import Text

from statusline.cli.console import is_plain
from statusline.system import environ
from statusline.system.text import printable

if TYPE_CHECKING:
    from rich.console import Console

#: result -> sign, the same in ASCII, style.
MARKS = {
    "ok": ("✓", "+", "green"),
    "warn": ("!", "!", "yellow"),
    "fail": ("✗", "x", "bold red"),
    "skip": ("-", "-", "dim"),
    "": (" ", " ", ""),
}
#: Narrower than this, name and text share a column.
WIDE_CELLS = 60
NAME_CELLS = 14


class Finding(NamedTuple):
    """One finding; ``result`` is a key of ``MARKS``, ``note`` stands below, "" for none."""

    name: str
    text: str
    note: str = ""
    result: str = ""


def show(target: Console, rows: Iterable[Finding], name_cells: int = NAME_CELLS) -> None:
    """Print each row as it comes: with marks and wrapped where somebody looks, else in lines.

    Names are padded to ``name_cells``; on a narrow terminal they share the text's column.
    """
    plain = is_plain(target)
    for row in rows:
        if plain:
            for line in lines(row, name_cells):
                click.echo(line)
        else:
            target.print(picture(row, target.width, name_cells))


def lines(row: Finding, name_cells: int = NAME_CELLS) -> list[str]:
    """Return a row as lines of text: its result as a word, the note indented below."""
    first = f"{row.result:5}" if row.result else ""
    name = f"{row.name:{name_cells}} " if row.name else ""
    found = [harmless(f"{first}{name}{row.text}").rstrip()]
    if row.note:
        found.append(" " * len(first) + harmless(f"  {row.note}"))
    return found


def picture(row: Finding, width: int, name_cells: int = NAME_CELLS) -> Table:
    """Return a row for a terminal of ``width`` cells; nothing in it is ever cut off."""
    sign, ascii_sign, style = MARKS[row.result]
    if environ.current().ascii_locale:
        sign = ascii_sign
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=1)
    name = Text(harmless(row.name), style="bold")
    text = Text(harmless(row.text), style="dim" if row.result == "skip" else "")
    note = Text(harmless(row.note), style="cyan")
    is_wide = width >= WIDE_CELLS and row.name != ""
    if is_wide:
        table.add_column(width=name_cells)
    elif row.name:
        text = Text.assemble(name, " ", text)
    table.add_column(overflow="fold", width=width - (name_cells + 4 if is_wide else 3))
    beside = [name] if is_wide else []
    table.add_row(Text(sign, style=style), *beside, text)
    if row.note:
        table.add_row("", *("" for _ in beside), note)
    return table


def harmless(text: str) -> str:
    """Return text without what a terminal would obey."""
    safe = printable(text)
    return safe.encode("ascii", "replace").decode() if environ.current().ascii_locale else safe
