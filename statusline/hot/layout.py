"""From what is known to what is shown: ``[(role, text)]``, without a single escape.

Roles: "" plain, "normal", "warning", "critical" by severity, "muted", "model". What is true at
a moment is decided in ``values``, for every surface alike; what only a format of the user's own
shows is in ``details``, which the defaults never load.
"""

from __future__ import annotations

from statusline.hot.values import VALUES, status
from statusline.model import mapping
from statusline.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from statusline.settings import Node, Settings

Part = tuple[str, str]

#: What goes first when a line is too wide, least important first.
DROP_ORDER = (
    *("lines", "duration", "effort", "plan", "cost"),
    *("context.bar", "seven_day.bar", "five_hour.bar", "seven_day.age", "five_hour.age"),
    *("model", "context", "extra", "weekly", "seven_day.clock", "seven_day.reset"),
    *("five_hour.clock", "five_hour.reset", "status", "seven_day"),
)

#: Signs that are two cells wide outside the ranges of ``_char_cells`` (a format may hold them).
_WIDE_SIGNS = (
    "〈〉☰☱☲☳☴☵☶☷⚊⚋⚌⚍⚎⚏"
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪"
    "⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)
_ASCII = {"·": "|", "↻": "reset", "…": "...", "−": "-", "█": "#", "░": "-"}
_ASCII.update({"€": "EUR ", "£": "GBP ", "¥": "JPY "})


class View:
    """All that one line is made of: the snapshot, Claude Code's stdin, the settings, a moment.

    ``hidden`` are the placeholders left out for want of room; ``found`` says whether any
    placeholder had something to show.
    """

    __slots__ = ("found", "hidden", "now", "settings", "snapshot", "stdin")

    def __init__(
        self, snapshot: Snapshot | None, stdin: object, settings: Settings, now: float
    ) -> None:
        self.snapshot = Snapshot() if snapshot is None else snapshot
        self.stdin = mapping(stdin)
        self.settings = settings
        self.now = now
        self.hidden: frozenset[str] = frozenset()
        self.found = False


def lay_out(view: View, surface: str, width: int) -> list[Part]:
    """Return the parts of one line for ``surface``, at most ``width`` cells together.

    A line whose placeholders all have nothing to say says what the state is instead.
    """
    nodes = view.settings.format_of(surface)
    parts: list[Part] = []
    for view.hidden in _ever_more_hidden(nodes):
        view.found = False
        new = _shown(_evaluate(nodes, view), view.settings)
        if not view.found:
            break
        parts = new
        if cells(parts) <= width:
            return parts
    view.hidden = frozenset()
    left = parts or _shown(status(view), view.settings) or [("", "claude")]
    return _cut(left, width, view.settings)


def _ever_more_hidden(nodes: Iterable[Node]) -> Iterator[frozenset[str]]:
    """Yield what to leave out, nothing first; only what this format shows makes a step.

    Each step costs a look at every window that is known.
    """
    yield frozenset()
    used = set(_names(nodes))
    for count, name in enumerate(DROP_ORDER, 1):
        if name in used or name.removesuffix(".reset") in used:
            yield frozenset(DROP_ORDER[:count])


def _names(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if node[0] == "v":
            yield node[1]
            yield node[1].partition(".")[0]
        elif node[0] == "g":
            yield from _names(node[1])


def _shown(parts: list[Part], settings: Settings) -> list[Part]:
    """Return the parts with the signs that this terminal has."""
    if not settings.ascii:
        return parts
    return [
        (role, "".join(char if char.isascii() else _ASCII.get(char, "?") for char in text))
        for role, text in parts
    ]


def cells(parts: Iterable[Part]) -> int:
    """Return how many terminal cells the parts take."""
    return sum(
        len(text) if text.isascii() else sum(map(_char_cells, text)) for _role, text in parts
    )


def _char_cells(char: str) -> int:
    """Return 2 for the wide East Asian ranges and emoji, else 1 (a config may hold them)."""
    code = ord(char)
    wide = 0x1100 <= code <= 0x115F or 0x2E80 <= code <= 0xA4CF or 0xA960 <= code <= 0xD7A3
    wider = 0xF900 <= code <= 0xFAFF or 0xFE10 <= code <= 0xFF60 or 0xFFE0 <= code <= 0xFFE6
    return 2 if wide or wider or 0x16FE0 <= code <= 0x3FFFD or char in _WIDE_SIGNS else 1


def _cut(parts: list[Part], width: int, settings: Settings) -> list[Part]:
    if cells(parts) <= width:
        return parts
    kept: list[Part] = []
    room = width - 1
    for role, text in parts:
        for char in text:
            room -= _char_cells(char)
            if room < 0:
                return [*kept, ("", "." if settings.ascii else "…")]
            kept.append((role, char))
    return kept


def _evaluate(nodes: Iterable[Node], view: View) -> list[Part]:
    """Return the parts of a format; separators only stand between two things that are there."""
    parts: list[Part] = []
    pending = False
    for node in nodes:
        kind = node[0]
        if kind == "s":
            pending = bool(parts)
            continue
        if kind == "t":
            new = [("", node[1])]
        else:
            new = _value(node[1], view) if kind == "v" else _group(node[1], view)
        if new and pending:
            parts.append(("muted", view.settings.separator))
        if new:
            parts += new
            pending = False
    return parts


def _group(nodes: Iterable[Node], view: View) -> list[Part]:
    """Return a group's parts, none if a value of its own is missing or nothing but text is left."""
    found_before = view.found
    view.found = False
    if any(kind == "v" and not _value(rest[0], view) for kind, *rest in nodes):
        parts = []
    else:
        parts = _evaluate(nodes, view)
    if not view.found:
        parts = []
    view.found = found_before or bool(parts)
    return parts


def _value(name: str, view: View) -> list[Part]:
    if name in view.hidden or name.partition(".")[0] in view.hidden:
        return []
    find = VALUES.get(name)
    if find is None:
        from statusline.hot import details  # no default shows these

        parts = details.parts(name, view)
    else:
        parts = find(view)
    if parts:
        view.found = True
    return parts
