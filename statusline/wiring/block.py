"""A marked block in a file of lines: put in, replaced in place, taken out.

Works on bytes: what stands around the block is never decoded. Its own lines end in LF even
in a CRLF file, since a shell would take the CR for a part of the last word.
"""

from __future__ import annotations

import re

_TAKES = "takes this block out"
#: What the first line says where the line end before the block is ours: the file had none at its
#: end, and after somebody else has changed it only the file itself can tell.
_TAKES_BOTH = f"{_TAKES}, and the line end before it"


class BlockError(Exception):
    """The block was begun and not ended; ``line`` (from 1) is where it begins."""

    def __init__(self, line: int) -> None:
        super().__init__("the block that begins there has lost its last line")
        self.line = line


def first_line(name: str, *, is_joined: bool = False) -> str:
    """Return the line that begins the block of surface ``name``.

    ``is_joined`` tells whether the line end before the block is ours too.
    """
    takes = _TAKES_BOTH if is_joined else _TAKES
    # Nothing that means something to a shell: oh-my-tmux reads its files as scripts too.
    return f"# >>> statusline {name} >>> statusline uninstall {name} {takes}"


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


def text_of(data: bytes, name: str) -> str:
    """Return the block as text, "" where there is none."""
    start, end = find(data, name) or (0, 0)
    return data[start:end].decode("utf-8", "replace")


def put(data: bytes, name: str, lines: tuple[str, ...], at: tuple[int, int] | None = None) -> bytes:
    """Return ``data`` with the block: in the place of the old one, else at ``at``, else at the end.

    ``at`` are whole lines, as offsets, which go.
    """
    found = find(data, name)
    start, end = found or at or (len(data), len(data))
    joint = b"" if found or at or data[-1:] in (b"", b"\n") else b"\n"
    is_joined = bool(joint) or (found is not None and _is_joined(data, start))
    first = first_line(name, is_joined=is_joined)
    text = "".join(f"{line}\n" for line in (first, *lines, last_line(name)))
    return data[:start] + joint + text.encode() + data[end:]


def drop(data: bytes, name: str, previous: bytes = b"") -> bytes:
    """Return ``data`` with ``previous`` in the block's place; the same where there is none.

    A line end that came with the block goes with it from the end of the file; before other
    lines it stays, and before another block of ours it belongs to that one.
    """
    found = find(data, name)
    if found is None:
        return data
    before, rest = data[: found[0]], data[found[1] :]
    if previous:
        joint = b"" if not rest or previous.endswith(b"\n") else b"\n"
        return before + previous + joint + rest
    if not _is_joined(data, found[0]):
        return before + rest
    if rest:
        next_one = re.match(rb"# >>> statusline (\w+) >>>[^\r\n]*", rest)
        if next_one is not None:
            first = first_line(next_one[1].decode(), is_joined=True)
            rest = first.encode() + rest[next_one.end() :]
        return before + rest
    # An editor may have changed every line end of the file, ours with them.
    is_crlf = data[: data.index(b"\n", found[0])].endswith(b"\r")
    return before.removesuffix(b"\r\n" if is_crlf else b"\n")


def _is_joined(data: bytes, start: int) -> bool:
    """Tell whether the first line of the block at ``start`` claims the line end before it."""
    return _TAKES_BOTH.encode() in data[start : data.index(b"\n", start)]
