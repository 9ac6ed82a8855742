"""A marked block in a file of lines: put in, replaced in place, taken out.

Works on bytes: what stands around the block is never decoded. Its own lines end in LF even
in a CRLF file, since a shell would take the CR for a part of the last word.
"""

from __future__ import annotations

import re


class BlockError(Exception):
    """The block was begun and not ended; ``line`` (from 1) is where it begins."""

    def __init__(self, line: int) -> None:
        super().__init__("the block that begins there has lost its last line")
        self.line = line


def first_line(name: str) -> str:
    """Return the line that begins the block of surface ``name``."""
    return f"# >>> statusline {name} >>> (`statusline uninstall {name}` takes this block out)"


def last_line(name: str) -> str:
    """Return the line that ends the block of surface ``name``."""
    return f"# <<< statusline {name} <<<"


def find(data: bytes, name: str) -> tuple[int, int] | None:
    """Return the block's offsets, its last line end included; ``None`` where there is none.

    Raises ``BlockError`` where only its beginning is there.
    """
    begin = re.search(rb"^# >>> statusline %b >>>" % re.escape(name.encode()), data, re.MULTILINE)
    if begin is None:
        return None
    end = re.compile(rb"^%b[^\n]*(?:\n|\Z)" % re.escape(last_line(name).encode()), re.MULTILINE)
    found = end.search(data, begin.end())
    if found is None:
        raise BlockError(data.count(b"\n", 0, begin.start()) + 1)
    return begin.start(), found.end()


def put(data: bytes, name: str, lines: tuple[str, ...]) -> bytes:
    """Return ``data`` with the block: in the place of the old one, else at the end."""
    text = "".join(f"{line}\n" for line in (first_line(name), *lines, last_line(name)))
    found = find(data, name)
    if found is not None:
        return data[: found[0]] + text.encode() + data[found[1] :]
    joint = b"" if data[-1:] in (b"", b"\n") else b"\n"
    return data + joint + text.encode()


def drop(data: bytes, name: str) -> bytes:
    """Return ``data`` without the block; the same where there is none."""
    found = find(data, name)
    return data if found is None else data[: found[0]] + data[found[1] :]
