"""A terminal's screen, as `tmux capture-pane -pe` gives it, drawn as an SVG without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from io import StringIO

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME, TerminalTheme
from rich.text import Text

#: Of one cell, and around the screen, in pixels.
CELL_WIDTH, CELL_HEIGHT, MARGIN, TITLE_HEIGHT = 9, 20, 14, 26
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"


def draw(rows: Sequence[str], columns: int, title: str, *, white: bool = False) -> str:
    """Return the picture of `rows` (text with SGR sequences) in a window named `title`."""
    theme = DEFAULT_TERMINAL_THEME if white else SVG_EXPORT_THEME
    width = columns * CELL_WIDTH + 2 * MARGIN
    height = len(rows) * CELL_HEIGHT + 2 * MARGIN + TITLE_HEIGHT
    size = f'width="{width}" height="{height}"'
    front, back = _hex(theme.foreground_color), _hex(theme.background_color)
    place = f'x="{width / 2:g}" y="{MARGIN + 8}" text-anchor="middle"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size}',
        f' role="img" font-family="{FONT}" font-size="15">',
        f"<title>{escape(title)}</title>",
        f'<rect {size} rx="8" fill="{back}"/>',
        f'<text {place} font-size="13" fill="{front}" opacity="0.6">{escape(title)}</text>',
    ]
    # Decoded as one text: a row begins in the style in which the one before it ended.
    decoded = Text.from_ansi("\n".join(rows)).split("\n", allow_blank=True)
    for number, row in enumerate(decoded):
        parts += _row(row, theme, MARGIN + TITLE_HEIGHT + number * CELL_HEIGHT)
    return "\n".join([*parts, "</svg>", ""])


def _row(row: Text, theme: TerminalTheme, top: int) -> Iterator[str]:
    """The runs of one row: a background where there is one, then the text on it.

    Each text is told its width, so that columns stay columns in whatever font it is shown.
    """
    left = 0
    for text, style in _runs(row):
        cells = cell_len(text)
        x, width = MARGIN + left * CELL_WIDTH, cells * CELL_WIDTH
        left += cells
        front, back = _colors(style, theme)
        if back is not None:
            yield f'<rect x="{x}" y="{top}" width="{width}" height="{CELL_HEIGHT}" fill="{back}"/>'
        if text.strip():
            yield (
                f'<text x="{x}" y="{top + 15}" textLength="{width}" xml:space="preserve" '
                f'fill="{front}"{_looks(style)}>{escape(text)}</text>'
            )


def _runs(row: Text) -> Iterator[tuple[str, Style]]:
    console = Console(file=StringIO(), color_system="truecolor", width=1000)
    row.end = ""
    for segment in row.render(console):
        if segment.text:
            yield segment.text, segment.style or Style.null()


def _colors(style: Style, theme: TerminalTheme) -> tuple[str, str | None]:
    """Foreground and background of a style; no background where it is the window's."""
    front = _known(style.color, theme) or _hex(theme.foreground_color)
    back = _known(style.bgcolor, theme)
    if style.reverse:
        return back or _hex(theme.background_color), front
    return front, back


def _known(color: Color | None, theme: TerminalTheme) -> str | None:
    return None if color is None or color.is_default else _hex(color.get_truecolor(theme))


def _looks(style: Style) -> str:
    looks = {
        ' font-weight="bold"': style.bold,
        ' font-style="italic"': style.italic,
        ' text-decoration="underline"': style.underline,
        ' opacity="0.6"': style.dim,
    }
    return "".join(words for words, wanted in looks.items() if wanted)


def _hex(color: Sequence[int]) -> str:
    return f"#{color[0]:02x}{color[1]:02x}{color[2]:02x}"
