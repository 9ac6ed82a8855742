"""The history of a made-up account: what one refresher keeps, and what a reader finds of it."""

from __future__ import annotations

from pathlib import Path

from statusline.history import store
from statusline.history.cycles import Seen
from statusline.usage.observation import Observation

from .distorted import NOW

RESET = NOW + 7200
MINE, OTHER = "salt-mine", "salt-other"


def observed(pct: float, at_s: float, window: str = "five_hour", **more: object) -> Observation:
    """What the API says `at_s` seconds after NOW."""
    label = str(more.get("label", window))
    return Observation(window, label, pct, RESET, NOW + at_s, "api")


def note(directory: Path, *seen: Observation, account: str = MINE, now: float = NOW + 9e4) -> int:
    """Let one refresher keep these."""
    with store.writing(str(directory)) as history:
        return history.note(account, seen, now)


def kept(directory: Path, account: str = MINE, window: str = "five_hour") -> list[Seen]:
    """What a reader finds of a window."""
    with store.reading(str(directory)) as history:
        return history.seen(account, window)


def pcts(directory: Path, account: str = MINE) -> list[float]:
    """The numbers that a reader finds."""
    return [each.used_pct for each in kept(directory, account)]
