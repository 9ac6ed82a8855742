"""Tokens counted: those of one answer or of many, and what a session used in a short while."""

from __future__ import annotations

from typing import NamedTuple

#: An amount is what was used within so many seconds; windows begin at multiples of it.
SLOT_S = 300
#: A prompt of more tokens than this has a price of its own with some models.
LONG_PROMPT = 100_000
#: What there is to say of an answer besides, to be added up.
FAST, LONG, SIDECHAIN = 1, 2, 4


class Tokens(NamedTuple):
    """Tokens by what they cost; cache writes are kept for 5 minutes or 1 hour."""

    input: int = 0
    output: int = 0
    write_5m: int = 0
    write_1h: int = 0
    read: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return self.input + self.output + self.write_5m + self.write_1h + self.read

    def plus(self, other: Tokens) -> Tokens:
        """Return both together."""
        return Tokens(*map(int.__add__, self, other))


class Amount(NamedTuple):
    """What one session used of one model within ``SLOT_S`` from ``at_s`` (epoch s) on.

    ``project`` is the directory below ``projects/``, ``model`` the id that the transcript names.
    ``is_fast`` says that it was the fast mode, ``is_long`` that the prompts were long.
    """

    at_s: int
    project: str
    session: str
    model: str
    is_fast: bool
    is_long: bool
    tokens: Tokens
    responses: int
