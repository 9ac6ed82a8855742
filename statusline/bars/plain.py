"""Plain text: for polybar's likes, GNU screen, a file, anything that shows a line as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.bars.bar import Bar


def line(bar: Bar) -> str:
    """Return the line, without colours."""
    return bar.text
