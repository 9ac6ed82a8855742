"""i3status-rust: the JSON of a ``custom`` block, whose text is Pango markup."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar

#: The theme there has a colour for each; what is unknown is shown as it is.
STATES = {"critical": "Critical", "warning": "Warning"}


def line(bar: StatusBar) -> str:
    """Return the object."""
    document = {
        "icon": "",
        "state": STATES.get(bar.severity, "Idle"),
        "text": escape(bar.text, quote=False),
        "short_text": escape(bar.short, quote=False),
    }
    return json.dumps(document, ensure_ascii=False)
