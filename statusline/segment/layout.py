"""From what is known to what is shown: ``[(role, text)]``, without a single escape.

The roles are listed in ``view``. What is true at a moment is decided in ``values``, for every
surface alike; what only a format of the user's own shows is in ``custom_values``, which the
defaults never load.
"""

from __future__ import annotations

from statusline.segment.values import MAIN_WINDOWS, VALUES, has_main, line_age
from statusline.segment.view import BOUNDARY, Part, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from statusline.settings.settings import Node, Settings

#: What goes first when a line is too wide, least important first. "status.passing" are words of
#: a state that passes by itself, beside numbers; "status.subject" is the "usage:" of the others;
#: "age" is how old the numbers are, which goes before a number does and after everything else.
DROP_ORDER = (
    *("version", "style", "thinking", "fast", "vim", "cache.hit", "context.size", "duration.api"),
    *("tokens", "cost.rate", "repo", "project", "session", "agent", "env"),
    *("lines", "duration", "effort", "plan", "cost", "cache", "context.tokens", "context.left"),
    *("context.bar", "seven_day.bar", "five_hour.bar", "binding.bar"),
    *("seven_day.age", "five_hour.age", "binding.age", "pr", "worktree", "dir.path"),
    *("seven_day.pace", "five_hour.pace", "binding.pace", "pace"),
    *("antigravity.seven_day", "antigravity", "codex.seven_day", "codex"),
    *("model", "branch", "dir", "account", "context", "extra", "weekly"),
    *("seven_day.clock", "seven_day.reset", "seven_day.full"),
    *("status.passing", "status.subject", "five_hour.clock", "five_hour.reset"),
    *("binding.clock", "binding.reset", "five_hour.full", "binding.full", "full"),
    *("status", "age", "seven_day"),
)
#: What a line says whose own format has nothing to say.
_STATE: tuple[Node, ...] = (("v", "status"),)
#: What ends a line of a format.
_END: Node = ("n",)

