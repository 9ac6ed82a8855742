"""What ``statusline tokens`` says in words: the names of rows, the numbers, lines and notes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from statusline.segment.clock_time import DAYS, clock_time, local
from statusline.segment.humanize import count, percent
from statusline.segment.view import View
from statusline.settings.settings import Settings
from statusline.system.text import below_home, printable
from statusline.tokens import prices
from statusline.tokens.listing import Listing
from statusline.tokens.report import Row, Used
from statusline.usage.snapshot import Snapshot

#: The titles of the columns of numbers; writes are those of both kinds.
NUMBERS = ("input", "output", "write", "read")
TOTAL = "total"
#: The title of the costs says what they are.
COST = "est. cost"
#: A whole id is a line of its own, its start tells sessions apart.
_SESSION_SIGNS = 8
_FAMILIES = ("fable", "haiku", "mythos", "opus", "sonnet")


class Line(NamedTuple):
    """A row in words: its name is ``head`` and ``tail``, of which the tail may be cut short.

    ``share`` is what there is to say of the five-hour window, mostly "".
    """

    head: str
    tail: str
    numbers: tuple[str, str, str, str]
    total: str
    share: str
    cost: str

    @property
    def label(self) -> str:
        """The whole name."""
        return f"{self.head}{self.tail}"


@dataclass(frozen=True)
class Words:
    """A listing for people, by the user's settings; ``home`` is left out of paths."""

    listing: Listing
    settings: Settings
    home: str | None

    @cached_property
    def _view(self) -> View:
        return View(Snapshot(), None, self.settings, self.listing.now)

    @property
    def title(self) -> str:
        """How far back the listing goes."""
        number, unit = self.listing.asked.last
        if not number:
            return "all there is"
        if self.listing.asked.by in ("week", "month"):  # the first of them is whole
            begin = local(self.listing.since_s, self.settings.time_zone)
            return f"since {begin.tm_year}-{begin.tm_mon:02}-{begin.tm_mday:02}"
        name = {"h": "hour", "d": "day", "w": "week"}[unit]
        return f"last {number} {name}s" if number > 1 else f"last {name}"

    @property
    def share_title(self) -> str:
        """The title of the column about five-hour windows, "" where there is no such column."""
        if self.listing.asked.by == "block":
            return "used"
        return "5h" if self.listing.window is not None else ""

    def line(self, row: Row) -> Line:
        """Return a row in words."""
        tokens = row.used.tokens
        numbers = (tokens.input, tokens.output, tokens.write_5m + tokens.write_1h, tokens.read)
        head, tail = self._label(row)
        return Line(
            self.safe(head),
            self.safe(tail),
            tuple(map(count, numbers)),  # type: ignore[arg-type]  # four are four
            count(tokens.total),
            self._share(row),
            usd(row.used, is_whole=not row.unpriced),
        )

    def _label(self, row: Row) -> tuple[str, str]:
        by = self.listing.asked.by
        if row is self.listing.total:
            return TOTAL, ""
        if by == "day":
            return self._date(row.key), ""
        if by == "week":
            return f"from {self._date(row.key)}", ""
        if by == "block":
            return clock_time(row.starts_at, self._view), ""
        if by == "model":
            return "", self.model(row.key)
        if by == "project":
            return "", self._path(row.key)
        if by == "session":
            at = clock_time(row.starts_at, self._view)
            head = f"{at:{self._widest_time}}  {row.key[:_SESSION_SIGNS]:{_SESSION_SIGNS}}  "
            return head, self._path(row.project)
        return row.key, ""

    @cached_property
    def _widest_time(self) -> int:
        times = (clock_time(row.starts_at, self._view) for row in self.listing.rows)
        return max(map(len, times), default=0)

    def _date(self, key: str) -> str:
        day = datetime.date.fromisoformat(key)
        is_present = key[:4] == self.listing.rows[-1].key[:4]
        return f"{DAYS[day.weekday()]} {key[5:] if is_present else key}"

    def _path(self, project: str) -> str:
        path = self.listing.paths.get(project)
        return below_home(path, self.home) if path else project

    def _share(self, row: Row) -> str:
        if row.block is not None:
            return "~" if row.block.used_pct is None else percent(row.block.used_pct)
        share = (self.listing.window_shares or {}).get(row.key)
        return "" if share is None else percent(share * 100)

    def model(self, model: str) -> str:
        """Return a model as people call it, its id where that is no model of Claude's."""
        name = prices.base(model).removeprefix("claude-")
        words = name.split("-")
        family = next((each for each in words if each in _FAMILIES), "")
        words.remove(family) if family else None
        if not family or not all(each.isdigit() for each in words):
            return model
        return f"{family.capitalize()} {'.'.join(words)}".rstrip()

    def safe(self, text: str) -> str:
        """Return text without what a terminal would obey, in ASCII where that is wanted."""
        safe = printable(text, instead=" ")
        return safe.encode("ascii", "replace").decode() if self.settings.ascii else safe

    def notes(self) -> Iterator[str]:
        """Yield what there is to know about the numbers, a sentence or two each."""
        listing = self.listing
        yield f"The cost is an estimate at Anthropic's list prices of {prices.AS_OF}."
        if listing.total.unpriced:
            names = ", ".join(listing.total.unpriced)
            yield self.safe(f"No price is known for {names}; the cost leaves it out (+).")
        if listing.window is not None:
            begin = clock_time(listing.window.starts_at, self._view)
            seen = listing.window.used_pct
            about = "an estimate" if seen is None else f"{percent(seen)} used"
            yield f"5h: share of what was used here in the 5-hour window since {begin} ({about})."
        if any(row.block is not None and row.block.is_estimate for row in listing.rows):
            yield "~ nobody saw this window: its start is an estimate."
        if listing.scan is not None and listing.scan.bad_lines:
            count = listing.scan.bad_lines
            yield f"{count} line{'' if count == 1 else 's'} of the transcripts could not be read."


def usd(used: Used, *, is_whole: bool = True) -> str:
    """Return an estimate in dollars, with a + where something is left out of it."""
    if used.usd is None:
        return "?"
    if 0 < used.usd < 0.01:
        amount = "<$0.01"
    else:
        amount = f"${used.usd:.2f}" if used.usd < 1000 else f"${used.usd:,.0f}"
    return amount if is_whole else f"{amount}+"


def plain_lines(words: Words) -> Iterator[str]:
    """Yield a listing as lines of text: a header, a line for each row, the sum, and notes."""
    listing = words.listing
    found = [words.line(row) for row in (*listing.rows, listing.total)]
    cells = max(len(line.label) for line in found)
    shared = [f"{words.share_title:>5}"] if words.share_title else []
    titles = [f"{name:>7}" for name in (*NUMBERS, TOTAL)]
    yield "".join([" " * cells, *titles, *shared, f"{COST:>11}"])
    for line in found:
        numbers = [f"{each:>7}" for each in (*line.numbers, line.total)]
        share = [f"{line.share:>5}"] if shared else []
        yield "".join([f"{line.label:{cells}}", *numbers, *share, f"{line.cost:>11}"])
    yield from words.notes()
