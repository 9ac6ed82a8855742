"""polybar: a line with its formatting tags, ``%{F#rrggbb}``; the first line is all it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar


def line(bar: StatusBar) -> str:
    """Return the line, with what needs attention in its colour.

    ``%{`` begins a tag and cannot be escaped: a blank keeps the two apart, also where one part
    ends with the first and the next begins with the second.
    """
    out = ""
    for role, text in bar.parts:
        safe = text.replace("%{", "% {")
        color = bar.colors.get(role, "")
        if color:
            out += f"%{{F{color}}}{safe}%{{F-}}"
        else:
            out += f" {safe}" if out.endswith("%") and safe.startswith("{") else safe
    return out
