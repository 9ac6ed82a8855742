"""``settings.json`` read back: whatever the file holds, the result is sound.

The file is ours and private, and still nothing in it is believed: a style reaches the terminal
as an escape sequence, a format is walked by recursion (S09, S10).
"""

from __future__ import annotations

from statusline.settings.settings import Settings
from statusline.system.text import is_shown
from statusline.system.untrusted import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from statusline.settings.settings import Node

#: The most parts of one format, and the most groups in one another and the format around.
MAX_NODES = 256
MAX_DEPTH = 8
#: The most characters of a format; no text in one can be longer.
MAX_TEXT = 1024
MAX_STYLE = 64
#: The most lines of one format, and the most labels of accounts.
MAX_LINES, MAX_ACCOUNTS = 4, 32

#: What a setting of text may be; of the others only the type and the range are known.
CHOICES = {"show": ("used", "remaining"), "reset": ("countdown", "clock")}
#: The least and the most of each number.
RANGES = {
    "bar_width": (1, 40),
    "clock_hours": (12, 24),
    "critical_pct": (0, 1000),
    "gradient": (0, 16),
    "old_after_s": (1, 7 * 86400),
    "warning_pct": (0, 1000),
    "width": (1, 1000),
}


def read(value: object) -> Settings:
    """Return what ``Settings.to_json`` wrote; anything odd keeps its default. Never raises."""
    made = Settings()
    if not isinstance(value, dict):
        return made
    for name in Settings.__slots__:
        default = getattr(made, name)
        found = _sound(name, value.get(name), default)
        if found is not None:
            setattr(made, name, found)
    return made


def _sound(name: str, found: object, default: object) -> object:
    """Return a value of the setting ``name`` that can be used, or ``None``."""
    if name == "formats":
        return _formats(found)
    if name == "styles":
        return _styles(found)
    if name == "thresholds":
        return _thresholds(found)
    if name in ("personal", "capsule", "sources"):
        return _texts(found, (0, 3) if name == "capsule" else range(17))
    if name in RANGES:
        return _ranged(name, found, default)
    if type(found) is not type(default) or (name in CHOICES and found not in CHOICES[name]):
        return None
    return None if isinstance(found, str) and not _is_text(found) else found


def _texts(found: object, sizes: Container[int]) -> tuple[str, ...] | None:
    if not isinstance(found, list) or len(found) not in sizes or not all(map(_is_text, found)):
        return None
    return tuple(found)


def _is_text(found: object) -> bool:
    return isinstance(found, str) and len(found) <= MAX_TEXT and all(map(is_shown, found))


def _thresholds(found: object) -> dict[str, tuple[float, float]] | None:
    """Return pairs of percentages by window."""
    if not isinstance(found, dict):
        return None
    made = {}
    for window, pair in list(found.items())[:16]:
        if isinstance(pair, list) and len(pair) == 2:
            warning, critical = (_ranged("critical_pct", each, 0.0) for each in pair)
            if isinstance(warning, float) and isinstance(critical, float):
                made[window] = (warning, critical)
    return made


def _ranged(name: str, found: object, default: object) -> object:
    real = number(found)
    least, most = RANGES[name]
    if real is None or not least <= real <= most:
        return None
    return int(real) if isinstance(default, int) else real


def _styles(found: object) -> dict[str, tuple[str, str]] | None:
    if not isinstance(found, dict):
        return None
    styles = {}
    for role, pair in list(found.items())[:64]:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair):
            sgr, tmux = pair
            if not (sgr or tmux):
                continue
            if _holds_only(sgr, "0123456789;") and _holds_only(tmux, "=,#", letters=True):
                styles[role] = (sgr, tmux)
    return styles


def _holds_only(text: str, signs: str, *, letters: bool = False) -> bool:
    return len(text) <= MAX_STYLE and all(
        char in signs or (letters and char.isascii() and char.isalnum()) for char in text
    )


def _formats(found: object) -> dict[str, tuple[Node, ...]] | None:
    """Return the formats that are whole; ``None`` unless the one that all share is."""
    if not isinstance(found, dict):
        return None
    formats = {}
    for surface, nodes in list(found.items())[:16]:
        checked = _nodes(nodes, MAX_DEPTH)
        if checked and isinstance(surface, str):
            formats[surface] = checked
    return formats if "default" in formats else None


def _nodes(found: object, depth: int) -> tuple[Node, ...] | None:
    if not isinstance(found, list) or len(found) > MAX_NODES or depth == 0:
        return None
    nodes: list[Node] = []
    for node in found:
        match node:
            case ["s" | "n" as kind]:
                nodes.append((kind,))
            case ["t" | "v" as kind, str(text)] if len(text) <= MAX_TEXT and all(
                map(is_shown, text)
            ):
                nodes.append((kind, text))
            case ["g", list(inner)]:
                group = _nodes(inner, depth - 1)
                if group is None:
                    return None
                nodes.append(("g", group))
            case _:
                return None
    return tuple(nodes)