#: Signs that are two cells wide outside the ranges of ``_char_cells`` (a format may hold them).
_WIDE_SIGNS = (
    "〈〉☰☱☲☳☴☵☶☷⚊⚋⚌⚍⚎⚏"
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪"
    "⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)
_ASCII = {"·": "|", "↻": "reset", "…": "...", "−": "-", "█": "#", "░": "-", "→": ">", "–": "-"}
_ASCII.update({"€": "EUR ", "£": "GBP ", "¥": "JPY "})


def lay_out(view: View, surface: str, width: int) -> list[list[Part]]:
    """Return the parts of each line for ``surface``, at most ``width`` cells together.

    A line that has nothing to say vanishes; where that is all of them, one says what the state
    is instead.
    """
    view.surface = surface
    nodes = view.settings.format_of("chained" if view.is_chained else surface)
    formats = list(_lines(nodes)) if _END in nodes else [nodes]
    view.shows_others = has_main(view) or any("weekly" in _names(each) for each in formats)
    lines = [_fitted(each, view, width) for each in formats]
    lines = [parts for parts in lines if parts] or [_fitted(_STATE, view, width)]
    return [_cut(parts or [("", "claude")], width, view.settings) for parts in lines]


def _lines(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    """Yield the lines of a format that has several."""
    start = 0
    for at, node in enumerate((*nodes, _END)):
        if node == _END:
            yield nodes[start:at]
            start = at + 1


def _fitted(nodes: tuple[Node, ...], view: View, width: int) -> list[Part]:
    """Return a format's parts without what there is no room for; none if it has nothing to say.

    Where it does not fit even so, they are too wide still.
    """
    view.names = frozenset(_names(nodes))
    nodes = _completed(nodes, view)
    parts: list[Part] = []
    names, stays = view.names, () if has_main(view) else ("weekly",)
    for view.hidden in _steps_of_hiding(names, stays):
        view.found, view.numbers, view.dated = False, [], []
        new = _shown(_evaluate(nodes, view), view.settings)
        if not view.found:
            break
        parts = new
        if cells(parts) <= width:
            break
    view.hidden = frozenset()
    return parts


def _completed(nodes: tuple[Node, ...], view: View) -> tuple[Node, ...]:
    """Return a format with what it leaves unsaid and nobody may miss.

    That is the age of its numbers, and the other windows where no main window is known. They
    stand before the status if that comes last, together with the text or separator before it.
    """
    more: list[Node] = []
    usual = (*MAIN_WINDOWS, "status")
    if not view.shows_others and not view.names.isdisjoint(usual):
        more += (("s",), ("v", "weekly"))
        view.shows_others = True
    more += (("s",), ("a",))
    at = len(nodes)
    if nodes[-1:] == _STATE and view.snapshot.windows:
        at -= 1
        while at and nodes[at - 1][0] in ("s", "t"):
            at -= 1
    return (*nodes[:at], *more, *nodes[at:])


def _steps_of_hiding(names: frozenset[str], stays: Iterable[str]) -> Iterator[frozenset[str]]:
    """Yield what to leave out, nothing first; only what this format shows makes a step.

    Each step costs a look at every window that is known. What ``stays`` is not left out.
    """
    yield frozenset()
    for count, name in enumerate(DROP_ORDER, 1):
        whole, _dot, part = name.partition(".")
        is_part = part in ("reset", "full", "passing", "subject") and whole in names
        if name == "age" or name in names or is_part:
            yield frozenset(DROP_ORDER[:count]).difference(stays)


def _names(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if node[0] == "v":
            yield node[1]
            yield node[1].partition(".")[0]
        elif node[0] == "g":
            yield from _names(node[1])


def _shown(parts: list[Part], settings: Settings) -> list[Part]:
    """Return the parts, in capsules if that is set, with the signs that this terminal has."""
    if settings.capsule:
        from statusline.segment import capsules  # few have them

        parts = capsules.wrap(parts, settings)
    if not settings.ascii:
        return parts
    return [(role, in_ascii(text)) for role, text in parts]


def in_ascii(text: str) -> str:
    """Return a text with the signs that every terminal has."""
    return "".join(char if char.isascii() else _ASCII.get(char, "?") for char in text)


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
    """Return as much as fits, and a sign that it is not all; no number is cut in the middle."""
    if cells(parts) <= width:
        return parts
    kept: list[Part] = []
    room = width - 1
    for piece in _pieces(parts):
        room -= cells(piece)
        if room < 0:
            break
        kept += piece
    return [*kept, ("", "." if settings.ascii else "…")]


def _pieces(parts: list[Part]) -> Iterator[list[Part]]:
    """Yield what is shown whole or not at all: words with a digit, single characters of others.

    What follows such a word in its own part belongs to it: ``15m`` alone would not be ``15m old``.
    So does the blank behind it, which keeps the sign of a cut away from the number.
    """
    word: list[Part] = []
    for role, text in parts:
        has_digit = False
        for count, piece in enumerate(text.split(" ")):
            if count:
                word.append((role, " "))
                if not has_digit:
                    yield from _unbroken(word)
                    word = []
            word.append((role, piece))
            has_digit = has_digit or any(map(str.isdigit, piece))
        if text.endswith(" "):
            yield from _unbroken(word)
            word = []
    yield from _unbroken(word)


def _unbroken(word: list[Part]) -> Iterator[list[Part]]:
    if any(char.isdigit() for _role, text in word for char in text):
        yield word
    else:
        yield from ([(role, char)] for role, text in word for char in text)


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
        elif kind == "a":
            new = [] if "age" in view.hidden else line_age(view)
        else:
            new = _value(node[1], view) if kind == "v" else _group(node[1], view)
        if new and pending:
            settings = view.settings
            parts.append((BOUNDARY, "") if settings.capsule else ("muted", settings.separator))
        if new:
            parts += new
            pending = False
    return parts


def _group(nodes: Iterable[Node], view: View) -> list[Part]:
    """Return a group's parts, none if a value of its own is missing or nothing but text is left."""
    found_before, numbers, dated = view.found, len(view.numbers), len(view.dated)
    view.found = False
    if any(kind == "v" and not _value(rest[0], view) for kind, *rest in nodes):
        parts = []
    else:
        parts = _evaluate(nodes, view)
    if not view.found:
        parts = []
    if not parts:
        del view.numbers[numbers:], view.dated[dated:]
    view.found = found_before or bool(parts)
    return parts


def _value(name: str, view: View) -> list[Part]:
    if name in view.hidden or name.partition(".")[0] in view.hidden:
        return []
    find = VALUES.get(name)
    if find is None:
        from statusline.segment import custom_values  # no default shows these

        parts = custom_values.parts(name, view)
    else:
        parts = find(view)
    if parts:
        view.found = True
    return parts
