"""Colours of the configuration, compiled for terminals, as ``#rrggbb`` for everything else."""

from __future__ import annotations

#: What xterm shows for its sixteen named colours; terminals differ, a bar has to be told one.
_NAMED = (
    *("#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5"),
    *("#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff"),
)
_STEPS = (0, 95, 135, 175, 215, 255)


def hexadecimal(sgr: str) -> str:
    """Return the foreground of SGR parameters, ``38;5;166``, as ``#rrggbb``; "" for none."""
    words = [int(word) for word in sgr.split(";") if word.isdecimal()]
    while words:
        first = words.pop(0)
        if first in (38, 48):
            found, words = _extended(words)
            if first == 38:
                return found
        elif 30 <= first <= 37 or 90 <= first <= 97:
            return _NAMED[first - 30 if first < 90 else first - 82]
    return ""


def _extended(words: list[int]) -> tuple[str, list[int]]:
    """Return a colour that takes several parameters, and the parameters behind it."""
    if words[:1] == [2] and len(words) >= 4:
        return _joined(words[1:4]), words[4:]
    if words[:1] == [5] and len(words) >= 2:
        return _numbered(words[1]), words[2:]
    return "", []


def _numbered(number: int) -> str:
    """Return one of the 256: sixteen names, a cube of six steps a side, then greys."""
    if number < 16:
        return _NAMED[number]
    if number >= 232:
        return _joined([8 + 10 * (number - 232)] * 3)
    cube = number - 16
    return _joined([_STEPS[cube // 36], _STEPS[cube // 6 % 6], _STEPS[cube % 6]])


def _joined(parts: list[int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)
