"""Powerline: the JSON list of segments that ``hooks/printed/powerline.py`` hands on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar

#: Names of its default colours; a colour scheme may define those of ours, which come first.
GROUPS = {"critical": "critical:failure", "warning": "warning:regular"}


def line(bar: StatusBar) -> str:
    """Return the list: one segment, whose highlight groups tell how bad it is."""
    groups = [f"statusline_{bar.severity}", GROUPS.get(bar.severity, "information:regular")]
    return json.dumps([{"contents": bar.text, "highlight_groups": groups}], ensure_ascii=False)
