"""i3blocks: one JSON object a line (``format=json``), as far as its own parser understands it.

That of 1.4 ends a string at the first quotation mark, escaped or not, knows no
other escape either, and leaves out ``true`` where it is no string (docs/hosts.md 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar

#: What cannot stand in a string there; the text keeps its width.
_SIGNS = str.maketrans({'"': "'", "\\": "/"})


def line(bar: StatusBar) -> str:
    """Return the object; ``urgent`` only where a limit is near."""
    members = {"full_text": bar.text, "short_text": bar.short, "markup": "none"}
    if bar.color:
        members["color"] = bar.color
    if bar.severity == "critical":
        members["urgent"] = "true"
    safe = (f'"{name}":"{value.translate(_SIGNS)}"' for name, value in members.items())
    return "{" + ",".join(safe) + "}"
