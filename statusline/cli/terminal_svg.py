"""A terminal's screens as SVG without scripts, fonts or other files: one, or several in turns."""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, TerminalTheme
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Of one cell, around the screen, and of the line above it, in pixels.
CELL_WIDTH, CELL_HEIGHT, MARGIN, TITLE_HEIGHT = 9, 20, 14, 26
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"
#: What a dark terminal of today makes of the sixteen colours that have no fixed value.
DARK = TerminalTheme(
    (13, 17, 23),
    (230, 237, 243),
    [
        *((13, 17, 23), (207, 62, 57), (63, 185, 80), (210, 153, 34)),
        *((88, 166, 255), (188, 140, 255), (57, 197, 207), (230, 237, 243)),
    ],
    [
        *((139, 148, 158), (255, 123, 114), (86, 211, 100), (227, 179, 65)),
        *((121, 192, 255), (210, 168, 255), (86, 212, 221), (255, 255, 255)),
    ],
)
#: What is drawn as shapes, so that it has no gaps in whatever font the rest is shown in.
_SHAPES = re.compile("█+|░+|▒+|▓+|─+|[▉▊▋▌▍▎▏\ue0b0\ue0b4\ue0b6]")
#: A run in parts: a shape, a gap, or text with no more than single blanks in it.
_PARTS = re.compile(f"({_SHAPES.pattern}|  +)")
_EIGHTHS, _SHADES = "▏▎▍▌▋▊▉█", {"░": 0.25, "▒": 0.5, "▓": 0.75}
#: The ends of capsules, which few fonts have: what begins at the upper corner of its flat side.
_ENDS = {"\ue0b0": "l9 10l-9 10z", "\ue0b4": "a9 10 0 0 1 0 20z", "\ue0b6": "a9 10 0 0 0 0 20z"}
_CAPTION = (
    'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"'
    ' font-size="15" font-weight="600" fill="#e6edf3"'
)
_CAPTION_HEIGHT = 34


class Frame(NamedTuple):
    """One screen of several: what is said above it, for how many seconds, and its rows."""

    caption: str
    seconds: float
    rows: Sequence[Text]


def draw(rows: Sequence[str], columns: int, title: str, *, white: bool = False) -> str:
    """Return the picture of ``rows`` (text with SGR sequences) in a window named ``title``."""
    theme = DEFAULT_TERMINAL_THEME if white else DARK
    width = columns * CELL_WIDTH + 2 * MARGIN
    height = len(rows) * CELL_HEIGHT + 2 * MARGIN + TITLE_HEIGHT
    front = _hex(theme.foreground_color)
    place = f'x="{width / 2:g}" y="{MARGIN + 8}" text-anchor="middle"'
    # Decoded as one text: a row begins in the style in which the one before it ended.
    decoded = Text.from_ansi("\n".join(rows)).split("\n", allow_blank=True)
    return "\n".join(
        (
            *_window(width, height, title, theme),
            f'<text {place} font-size="13" fill="{front}" opacity="0.6">{escape(title)}</text>',
            *_rows(list(decoded), theme, MARGIN + TITLE_HEIGHT),
            "</svg>",
            "",
        )
    )


def film(frames: Sequence[Frame], columns: int, title: str) -> str:
    """Return a picture that shows the frames in turns, each with its caption, again and again.

    They hang below one another on a strip that is pulled through a window. What does not move
    pictures, or is asked for less motion, shows the first one.
    """
    width = columns * CELL_WIDTH + 2 * MARGIN
    top = _CAPTION_HEIGHT + MARGIN
    height = top + max(len(frame.rows) for frame in frames) * CELL_HEIGHT + MARGIN
    still = _still(frames)
    parts = [
        *_window(width, height, title, DARK),
        f"<desc>{escape(' / '.join(frame.caption for frame in frames))}</desc>",
        _motion([frame.seconds for frame in frames], height),
        *_rows(still, DARK, top),
        *(_dot(number, len(frames), width, "0.25") for number in range(len(frames))),
        f'<svg width="{width}" height="{height}" overflow="hidden"><g class="film">',
    ]
    for number, frame in enumerate(frames):
        moving = [
            Text() if row == same else row for row, same in zip(frame.rows, still, strict=True)
        ]
        parts += [
            f'<g transform="translate(0 {number * height})">' if number else "<g>",
            f'<text x="{MARGIN}" y="28" {_CAPTION}>{escape(frame.caption)}</text>',
            _dot(number, len(frames), width, "1"),
            *_rows(moving, DARK, top),
            "</g>",
        ]
    return "\n".join([*parts, "</g></svg>", "</svg>", ""])


