"""What the index of tokens says, in the form of the books of ``transcripts``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from statusline.tokens import index
from statusline.tokens.counts import Amount
from statusline.tokens.scan import Scan, scan
from tests.support.transcript_lines import Counts

FIELDS = ("all", "day", "model", "project", "session", "is_fast", "is_long")


class Counter:
    """A profile of its own in ``directory``, which counts what is below ``home``."""

    def __init__(self, directory: Path, home: Path) -> None:
        directory.mkdir(mode=0o700)
        self.directory = str(directory)
        self.places = [f"{home}/.config/claude/projects", f"{home}/.claude/projects"]

    def scan(self) -> Scan:
        """Bring the index up to date."""
        return scan(self.places, self.directory)

    def amounts(self) -> list[Amount]:
        """What the index has, as it is; its hours say the same."""
        with index.reading(self.directory) as known:
            amounts, hours = known.amounts(), known.hours(0)
        for by in ("all", "day", "model"):
            assert summed_amounts(hours, by) == summed_amounts(amounts, by)
        return amounts

    def sums(self) -> dict[str, dict[str, Counts]]:
        """The sums of all that the index has, by each of ``FIELDS``."""
        amounts = self.amounts()
        return {by: summed_amounts(amounts, by) for by in FIELDS}


def summed_amounts(amounts: Iterable[Amount], by: str) -> dict[str, Counts]:
    """Return the sums as ``transcripts.summed`` returns them."""
    sums: dict[str, Counts] = {}
    for amount in amounts:
        key = _key(amount, by)
        sums[key] = sums.get(key, Counts()).plus(Counts(*amount.tokens, amount.responses))
    return dict(sorted(sums.items()))


def _key(amount: Amount, by: str) -> str:
    if by == "all":
        return "all"
    if by == "day":
        return datetime.datetime.fromtimestamp(amount.at_s, datetime.UTC).date().isoformat()
    return str(getattr(amount, by))
