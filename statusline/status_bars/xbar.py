"""xbar and SwiftBar: the line of the menu bar, ``---``, and a menu below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar

#: What SwiftBar's streamable plug-ins print before each new output; xbar runs them anew instead.
ANEW = "~~~\n"
#: A bar begins the parameters there, and cannot be escaped.
_BAR, _LIKE_IT = "|", "\N{BOX DRAWINGS LIGHT VERTICAL}"


def line(bar: StatusBar) -> str:
    """Return the lines; a menu's entry says what was wrong and what to type."""
    color = f" color={bar.color}" if bar.color else ""
    # ansi=false and the like: a line is text, also where it holds :name: or brackets.
    title = f"{_safe(bar.text)} | ansi=false emojize=false symbolize=false{color}"
    menu = [f"{_safe(each)} | emojize=false symbolize=false" for each in bar.details]
    return "\n".join([title, "---", *menu, "Refresh | refresh=true"])


def _safe(text: str) -> str:
    """Return text without parameters, and that neither opens a submenu nor ends a part."""
    safe = text.replace(_BAR, _LIKE_IT)
    return f" {safe}" if safe.startswith(("--", "~~~")) else safe
