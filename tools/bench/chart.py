"""A bar chart as SVG, written by hand: no library, no script, readable on light and dark. Pure."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW_PX = 26
#: The widest that a character of the 13 px font is on average, in any font that is likely.
CHAR_PX = 7.6
BARS_PX = 420
VALUE_PX = 90
#: Fill per kind; the text takes the colour that the reader's theme gives to text.
FILLS = {"floor": "#9aa0a6", "ours": "#1a9f5c", "peer": "#c77d3a"}
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:15px}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}}"
)


class Bar(NamedTuple):
    """One bar: its label, the ratio it stands for, and "floor", "ours" or "peer"."""

    label: str
    ratio: float
    kind: str


def chart(groups: Sequence[tuple[str, Sequence[Bar]]], caption: str) -> str:
    """Return an SVG document with one group of bars per (title, bars), shortest first.

    Every group has the scale of its longest bar; the number beside a bar is its ratio.
    """
    body: list[str] = []
    longest_label = max((len(bar.label) for _title, bars in groups for bar in bars), default=0)
    left_px = round(longest_label * CHAR_PX) + 16
    width = left_px + BARS_PX + VALUE_PX
    top = 8
    for title, bars in groups:
        body.append(f'<text class="title" x="8" y="{top + 16}">{escape(title)}</text>')
        top += 28
        longest = max((bar.ratio for bar in bars), default=1.0)
        for bar in sorted(bars, key=lambda bar: bar.ratio):
            body += _bar(bar, left_px, top, bar.ratio / longest * BARS_PX)
            top += ROW_PX
        top += 16
    for line in textwrap.wrap(caption, int((width - 16) / CHAR_PX)):
        body.append(f'<text x="8" y="{top + 8}">{escape(line)}</text>')
        top += 18
    height = top + 6
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><title>{escape(caption)}</title>'
        f"<style>{STYLE}</style>"
    )
    return "\n".join([head, *body, "</svg>"]) + "\n"


def _bar(bar: Bar, left_px: int, top: int, length_px: float) -> list[str]:
    text_y = top + 15
    size = f'width="{max(length_px, 1):.1f}" height="{ROW_PX - 8}"'
    ratio = f"{bar.ratio:.2f}" if bar.ratio < 10 else f"{bar.ratio:.0f}"
    return [
        f'<text x="{left_px - 8}" y="{text_y}" text-anchor="end">{escape(bar.label)}</text>',
        f'<rect x="{left_px}" y="{top + 2}" {size} rx="2" fill="{FILLS[bar.kind]}"/>',
        f'<text x="{left_px + length_px + 6:.1f}" y="{text_y}">{ratio} ×</text>',
    ]
