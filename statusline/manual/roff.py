"""A text of the manual as roff, with the macros of man(7), for groff and mandoc alike."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from statusline.manual.blocks import Block, Code, Lines, Rows, Text, Title

#: A longer line of the source is taken for a mistake.
_LINE_BYTES = 80
#: Ends a line of the page within a paragraph.
BREAK = ".br"


def head(name: str, version: str) -> list[str]:
    """Return the first lines of a page; it has no date, so that it only changes with its text."""
    return [
        '.\\" Made by `statusline help --man`; change its source.',
        f'.TH {name.upper()} 1 "" "{name} {version}" "User Commands"',
        ".nh",  # a variable or an option is no word to be parted
        ".ad l",
    ]


def section(title: str) -> str:
    """Return the heading of a section."""
    return f".SH {_quoted(title.upper())}"


def render(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of roff for blocks below a section's heading."""
    is_headed = True
    for block in blocks:
        if isinstance(block, Title):
            yield f".SS {_quoted(block.text.rstrip(':'))}"
        elif isinstance(block, Text):
            yield from ([] if is_headed else [".PP"])
            yield from marked(block.text)
        elif isinstance(block, Code | Lines):
            yield from ([] if is_headed else [".PP"])
            yield from (".RS 4", ".nf", *map(_line, block.lines), ".fi", ".RE")
        else:
            yield from _rows(block)
        is_headed = isinstance(block, Title)


def _rows(block: Rows) -> Iterator[str]:
    for term, text in block.rows:
        yield from (".TP", f"\\fB{_escaped(term)}\\fR", *marked(text))


def marked(text: str) -> list[str]:
    """Return a paragraph whose spans between backticks are bold, as lines of up to 80 bytes."""
    parts = re.split(r"`([^`]*)`", text)
    shown = [
        f"\\fB{_escaped(part)}\\fR" if number % 2 else _escaped(part)
        for number, part in enumerate(parts)
    ]
    lines = textwrap.wrap(
        "".join(shown), _LINE_BYTES, break_long_words=False, break_on_hyphens=False
    )
    return [_guarded(line) for line in lines]


def _line(text: str) -> str:
    return _guarded(_escaped(text))


def _guarded(line: str) -> str:
    """Return a line that no request begins."""
    return f"\\&{line}" if line.startswith((".", "'")) else line


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace('"', "\\(dq") + '"'


def _escaped(text: str) -> str:
    """Return text of which roff obeys nothing; a hyphen stays one that can be typed."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = text.replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
    return "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in text)
