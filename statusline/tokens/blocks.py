"""Five-hour windows that tokens belong to: the true ones where they are known, else estimates."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from typing import NamedTuple

from statusline.tokens.counts import SLOT_S
from statusline.usage.observation import HOUR_S

LENGTH_S = 5 * HOUR_S
#: After every moment.
_END = 1 << 62


class Block(NamedTuple):
    """One five-hour window, from its start to its end (epoch s).

    ``used_pct`` is what was seen of its use, ``None`` for an estimate: a window that nobody saw,
    taken to begin with the hour (UTC) of the first response in it.
    """

    starts_at: int
    ends_at: int
    used_pct: float | None = None

    @property
    def is_estimate(self) -> bool:
        """Whether nobody saw this window."""
        return self.used_pct is None


def assigned(slots: Iterable[int], known: Iterable[Block]) -> dict[int, Block]:
    """Return the block of each slot (its start, epoch s) in which something was used.

    ``known`` blocks where there are such. No two overlap: an estimate begins where the known one
    before it ends at the earliest, and ends where the next one begins at the latest.
    """
    order = sorted(known)
    found: dict[int, Block] = {}
    last = Block(0, 0)
    for at_s in sorted(slots):
        seen, before_s, after_s = _around(at_s, order)
        if seen is not None:
            last = seen
        elif not last.starts_at <= at_s < last.ends_at:
            begin = max(at_s // HOUR_S * HOUR_S, before_s, last.ends_at)
            last = Block(begin, min(begin + LENGTH_S, after_s))
        found[at_s] = last
    return found


def _around(at_s: int, known: list[Block]) -> tuple[Block | None, int, int]:
    """Return the known block of a slot, the end of the one before and the start of the next."""
    place = bisect.bisect_right(known, (at_s + SLOT_S - 1, _END))
    near = known[max(place - 2, 0) : place]
    seen = next((each for each in near if at_s < each.ends_at), None)
    before_s = max((each.ends_at for each in near if each.ends_at <= at_s), default=0)
    return seen, before_s, known[place].starts_at if place < len(known) else _END
