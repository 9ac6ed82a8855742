"""Tokens counted in this machine's transcripts from a moment on: of a window, of today.

Made by the refresher where ``tokens = true``, read by a render: a plain class with slots, as its
neighbours are.
"""

from __future__ import annotations

from statusline.system.untrusted import number, timestamp

#: More than this is nonsense, in tokens and in USD.
MOST_TOKENS, MOST_USD = 10**15, 1e9


class TokenCount:
    """What was used from ``starts_at`` on, as counted at ``counted_at``, of a time to ``ends_at``.

    Moments are epoch seconds. ``tokens`` are of all kinds together; ``cost_usd`` is an estimate at
    list prices, ``None`` where the price of some of them is not known.
    """

    __slots__ = ("cost_usd", "counted_at", "ends_at", "starts_at", "tokens")

    def __init__(
        self,
        starts_at: float,
        ends_at: float,
        counted_at: float,
        tokens: int,
        cost_usd: float | None,
    ) -> None:
        self.starts_at = starts_at
        self.ends_at = ends_at
        self.counted_at = counted_at
        self.tokens = tokens
        self.cost_usd = cost_usd

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TokenCount) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.counted_at)

    def __repr__(self) -> str:
        return f"TokenCount({self.to_json()})"

    def to_json(self) -> dict[str, object]:
        """Return the count as it is written."""
        return {name: getattr(self, name) for name in sorted(self.__slots__)}

    @classmethod
    def from_json(cls, value: object) -> TokenCount | None:
        """Return the count that anything holds, or ``None``."""
        if not isinstance(value, dict):
            return None
        starts_at, ends_at, counted_at = (
            timestamp(value.get(name)) for name in ("starts_at", "ends_at", "counted_at")
        )
        tokens = value.get("tokens")
        cost_usd = number(value.get("cost_usd"))
        if starts_at is None or ends_at is None or counted_at is None:
            return None
        if type(tokens) is not int or not 0 <= tokens <= MOST_TOKENS:
            return None
        if cost_usd is not None and not 0 <= cost_usd <= MOST_USD:
            cost_usd = None
        return cls(starts_at, ends_at, counted_at, tokens, cost_usd)
