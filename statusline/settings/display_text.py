"""Text that a user wrote into the configuration, as far as a terminal may show it."""

from __future__ import annotations

import unicodedata

from statusline.system.text import is_shown

#: What follows a character to choose how it is drawn; left out without a word.
_SELECTORS = "\ufe0e\ufe0f"
#: Right-to-left letters and digits, and the marks that turn the direction of their neighbours.
_TURNING = frozenset(
    ("R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI")
)


def sift(text: str) -> tuple[str, str]:
    """Return the text that can be shown, and the characters that cannot, each once.

    Control characters, line ends, characters without width or without a fixed shape, and what
    turns the writing direction are left out (S07-S10).
    """
    kept: list[str] = []
    dropped: dict[str, None] = {}
    for char in text:
        if _shows(char):
            kept.append(char)
        elif char not in _SELECTORS:
            dropped[char] = None
    return "".join(kept), "".join(dropped)


def _shows(char: str) -> bool:
    return (
        is_shown(char)
        and unicodedata.category(char)[0] != "M"
        and unicodedata.bidirectional(char) not in _TURNING
    )


def named(characters: str) -> str:
    """Return characters that cannot be shown by their code points."""
    return ", ".join(f"U+{ord(char):04X}" for char in characters[:5])


def shown(value: object) -> str:
    """Return any value from the file for a message: short, and harmless in a terminal."""
    try:
        text, _dropped = sift(str(value)[:200])
    except ValueError:  # Python writes no number of more than 4300 digits
        text = "a number that is too long"
    return f'"{text[:40]}"' if isinstance(value, str) else text[:40]
