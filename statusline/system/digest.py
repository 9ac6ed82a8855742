"""Short names for long or private things, cheap enough for a prompt."""

from __future__ import annotations


def digest(text: str) -> str:
    """Return 16 hex digits for a text: FNV-1a, since hashlib would cost a prompt 0.5 ms.

    It tells texts apart, and keeps nobody from trying texts out: of a secret only a part of it
    may be kept, of a pseudonym only a salted one.
    """
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8", "surrogateescape"):
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"
