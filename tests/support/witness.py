"""Judges a shown line by what was true: an account of the facts that shares no code with it."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.support.world import Account

GRACE_S = 60.0
#: Numbers without an age are younger than this.
FRESH_S = 600.0
LABELS = {"five_hour": "5h", "seven_day": "7d"}
_UNITS = {"m": 60, "h": 3600, "d": 86400}
_AGE = re.compile(r"(\d+)([mhd]) old")


class Shown(NamedTuple):
    """One window as a line shows it: its number, "↻", or "" where it is not there."""

    number: str
    left_s: int | None


def read(line: str, label: str) -> Shown:
    """What a line says of one window."""
    found = re.search(
        rf"(?:^|· ){label} (↻|<?\d+%)(?: (?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?)?", line
    )
    if found is None:
        return Shown("", None)
    parts = [found[index] for index in (2, 3, 4)]
    if not any(parts):
        return Shown(found[1].rstrip("%"), None)
    days, hours, minutes = (int(part or 0) for part in parts)
    return Shown(found[1].rstrip("%"), days * 86400 + hours * 3600 + minutes * 60)


class Witness:
    """What could be known of each account, and when: by an answer to us, or on stdin."""

    def __init__(self) -> None:
        self._told: list[tuple[float, Account]] = []

    def tell(self, moment: float, account: Account) -> None:
        """Note that the program was told at `moment` what is true of `account`."""
        self._told.append((moment, account))

    def _known_at(self, account: Account, before: float) -> float | None:
        return max(
            (at for at, whose in self._told if whose is account and at <= before), default=None
        )

    def complaint(self, line: str, account: Account, now: float) -> str:
        """Why `line` is false at `now`, when `account` is the one signed in; "" if it is true."""
        known_at = self._known_at(account, now - GRACE_S)
        return next(
            filter(None, (self._of(line, window, account, now, known_at) for window in LABELS)), ""
        )

    def _of(
        self, line: str, window: str, account: Account, now: float, known_at: float | None
    ) -> str:
        shown = read(line, LABELS[window])
        began = account.last_boundary(window, now - GRACE_S)
        if not shown.number:
            is_missed = known_at is not None and now - known_at < FRESH_S - GRACE_S
            return f"{window} is known and not shown" if is_missed else ""
        if shown.number == "↻":
            ended = account.last_boundary(window, now)
            is_so = ended is not None and (known_at is None or ended > known_at - GRACE_S)
            return "" if is_so else f"{window} has not reset since it was known"
        first = max(now - _age_s(line) - GRACE_S, known_at or 0.0, float(began or 0))
        facts = account.between(window, first, now)
        matching = [fact for fact in facts if _text(fact.used_pct) == shown.number]
        if not matching:
            true = sorted({_text(fact.used_pct) for fact in facts})
            return (
                f"{window} {shown.number}% was not true since {now - first:.0f} s ago, but {true}"
            )
        if shown.left_s is None:
            return ""
        ends = [fact.resets_at - now for fact in matching if fact.resets_at is not None]
        tolerance_s = 3600 + 60 if shown.left_s > 86400 else 120
        if any(abs(shown.left_s - left_s) <= tolerance_s for left_s in ends):
            return ""
        return f"{window} resets in {ends} s, not in {shown.left_s}"


def _age_s(line: str) -> float:
    ages = [(int(count) + 1) * _UNITS[unit] for count, unit in _AGE.findall(line)]
    return max(ages, default=FRESH_S)


def _text(used_pct: float) -> str:
    shown = round(used_pct, 1)
    return "<1" if 0 < shown < 1 else str(int(shown))
