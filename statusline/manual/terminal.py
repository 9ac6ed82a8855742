"""A text of the manual as lines for a terminal: nothing cut off, no command broken over lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from statusline.manual.blocks import Block, Code, Lines, Rows, Text, Title

#: Wider than this nobody reads; narrower than this nothing would be left beside a term.
WIDEST, NARROWEST = 80, 40
#: A word, a percentage, an option's default, or what stands between backticks, with what is written
#: right beside it.
_WORD = re.compile(r"(?:`[^`]*`|\d %|\[default: [^]]*\]|\S)+")
_INDENT = 2
#: How far a text is indented below a term that has a line of its own.
_BELOW = 4


def lines(blocks: Iterable[Block], columns: int) -> list[str]:
    """Return the lines for a terminal of ``columns`` cells; texts end before its edge."""
    width = max(min(columns, WIDEST), NARROWEST)
    shown: list[str] = []
    above: Block | None = None
    for block in blocks:
        is_headed = isinstance(above, Title) and above.text.endswith(":")
        if above is not None and not is_headed:
            shown.append("")
        shown += _block(block, width)
        above = block
    return shown


def _block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Title):
        yield from wrap(block.text, width)
    elif isinstance(block, Text):
        yield from (f"{'':{_INDENT}}{line}" for line in wrap(block.text, width - _INDENT))
    elif isinstance(block, Code):
        yield from (f"{'':{_INDENT + _BELOW}}{line}".rstrip() for line in block.lines)
    elif isinstance(block, Lines):
        yield from block.lines
    else:
        yield from _rows(block, width)


def _rows(block: Rows, width: int) -> Iterator[str]:
    most = min(block.most, width // 2)
    fitting = [len(term) for term, _text in block.rows if len(term) <= most]
    is_beside = 2 * len(fitting) > len(block.rows)
    column = _INDENT + (max(block.least, *fitting) + 2 if is_beside else _BELOW)
    for term, text in block.rows:
        rest = wrap(text, width - column)
        *above, first = (f"{'':{_INDENT}}{line}" for line in wrap(term, width - _INDENT))
        if rest and not above and len(first) + 2 <= column:
            first = f"{first:{column}}{rest.pop(0)}"
        yield from (*above, first)
        yield from (f"{'':{column}}{line}" for line in rest)


def wrap(text: str, width: int) -> list[str]:
    """Return a text as lines of at most ``width`` cells, broken between words alone.

    A command between backticks stays on one line, unless it is longer than that.
    """
    words = [
        part
        for word in _WORD.findall(text)
        for part in ([word] if len(word) <= width else word.split())
    ]
    found: list[str] = []
    for word in words:
        if found and len(found[-1]) + 1 + len(word) <= width:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found
