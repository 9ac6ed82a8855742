"""Names that people give - directories, branches, sessions - as far as a line can show them."""

from __future__ import annotations

#: The most characters of one name.
MAX_CHARS = 32


def shown(text: object, limit: int = MAX_CHARS, *, keep_end: bool = False) -> str:
    """Return a name in at most ``limit`` characters, "" for what is no text.

    Control characters and what turns the writing direction are left out; what a surface would
    interpret is escaped when the line is written. ``keep_end`` cuts a long one at its beginning.
    """
    if not isinstance(text, str):
        return ""
    text = text[:4096]
    if not text.isascii():
        from statusline.settings.display_text import sift  # loads the Unicode tables

        kept = sift(text)[0]
    else:
        kept = "".join(char for char in text if char.isprintable())
    kept = " ".join(kept.split())
    if len(kept) <= limit:
        return kept
    return f"…{kept[1 - limit :]}" if keep_end else f"{kept[: limit - 1]}…"
