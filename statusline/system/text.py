"""Text from outside, as far as a terminal may show it."""

from __future__ import annotations


def clean(text: object, limit: int = 24) -> str:
    """Return text from outside as at most ``limit`` harmless cells, "" for what is no text.

    Only letters, digits and a few signs that no shell, terminal or tmux interprets pass, all
    of them one cell wide (P3, S01-S04, S07-S09). Right-to-left letters are left out:
    they would reorder their neighbours.
    """
    if not isinstance(text, str):
        return ""
    kept = [
        char
        for char in text[: limit * 4]
        if (char in " .,:+-_/()" or char.isalnum()) and ord(char) < 0x0590
    ]
    return " ".join("".join(kept).split())[:limit]


def is_shown(char: str) -> bool:
    """Tell whether a character is one that a terminal draws.

    The private use areas count: the icons of the patched fonts that prompts use are there.
    """
    if char.isprintable() or "\ue000" <= char <= "\uf8ff":
        return True
    return char >= "\U000f0000" and ord(char) & 0xFFFE != 0xFFFE  # the last two are no characters


def printable(text: str, *, kept: str = "", instead: str = "?") -> str:
    """Return text without what a terminal would obey; characters in ``kept`` may stay."""
    return "".join(char if char.isprintable() or char in kept else instead for char in text)


def below_home(path: str, home: str | None) -> str:
    """Return a path with ``~`` for the home directory, harmless on a terminal."""
    if home is not None and path.startswith(f"{home}/"):
        path = f"~{path[len(home) :]}"
    return printable(path)
