"""What each surface would show, as a terminal's text: tmux on its own green bar."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, NamedTuple

from statusline.segment.escaping import encode
from statusline.segment.layout import lay_out
from statusline.segment.render import CLAUDE_MARGIN
from statusline.segment.view import View
from statusline.settings.style import ATTRIBUTES, COLORS
from statusline.surfaces import SURFACES
from statusline.system.environ import Environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from statusline.editor.states import State
    from statusline.segment.view import Part
    from statusline.settings.settings import Settings

#: tmux's status line unless it is configured otherwise: black on green.
TMUX_BAR = "30;42"
#: What Claude Code is taken to be wide where nobody says: enough for everything.
CLAUDE_COLUMNS = 200

_TMUX_STYLE = re.compile(r"##|#\[([^\]]*)\]")
_TMUX_ATTRIBUTES = {name: sgr for sgr, name in ATTRIBUTES.values()}


class _AtHome(Environment):
    """An environment in a made-up home directory; its other variables are the real ones."""

    def __init__(self, env: Environment, home: str) -> None:
        super().__init__({"HOME": home})
        self._env = env

    def get(self, name: str) -> str | None:
        return super().get(name) if name == "HOME" else self._env.get(name)


class Row(NamedTuple):
    """Surfaces that show the same, and their lines in each state, with SGR sequences."""

    surfaces: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    @property
    def title(self) -> str:
        """The surfaces' names."""
        return ", ".join(self.surfaces)


def rows(
    settings: Settings,
    env: Environment,
    states: Sequence[State],
    columns: int | None = None,
    *,
    colored: bool = True,
) -> list[Row]:
    """Return the lines of every surface, those that are the same once.

    ``columns`` is Claude Code's width in cells; without it, that of the environment.
    """
    found: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for surface in SURFACES:
        width = None
        if surface == "claude":
            width = max((columns or env.columns or CLAUDE_COLUMNS) - CLAUDE_MARGIN, 1)
        lines = tuple(
            line_of(settings, env, state, surface, width, colored=colored) for state in states
        )
        found.setdefault(lines, []).append(surface)
    return [Row(tuple(surfaces), lines) for lines, surfaces in found.items()]


def line_of(
    settings: Settings,
    env: Environment,
    state: State,
    surface: str,
    width: int | None = None,
    *,
    colored: bool,
) -> tuple[str, ...]:
    """Return what one surface shows in one state, a text for each line."""
    settings = copy.copy(settings)
    settings.ascii = settings.ascii or env.ascii_locale
    if not colored:
        settings.capsule = ()  # they are nothing but colour
    view = View(state.snapshot, state.stdin, settings, state.now)
    view.env = _AtHome(env, state.home)
    lines = lay_out(view, surface, width or settings.width)
    return tuple(_text(parts, surface, settings, colored=colored) for parts in lines)


def _text(parts: list[Part], surface: str, settings: Settings, *, colored: bool) -> str:
    """Return one line; without colours, or but for tmux, as any terminal shows it."""
    notation = "tmux" if colored and surface == "tmux" else "plain"
    line = encode(parts, notation, settings.styles, colored=colored).decode("utf-8")
    return line if notation == "plain" else f"\033[{TMUX_BAR}m {on_bar(line)} \033[0m"


def on_bar(line: str) -> str:
    """Return tmux's segment with SGR sequences, as it stands on tmux's own green bar."""
    return _TMUX_STYLE.sub(_sgr, line)


def _sgr(found: re.Match[str]) -> str:
    """Return a style of tmux's as what it does to a terminal; each begins from the bar's own."""
    if found[1] is None:
        return "#"
    parameters = ["0", TMUX_BAR]
    for word in re.split(r"[, ]+", found[1]):
        ground, sign, color = word.partition("=")
        if sign:
            parameters.append(_color(color, 30 if ground == "fg" else 40))
        elif word in _TMUX_ATTRIBUTES:
            parameters.append(_TMUX_ATTRIBUTES[word])
    return f"\033[{';'.join(filter(None, parameters))}m"


def _color(name: str, base: int) -> str:
    """Return the SGR parameters of one of tmux's colours, "" for the bar's own."""
    plain = name.removeprefix("bright")
    if plain in COLORS:
        return str(base + COLORS.index(plain) + (60 if plain != name else 0))
    if name.startswith("colour"):
        return f"{base + 8};5;{name.removeprefix('colour')}"
    if name.startswith("#"):
        red, green, blue = (int(name[at : at + 2], 16) for at in (1, 3, 5))
        return f"{base + 8};2;{red};{green};{blue}"
    return ""
