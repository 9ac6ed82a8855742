"""What tokens cost by Anthropic's list prices: an estimate, from a table with a date.

The sources are in docs/tokens.md. A model that the table does not know has no cost.
"""

from __future__ import annotations

import datetime
import functools
import re
from typing import NamedTuple

from statusline.tokens.counts import Tokens

#: When the table was last compared with its sources.
AS_OF = "2026-11-21"
#: Prices are those of so many tokens.
_UNIT = 1_000_000


class Price(NamedTuple):
    """USD for a million tokens of each kind, in the order of ``Tokens``."""

    input: float
    output: float
    write_5m: float
    write_1h: float
    read: float


class Prices(NamedTuple):
    """The prices of one model from ``since`` (day in UTC) on.

    ``fast`` is that of fast mode, ``long`` that of prompts of more than ``counts.LONG_PROMPT``
    tokens; ``None`` where the model has no such mode, or no such price of its own.
    """

    normal: Price
    fast: Price | None = None
    long: Price | None = None
    since: str = "2024-01-01"


#: What decides on a price: the model, the day (since 1970, UTC), whether it was fast mode, and
#: whether the prompts were long.
Kind = tuple[str, int, bool, bool]

_OPUS = Price(5, 25, 6.25, 10, 0.5)
_OLD_OPUS = Price(15, 75, 18.75, 30, 1.5)
_TWICE = Price(10, 50, 12.5, 20, 1)
_SIXFOLD = Price(30, 150, 37.5, 60, 3)
_SONNET = Price(3, 15, 3.75, 6, 0.3)
_SONNET_5 = Price(2, 10, 2.5, 4, 0.2)
_FABLE_5_1 = Price(10, 50, 12.5, 20, 0.25)
_FABLE_5_2 = Price(8, 40, 10, 16, 0.2)
_FABLE_FAST = Price(16, 80, 20, 32, 0.4)

#: Model without date -> its prices, the newest first.
TABLE: dict[str, tuple[Prices, ...]] = {
    "claude-fable-5-2": (Prices(_FABLE_5_2, fast=_FABLE_FAST),),
    "claude-fable-5-1": (Prices(_FABLE_5_1),),
    "claude-fable-5": (Prices(_TWICE),),
    "claude-mythos-5-2": (Prices(_FABLE_5_2, fast=_FABLE_FAST),),
    "claude-mythos-5-1": (Prices(_FABLE_5_1),),
    "claude-mythos-5": (Prices(_TWICE),),
    "claude-opus-5-5": (Prices(Price(4, 20, 5, 8, 0.2), fast=Price(8, 40, 10, 16, 0.4)),),
    "claude-opus-5": (Prices(_OPUS, fast=_TWICE),),
    "claude-opus-4-8": (Prices(_OPUS, fast=_TWICE),),
    "claude-opus-4-7": (Prices(_OPUS, fast=_SIXFOLD),),
    "claude-opus-4-6": (Prices(_OPUS, fast=_SIXFOLD),),
    "claude-opus-4-5": (Prices(_OPUS),),
    "claude-opus-4-1": (Prices(_OLD_OPUS),),
    "claude-opus-4": (Prices(_OLD_OPUS),),
    "claude-sonnet-5-5": (
        Prices(_SONNET_5._replace(read=0.1), since="2026-10-07"),
        Prices(_SONNET_5),
    ),
    "claude-sonnet-5": (Prices(_SONNET_5),),
    "claude-sonnet-4-6": (Prices(_SONNET),),
    "claude-sonnet-4-5": (Prices(_SONNET),),
    "claude-sonnet-4": (Prices(_SONNET),),
    "claude-3-7-sonnet": (Prices(_SONNET),),
    "claude-3-5-sonnet": (Prices(_SONNET),),
    "claude-haiku-5-5": (
        Prices(Price(0.1, 0.5, 0.125, 0.2, 0.01), long=Price(0.5, 2.5, 0.625, 1, 0.05)),
    ),
    "claude-haiku-4-5": (Prices(Price(1, 5, 1.25, 2, 0.1)),),
    "claude-3-5-haiku": (Prices(Price(0.8, 4, 1, 1.6, 0.08)),),
}
#: A model as Anthropic, Bedrock and Vertex call it: region, name, date, version, context.
_NAME = re.compile(
    r"(?:(?:[a-z-]+\.)?anthropic[./])?(claude-[a-z0-9-]+?)(?:-0)?"
    r"(?:[-@]20\d{6})?(?:-v\d(?::\d)?)?(?:\[1m\])?"
)
_EPOCH = datetime.date(1970, 1, 1).toordinal()


@functools.cache
def base(model: str) -> str:
    """Return a model's name without date, region and version; "" where it is none of Claude's."""
    found = _NAME.fullmatch(model)
    return "" if found is None else found[1]


@functools.cache
def of(kind: Kind) -> Price | None:
    """Return what a model costs on a day, ``None`` where nobody said."""
    model, day, is_fast, is_long = kind
    then = datetime.date.fromordinal(_EPOCH + day).isoformat()
    for each in TABLE.get(base(model), ()):
        if each.since <= then:
            if is_fast:
                return each.fast
            return each.long if is_long and each.long is not None else each.normal
    return None


def usd(tokens: Tokens, price: Price) -> float:
    """Return what so many tokens cost at a price, in USD."""
    return sum(count * each for count, each in zip(tokens, price, strict=True)) / _UNIT


def name(kind: Kind) -> str:
    """Return what something without a price is called."""
    return f"{kind[0]} (fast)" if kind[2] else kind[0]
