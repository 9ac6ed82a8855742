"""Plain text: for polybar's likes, GNU screen, a file, anything that shows a line as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.status_bars.status_bar import StatusBar


def line(bar: StatusBar) -> str:
    """Return the line, without colours."""
    return bar.text
