"""The formats that `show` has for bars: one file each, and a row here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.status_bars import i3blocks, i3status_rust, plain, polybar, powerline, waybar, xbar

if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.status_bars.status_bar import StatusBar


class Format(NamedTuple):
    """How a program reads a bar: ``line`` makes the text, ``anew`` stands before each change."""

    line: Callable[[StatusBar], str]
    anew: str = ""


FORMATS = {
    "waybar": Format(waybar.line),
    "i3blocks": Format(i3blocks.line),
    "i3status-rust": Format(i3status_rust.line),
    "polybar": Format(polybar.line),
    "powerline": Format(powerline.line),
    "xbar": Format(xbar.line, xbar.ANEW),
    "plain": Format(plain.line),
}
