"""How many examples a property is tried with: on ordinary days the same few, else all of them."""

from __future__ import annotations

#: Everyday runs try the same examples each time, so that more of them find nothing new.
EVERYDAY_SHARE = 4
DEFAULT = 100

#: Set by tests/conftest.py before any test is read.
is_full = False


def examples(count: int = DEFAULT) -> int:
    """`count` with `--full`, a quarter of it on ordinary days."""
    return count if is_full else max(count // EVERYDAY_SHARE, 15)
