"""Waybar: one JSON object a line, whose texts are Pango markup (``return-type: json``)."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from statusline.status_bars.status_bar import QUIET

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar


def line(bar: StatusBar) -> str:
    """Return the object; ``percentage`` is left out where it is unknown, which is never 0."""
    document: dict[str, object] = {
        "text": escape(bar.text),
        "alt": bar.severity,
        "tooltip": "\n".join(map(escape, bar.details)),
        "class": classes(bar),
    }
    if bar.used_pct is not None:
        document["percentage"] = min(int(bar.used_pct), 100)
    return json.dumps(document, ensure_ascii=False)


def classes(bar: StatusBar) -> list[str]:
    """Return what a style sheet can tell apart: how bad, how old, and what is wrong."""
    found = [bar.severity]
    found += ["old"] if bar.is_old else []
    return found if bar.state in QUIET else [*found, bar.state]
