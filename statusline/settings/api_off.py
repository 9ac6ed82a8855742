"""Does a ``config.toml`` with a mistake in it turn the usage API off? In doubt, it does."""

from __future__ import annotations

import re

#: What to do about an ``api`` that stands where no key of that name is.
FIX = "Write api above the first [table], in small letters; until then the API is off."
_WORD = re.compile(r"(?<![a-z0-9])api(?![a-z0-9])", re.ASCII | re.IGNORECASE)
_CLEARLY_ON = re.compile(r"\s*api\s*=\s*true\s*(#.*)?")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
#: The highest number that is a character.
_LAST = 0x10FFFF


def in_broken(text: str) -> bool:
    """Tell whether a text that TOML cannot read may mean to turn the API off.

    Whatever follows the word ``api``, and wherever it stands but in a line that is a comment: only
    a line that says ``api = true`` and nothing else is no reason. UTF-16 leaves NULs between its
    letters, and a quoted key may be written in escapes.
    """
    text = _ESCAPED.sub(_unescaped, text.replace("\0", ""))
    return any(
        _WORD.search(line) and not _CLEARLY_ON.fullmatch(line)
        for line in text.splitlines()
        if not line.lstrip().startswith("#")
    )


def misplaced(value: object) -> bool:
    """Tell whether a value holds an ``api``, at any depth, that is anything but ``true``.

    Such as one that was added at the end of the file, and so belongs to the last table in it.
    """
    if isinstance(value, list):
        return any(map(misplaced, value))
    if not isinstance(value, dict):
        return False
    return any(
        each is not True if is_name(name) else misplaced(each) for name, each in value.items()
    )


def is_name(key: str) -> bool:
    """Tell whether the last part of a key is ``api``, however it is written."""
    return key.rpartition(".")[2].strip().casefold() == "api"


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if number <= _LAST else ""
