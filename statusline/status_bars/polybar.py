"""polybar: a line with its formatting tags, ``%{F#rrggbb}``; the first line is all it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar


def line(bar: StatusBar) -> str:
    """Return the line, with what needs attention in its colour.

    ``%{`` begins a tag and cannot be escaped: a blank keeps the two apart.
    """
    out = []
    for role, text in bar.parts:
        safe = text.replace("%{", "% {")
        color = bar.colors.get(role, "")
        out.append(f"%{{F{color}}}{safe}%{{F-}}" if color else safe)
    return "".join(out)
