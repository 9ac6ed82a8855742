"""Amounts of tokens summed up: by time, model, project, session or five-hour window; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from statusline.tokens import prices
from statusline.tokens.blocks import Block, assigned
from statusline.tokens.counts import SLOT_S, Amount, Tokens
from statusline.tokens.periods import PERIODS, Calendar
from statusline.usage.observation import DAY_S

#: What there can be a row for.
BY = (*PERIODS, "model", "project", "session", "block")
#: The first of these rows is the one that cost most; the others are in order of time.
_BY_NAME = ("model", "project")


class Used(NamedTuple):
    """What was used; ``usd`` is ``None`` where no price of it is known."""

    tokens: Tokens
    usd: float | None

    def plus(self, other: Used | None) -> Used:
        """Return both together; what has no price adds nothing to the cost."""
        if other is None:
            return self
        usd = None if self.usd is other.usd is None else (self.usd or 0.0) + (other.usd or 0.0)
        return Used(self.tokens.plus(other.tokens), usd)

    @property
    def rank(self) -> tuple[float, int]:
        """What comes first where the more comes first: what cost more, then what was more."""
        return -(self.usd or 0.0), -self.tokens.total


class Row(NamedTuple):
    """What was used in one day, of one model, ...: ``key`` says of which.

    ``starts_at`` and ``ends_at`` (epoch s) are those of a period or a block; else of the first
    and the last slot in which something was used. ``models`` begin with what cost most;
    ``unpriced`` are those without a known price, in order. ``project`` is that of a session.
    """

    key: str
    starts_at: int
    ends_at: int
    responses: int
    models: dict[str, Used]
    unpriced: tuple[str, ...] = ()
    project: str = ""
    block: Block | None = None

    @property
    def used(self) -> Used:
        """All models together."""
        whole = Used(Tokens(), None if self.unpriced else 0.0)
        for each in self.models.values():
            whole = each.plus(whole)
        return whole


class _Sum:
    """A row while its amounts come in: summed up by whatever decides on their price."""

    def __init__(self, key: str, starts_at: int, ends_at: int, block: Block | None = None) -> None:
        self.key = key
        self.starts_at, self.ends_at = starts_at, ends_at
        self.project = ""
        self.block = block
        self._parts: dict[prices.Kind, list[int]] = {}

    def add(self, amount: Amount) -> None:
        """Take in what was used; a loop over five numbers would take twice as long."""
        at_s, _project, _session, model, is_fast, is_long, tokens, responses = amount
        kind = (model, at_s // DAY_S, is_fast, is_long)
        sums = self._parts.get(kind)
        if sums is None:
            sums = self._parts[kind] = [0, 0, 0, 0, 0, 0]
        sums[0] += tokens[0]
        sums[1] += tokens[1]
        sums[2] += tokens[2]
        sums[3] += tokens[3]
        sums[4] += tokens[4]
        sums[5] += responses

    def row(self) -> Row:
        """Return all of it, and what it cost."""
        models: dict[str, Used] = {}
        unpriced: set[str] = set()
        for kind, (*sums, _responses) in self._parts.items():
            tokens = Tokens(*sums)
            price = prices.of(kind)
            if price is None:
                unpriced.add(prices.name(kind))
            used = Used(tokens, None if price is None else prices.usd(tokens, price))
            models[kind[0]] = used.plus(models.get(kind[0]))
        return Row(
            self.key,
            self.starts_at,
            self.ends_at,
            sum(each[5] for each in self._parts.values()),
            _in_order(models),
            tuple(sorted(unpriced)),
            self.project,
            self.block,
        )


def _in_order(models: dict[str, Used]) -> dict[str, Used]:
    """Return models in the order of what they cost."""
    return dict(sorted(models.items(), key=lambda each: (*each[1].rank, each[0])))


def rows(
    amounts: Iterable[Amount], by: str, time_zone: str = "", known: Iterable[Block] = ()
) -> list[Row]:
    """Return a row for each day, model, ...: for each that something was used of.

    ``time_zone`` is an IANA name, "" for the process's own; ``known`` are the five-hour windows
    that were seen. Models and projects come with what cost most first, all else in order of time.
    """
    given = amounts if isinstance(amounts, Sequence) else list(amounts)
    sums: dict[object, _Sum] = {}
    if by in PERIODS:
        _by_period(given, by, time_zone, sums)
    elif by == "block":
        _by_block(given, known, time_zone, sums)
    else:
        _by_name(given, by, sums)
    found = [each.row() for each in sums.values()]
    if by in _BY_NAME:
        return sorted(found, key=lambda row: (*row.used.rank, row.key))
    return sorted(found, key=lambda row: (row.starts_at, row.key))


def _by_period(
    amounts: Sequence[Amount], by: str, time_zone: str, sums: dict[object, _Sum]
) -> None:
    with Calendar(time_zone) as calendar:
        begin = end = 0
        for each in amounts:
            if not begin <= each.at_s < end:  # neighbours are mostly of the same one
                begin, end = calendar.of(by, each.at_s)
            if begin not in sums:
                day = calendar.date(begin).isoformat()
                sums[begin] = _Sum(day[:7] if by == "month" else day, begin, end)
            sums[begin].add(each)


def _by_block(
    amounts: Sequence[Amount],
    known: Iterable[Block],
    time_zone: str,
    sums: dict[object, _Sum],
) -> None:
    blocks = assigned({each.at_s for each in amounts}, known)
    with Calendar(time_zone) as calendar:
        for each in amounts:
            block = blocks[each.at_s]
            if block not in sums:
                key = calendar.minute(block.starts_at)
                sums[block] = _Sum(key, block.starts_at, block.ends_at, block)
            sums[block].add(each)


def _by_name(amounts: Sequence[Amount], by: str, sums: dict[object, _Sum]) -> None:
    name: Callable[[Amount], str] = _NAMES[by]
    for each in amounts:
        key = name(each)
        made = sums.get(key)
        if made is None:
            made = sums[key] = _Sum(key, each.at_s, each.at_s + SLOT_S)
        made.starts_at = min(made.starts_at, each.at_s)
        made.ends_at = max(made.ends_at, each.at_s + SLOT_S)
        if by == "session":
            made.project = each.project
        made.add(each)


_NAMES: dict[str, Callable[[Amount], str]] = {
    "model": lambda each: each.model,
    "project": lambda each: each.project,
    "session": lambda each: each.session,
}


def total(found: Iterable[Row]) -> Row:
    """Return all rows in one."""
    models: dict[str, Used] = {}
    unpriced: set[str] = set()
    given = list(found)
    for row in given:
        unpriced.update(row.unpriced)
        for model, used in row.models.items():
            models[model] = used.plus(models.get(model))
    return Row(
        "total",
        min((row.starts_at for row in given), default=0),
        max((row.ends_at for row in given), default=0),
        sum(row.responses for row in given),
        _in_order(models),
        tuple(sorted(unpriced)),
    )


def shares(found: Sequence[Row]) -> list[float]:
    """Return which share (0 to 1) of all of them together each row has.

    By cost where the price of everything is known, else by tokens.
    """
    by_cost = is_by_cost(found)
    weights = [weight(row.used, by_cost=by_cost) for row in found]
    whole = sum(weights)
    return [each / whole if whole else 0.0 for each in weights]


def is_by_cost(found: Iterable[Row]) -> bool:
    """Tell whether rows can be compared by what they cost."""
    return not any(row.unpriced for row in found)


def weight(used: Used, *, by_cost: bool) -> float:
    """Return what something weighs beside other things."""
    return (used.usd or 0.0) if by_cost else float(used.tokens.total)
