"""Compile a style, ``bold red on #202020``, to what terminals and what tmux understand."""

from __future__ import annotations

import difflib
import re

from statusline.settings import display_text

COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
#: word -> (SGR parameter, tmux attribute)
ATTRIBUTES = {
    "bold": ("1", "bold"),
    "dim": ("2", "dim"),
    "italic": ("3", "italics"),
    "underline": ("4", "underscore"),
    "reverse": ("7", "reverse"),
}
_HEX = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})")
_NUMBERED = re.compile(r"(?:color:)?([0-9]{1,3})")


def compile_style(text: str) -> tuple[str, str] | None:
    """Return SGR parameters and a tmux style, ``None`` for the style "none".

    Raises ``ValueError`` that says which word is unknown. A colour is a name (``red``,
    ``bright_red``, ``default``), a number of the 256 (``color:203``, ``203``) or hexadecimal
    (``#ff8800``); ``on`` before it makes it the background. What follows a ``/`` is for tmux,
    whose status line has a colour of its own: green letters cannot be read on its green.
    """
    terminals, slash, tmux = text.lower().partition("/")
    sgr, notation = _compile(terminals.split())
    if slash:
        notation = _compile(tmux.split())[1]
    return (sgr, notation) if sgr or notation else None


def compile_capsule(text: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the style of a capsule's text, and that of its ends, which have its colour.

    Raises ``ValueError`` as ``compile_style`` does, and where no background is named.
    """
    tokens = text.lower().split()
    if "on" not in tokens[:-1]:
        raise ValueError("no background; a capsule needs one")
    return _compile(tokens), _compile([tokens[tokens.index("on") + 1]])


def _compile(tokens: list[str]) -> tuple[str, str]:
    if tokens in ([], ["none"]):
        return "", ""
    colors: dict[str, tuple[str, str]] = {}
    attributes: dict[str, tuple[str, str]] = {}
    ground = "fg"
    for word in tokens:
        if word == "on" and ground == "fg":
            ground = "bg"
        elif word in ATTRIBUTES:
            attributes[word] = ATTRIBUTES[word]
        elif ground not in colors:
            sgr, tmux = _color(word, ground)
            colors[ground] = (sgr, f"{ground}={tmux}")
            ground = "fg"
        else:
            raise ValueError(f"a second colour: {display_text.shown(word)}")
    if ground == "bg":
        raise ValueError("no colour after on")
    pairs = [*colors.values(), *attributes.values()]
    return ";".join(sgr for sgr, _ in pairs), ",".join(tmux for _, tmux in pairs)


def _color(word: str, ground: str) -> tuple[str, str]:
    """Return one colour's SGR parameters and its name in tmux."""
    base = 30 if ground == "fg" else 40
    name = word.removeprefix("bright_")
    if name in COLORS:
        is_bright = word != name
        number = base + COLORS.index(name) + (60 if is_bright else 0)
        return str(number), f"{'bright' if is_bright else ''}{name}"
    if word == "default":
        return str(base + 9), "default"
    if found := _HEX.fullmatch(word):
        parts = ";".join(str(int(part, 16)) for part in found.groups())
        return f"{base + 8};2;{parts}", word
    if (found := _NUMBERED.fullmatch(word)) and int(found[1]) < 256:
        return f"{base + 8};5;{int(found[1])}", f"colour{int(found[1])}"
    known = [*COLORS, *(f"bright_{name}" for name in COLORS), *ATTRIBUTES, "default", "none", "on"]
    likely = difflib.get_close_matches(word, known, 1)
    hint = f"; did you mean {likely[0]}?" if likely else ""
    raise ValueError(f"unknown word {display_text.shown(word)}{hint}")
