"""What is said of a running window: how fast it is used, and where that leads.

Made by the refresher from the history, read by a render: a plain class with slots, as its
neighbours are.
"""

from __future__ import annotations

from statusline.system.text import clean
from statusline.system.untrusted import number, timestamp
from statusline.usage.observation import instant, same_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.usage.observation import Observation

#: A forecast is made anew whenever the cache is written, which is due every 5 minutes; one that
#: nobody could renew is not told for longer than this.
LASTS_S = 15 * 60
#: More than this, in per cent, is no forecast; also the highest pace, which is a ratio.
MAX_PROJECTED_PCT = MAX_PACE = 10_000.0


class Forecast:
    """A forecast of one run of a window, the one that ends at ``resets_at``.

    Moments are epoch seconds, ``made_at`` the one that it was made at. ``pace`` is the used share
    over the elapsed share: 1 is a window that will just be used up at its reset.
    ``projected_pct`` is the use at the reset, and may exceed 100; ``low_pct`` and ``high_pct``
    are the range around it in which four of five such windows end, both ``None`` until enough of
    them are known. ``full_at`` is when 100 % is reached, ``None`` where that is not before the
    reset; ``full_from`` and ``full_to`` are the range around it: neither without ``full_at``, and
    the later one is ``None`` too where it may as well not happen.
    """

    __slots__ = (
        *("full_at", "full_from", "full_to", "high_pct", "low_pct", "made_at", "pace"),
        *("projected_pct", "resets_at", "window"),
    )

    def __init__(
        self,
        window: str,
        resets_at: int,
        made_at: float,
        pace: float,
        projected_pct: float,
        range_pct: tuple[float, float] | None = None,
        full: tuple[float, float | None, float | None] | None = None,
    ) -> None:
        """Take the range as (low, high), ``full`` as (at, from, to)."""
        self.window = window
        self.resets_at = resets_at
        self.made_at = made_at
        self.pace = pace
        self.projected_pct = projected_pct
        self.low_pct: float | None
        self.high_pct: float | None
        self.full_at: float | None
        self.full_from: float | None
        self.full_to: float | None
        self.low_pct, self.high_pct = range_pct or (None, None)
        self.full_at, self.full_from, self.full_to = full or (None, None, None)

    def _key(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Forecast) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Forecast({self.window!r}, {self.to_json()})"

    @property
    def stale_at(self) -> float:
        """From when on it is too old to be told (epoch s)."""
        return self.made_at + LASTS_S

    def is_about(self, seen: Observation) -> bool:
        """Tell whether this speaks of the very run of the window that was observed."""
        return (
            seen.window == self.window
            and seen.resets_at is not None
            and same_reset(seen.resets_at, self.resets_at)
        )

    def to_json(self) -> dict[str, object]:
        """Return the forecast as it stands in ``usage.json``."""
        return {
            "resets_at": self.resets_at,
            "made_at": self.made_at,
            "pace": self.pace,
            "projected_pct": self.projected_pct,
            "low_pct": self.low_pct,
            "high_pct": self.high_pct,
            "full_at": self.full_at,
            "full_from": self.full_from,
            "full_to": self.full_to,
        }

    @classmethod
    def from_json(cls, window: str, value: object) -> Forecast | None:
        """Return the forecast that ``to_json`` wrote, or ``None`` for anything unsound.

        A range that is unsound costs only itself.
        """
        window = clean(window, 40)
        if not isinstance(value, dict) or not window:
            return None
        resets_at, made_at = instant(value.get("resets_at")), timestamp(value.get("made_at"))
        pace = _within(value.get("pace"), MAX_PACE)
        projected_pct = _within(value.get("projected_pct"), MAX_PROJECTED_PCT)
        if resets_at is None or made_at is None or pace is None or projected_pct is None:
            return None
        around = _range_pct(value, projected_pct)
        return cls(window, resets_at, made_at, pace, projected_pct, around, _full(value, resets_at))


def _within(value: object, highest: float) -> float | None:
    found = number(value)
    return found if found is not None and 0 <= found <= highest else None


def _range_pct(value: dict[str, object], projected_pct: float) -> tuple[float, float] | None:
    low_pct = _within(value.get("low_pct"), projected_pct)
    high_pct = _within(value.get("high_pct"), MAX_PROJECTED_PCT)
    if low_pct is None or high_pct is None or high_pct < projected_pct:
        return None
    return low_pct, high_pct


def _full(
    value: dict[str, object], resets_at: int
) -> tuple[float, float | None, float | None] | None:
    at, since, until = (timestamp(value.get(f"full_{name}")) for name in ("at", "from", "to"))
    if at is None or at > resets_at:
        return None
    return (
        at,
        since if since is not None and since <= at else None,
        until if until is not None and at <= until <= resets_at else None,
    )
