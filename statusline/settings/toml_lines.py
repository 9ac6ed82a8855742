"""On which line of ``config.toml`` a key stands, since ``tomllib`` does not tell."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
#: What a line may hold outside of a string over several lines; quotes in a comment are none.
_TOKEN = re.compile(r'''"""|\'{3}|"(?:\\.|[^"\\])*"|'[^']*'|#''')
_ENDS = {'"""': re.compile(r'(?:\\.|[^\\])*?"{3,5}'), "'''": re.compile(r".*?'{3,5}")}


def lines(text: str) -> dict[str, int]:
    """Return the line (from 1) of each table and key, named with dots, of valid TOML.

    A key within an inline table is not listed; ``line_of`` then finds the table.
    """
    found: dict[str, int] = {}
    table = ""
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            if opened := _TABLE.match(line):
                table = _name(opened[1])
                found.setdefault(table, number)
            elif key := _KEY.match(line):
                found.setdefault(f"{table}.{_name(key[1])}".lstrip("."), number)
        inside = _inside(line, inside)
    return found


def _inside(line: str, inside: str) -> str:
    """Return the quotes of the string that goes on after this line, "" for none."""
    at = 0
    while True:
        token = (_ENDS[inside].match if inside else _TOKEN.search)(line, at)
        if token is None or token[0] == "#":
            return inside
        at = token.end()
        inside = token[0] if token[0] in _ENDS and not inside else ""


def line_of(found: dict[str, int], key: str) -> int | None:
    """Return the line of a key, or of the nearest table around it."""
    while key:
        if key in found:
            return found[key]
        key = key.rpartition(".")[0]
    return None


def _name(written: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in written.split("."))
