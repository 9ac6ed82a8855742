"""The lines that docs/, ``statusline init`` and the hooks tell people to paste, found in a file.

Also the forms of earlier versions. Exact lines only: what has been changed is the user's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from statusline.wiring import ours
from statusline.wiring.installation import Installation

Span = tuple[int, int]

_BLOCK = re.compile(
    rb"^# >>> statusline (\w+) >>>.*?(?:^# <<< statusline \1 <<<[^\n]*(?:\n|\Z)|\Z)",
    re.MULTILINE | re.DOTALL,
)


def lines_like(
    is_pasted: Callable[[str, Installation], bool], *, after: str = ""
) -> Callable[[bytes, Installation], list[Span]]:
    """Return a search for lines of which ``is_pasted`` holds, as offsets, in order.

    A line ``after`` which one of them follows belongs to it. What is inside a block of ours does
    not count.
    """

    def spans(data: bytes, here: Installation) -> list[Span]:
        found: list[Span] = []
        first: int | None = None
        for start, end in lines_outside(data):
            text = data[start:end].decode("utf-8", "replace").strip()
            if is_pasted(text, here):
                found.append((start if first is None else first, end))
            first = start if after and text == after else None
        return found

    return spans


def line_of_own(
    data: bytes, found: list[Span], name: str, hooks: tuple[str, ...], here: Installation
) -> int | None:
    """Return the line (from 1) where the user's own text runs ours for ``name``, if any does.

    ``found`` are the lines that were pasted.
    """
    for start, end in lines_outside(data):
        text = data[start:end].decode("utf-8", "replace")
        is_pasted = any(first <= start < last for first, last in found)
        is_own = not is_pasted and not text.lstrip().startswith("#")
        if is_own and ours.is_named(text, name, hooks, here):
            return data.count(b"\n", 0, start) + 1
    return None


def without(data: bytes, found: list[Span]) -> bytes:
    """Return ``data`` without those parts."""
    for start, end in reversed(found):
        data = data[:start] + data[end:]
    return data


def sets_status(text: bytes) -> bool:
    """Tell whether tmux lines set status-right as a whole, instead of adding to it."""
    return re.search(rb'^\s*set -g status-right ["\']', text, re.MULTILINE) is not None


def lines_outside(data: bytes) -> list[Span]:
    """Return every line outside our blocks, its line end included."""
    blocks = [each.span() for each in _BLOCK.finditer(data)]
    lines = (each.span() for each in re.finditer(rb"[^\n]*\n|[^\n]+\Z", data))
    return [
        (start, end)
        for start, end in lines
        if not any(first <= start < last for first, last in blocks)
    ]


def substitution(quoted: str) -> str | None:
    """Return the command in a quoted ``$(...)``."""
    tokens = ours.split(quoted)
    found = re.fullmatch(r"\$\((.+)\) ?", tokens[0]) if len(tokens) == 1 else None
    return None if found is None else found[1]