def _still(frames: Sequence[Frame]) -> list[Text]:
    """Return the rows that are the same in every frame; the others are empty."""
    columns = zip(*(frame.rows for frame in frames), strict=True)
    return [rows[0] if all(row == rows[0] for row in rows) else Text() for rows in columns]


def _motion(seconds: Sequence[float], height: int) -> str:
    """Return the style sheet that pulls the strip, ``height`` pixels a frame."""
    whole = sum(seconds)
    begins = (sum(seconds[:number]) / whole * 100 for number in range(len(seconds)))
    steps = " ".join(
        f"{begin:.5g}% {{ transform: translateY({-number * height}px) }}"
        for number, begin in enumerate(begins)
    )
    return (
        "<style>@media (prefers-reduced-motion: no-preference)"
        f" {{ .film {{ animation: film {whole:g}s step-end infinite }} }}\n"
        f"@keyframes film {{ {steps} }}</style>"
    )


def _dot(number: int, count: int, width: int, opacity: str) -> str:
    x = width - MARGIN - 3 - (count - 1 - number) * 10
    front = _hex(DARK.foreground_color)
    return f'<circle cx="{x}" cy="23" r="2.5" fill="{front}" opacity="{opacity}"/>'


def _window(width: int, height: int, title: str, theme: TerminalTheme) -> Iterator[str]:
    """Yield the begin of the document, and the ground that all else stands on."""
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    yield f' width="{width}" height="{height}" role="img" font-family="{FONT}" font-size="15">'
    yield f"<title>{escape(title)}</title>"
    size = f'x="0.5" y="0.5" width="{width - 1}" height="{height - 1}"'
    back = _hex(theme.background_color)
    yield f'<rect {size} rx="8" fill="{back}" stroke="#808080" stroke-opacity="0.4"/>'


def _rows(rows: Sequence[Text], theme: TerminalTheme, top: int) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield from _row(row, theme, top + number * CELL_HEIGHT)


def _row(row: Text, theme: TerminalTheme, top: int) -> Iterator[str]:
    """The runs of one row: a background where there is one, then the text on it."""
    left = 0
    for text, style in _runs(row):
        cells = cell_len(text)
        x, width = MARGIN + left * CELL_WIDTH, cells * CELL_WIDTH
        left += cells
        front, back = _colors(style, theme)
        if back is not None:
            yield f'<rect x="{x}" y="{top}" width="{width}" height="{CELL_HEIGHT}" fill="{back}"/>'
        for part in _PARTS.split(text):
            if _SHAPES.fullmatch(part):
                yield _shape(part, x, top, front)
            elif part.strip():
                yield _text(part, x, top, f'fill="{front}"{_looks(style)}')
            x += cell_len(part) * CELL_WIDTH


def _text(text: str, x: int, top: int, looks: str) -> str:
    """One run of text; it is told its width, so that columns stay columns in whatever font."""
    inner = text.strip(" ")
    x += (len(text) - len(text.lstrip(" "))) * CELL_WIDTH
    width = cell_len(inner) * CELL_WIDTH
    return f'<text x="{x}" y="{top + 15}" textLength="{width}" {looks}>{escape(inner)}</text>'


def _shape(signs: str, x: int, top: int, front: str) -> str:
    """Equal cells of a bar, one that is filled in part, a rule, or the end of a capsule."""
    sign, width = signs[0], len(signs) * CELL_WIDTH
    if sign == "─":
        return f'<rect x="{x}" y="{top + 9}" width="{width}" height="1" fill="{front}"/>'
    if sign in _ENDS:
        corner = x + CELL_WIDTH if sign == "\ue0b6" else x
        return f'<path d="M{corner} {top}{_ENDS[sign]}" fill="{front}"/>'
    looks = f' opacity="{_SHADES[sign]}"' if sign in _SHADES else ""
    part = 1.0 if looks else (_EIGHTHS.index(sign) + 1) / 8
    place = f'x="{x}" y="{top + 2}" width="{width * part:g}" height="{CELL_HEIGHT - 4}"'
    return f'<rect {place} fill="{front}"{looks}/>'


def _runs(row: Text) -> Iterator[tuple[str, Style]]:
    console = Console(file=StringIO(), color_system="truecolor", width=1000, _environ={})
    row = row.copy()
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
