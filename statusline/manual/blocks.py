"""What a text of the manual is made of, however it is shown; read from a little Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Title(NamedTuple):
    """A heading."""

    text: str


class Text(NamedTuple):
    """A paragraph; what is to be typed or seen as it is stands between backticks."""

    text: str


class Code(NamedTuple):
    """Lines that are shown as they are."""

    lines: tuple[str, ...]


class Lines(NamedTuple):
    """Lines that are shown as they are, from the left edge on."""

    lines: tuple[str, ...]


class Rows(NamedTuple):
    """Terms and what they mean.

    A term of more than ``most`` cells has a line of its own; one of fewer than ``least`` takes
    as much room as that, so that lists below each other are aligned.
    """

    rows: tuple[tuple[str, str], ...]
    most: int = 28
    least: int = 0


Block = Title | Text | Code | Lines | Rows


def changed(block: Block, change: Callable[[str], str]) -> Block:
    """Return a block with every text in it changed."""
    if isinstance(block, Title | Text):
        return type(block)(change(block.text))
    if isinstance(block, Code | Lines):
        return type(block)(tuple(map(change, block.lines)))
    return block._replace(rows=tuple((change(term), change(text)) for term, text in block.rows))


_INDENT = "    "
_MEANS = ":   "


def parse(text: str) -> list[Block]:
    """Read headings, paragraphs, code (four blanks), and terms with `:   ` below them."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        lines = part.split("\n")
        if lines[0].startswith("#"):
            found.append(Title(lines[0].lstrip("# ")))
        elif lines[0].startswith(_INDENT):
            found.append(Code(tuple(line.removeprefix(_INDENT) for line in lines)))
        elif len(lines) > 1 and lines[1].startswith(_MEANS):
            _add(found, (lines[0].replace("`", ""), _joined([lines[1][len(_MEANS) :], *lines[2:]])))
        else:
            found.append(Text(_joined(lines)))
    return found


def _add(found: list[Block], row: tuple[str, str]) -> None:
    """Add a row to the list that it belongs to."""
    last = found[-1] if found else None
    if isinstance(last, Rows):
        found[-1] = last._replace(rows=(*last.rows, row))
    else:
        found.append(Rows((row,)))


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def one_of(names: Iterable[str]) -> str:
    """Return names as a sentence lists them."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
