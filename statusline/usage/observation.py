"""What one source saw of one window at one moment.

On the way to a segment: plain classes with slots, since dataclasses or typing would cost more
than all the work.
"""

from __future__ import annotations

from statusline.system.text import clean
from statusline.system.untrusted import number, timestamp

HOUR_S = 3600
DAY_S = 24 * HOUR_S

#: How far ahead a reset can lie when it arrives: one window and some slack. Those of other agents
#: are named ``codex.five_hour``, ``antigravity.five_hour_3p`` where there are several of a length,
#: or ``codex.43200m`` for any other number of minutes.
HORIZON_S = {"five_hour": 6 * HOUR_S, "spend_limit": 32 * DAY_S}
DEFAULT_HORIZON_S = 8 * DAY_S
#: Resets this close to each other are one window's: sources differ by how they round, and the
#: API's own resets jitter between calls.
RESET_JITTER_S = 60
#: Use above this cannot be true (docs/claude-code.md 4.2 tells of scripts that mixed two scales).
MAX_UTILIZATION_PCT = 1000.0
#: A length of more digits than this, in minutes, is none.
MAX_DIGITS = 9
#: Sources, in the order in which they are merged at the same moment.
SOURCES = ("api", "claude_json", "stdin")


def horizon_s(window: str) -> float:
    """Return how far ahead the reset of a window can lie, in seconds."""
    agent, dot, own = window.partition(".")
    if not dot or ":" in agent:
        return HORIZON_S.get(window, DEFAULT_HORIZON_S)
    length_s = told_length_s(own)
    if length_s is not None:
        return length_s + HOUR_S
    return HORIZON_S["five_hour"] if own.startswith("five_hour") else DEFAULT_HORIZON_S


def told_length_s(name: str) -> int | None:
    """Return how long a window runs whose name is a number of minutes, as in ``90m``."""
    minutes = name.removesuffix("m")
    is_number = minutes.isascii() and minutes.isdigit() and len(minutes) <= MAX_DIGITS
    return int(minutes) * 60 if is_number and minutes != name else None


def instant(value: object) -> int | None:
    """Return a reset time in whole epoch seconds, or ``None``.

    Rounded no further: to the minute, the last half of one would be missing from a window.
    Whether two resets are one window's is for ``same_reset`` to say.
    """
    moment = timestamp(value)
    return None if moment is None else int(moment + 0.5)


def same_reset(one: int, other: int) -> bool:
    """Tell whether two resets are the same one, told by different calls or sources."""
    return abs(one - other) <= RESET_JITTER_S


class Observation:
    """One window's use as one source saw it at one moment.

    ``utilization_pct`` is the used share in per cent (may exceed 100), ``resets_at`` and
    ``observed_at`` are epoch seconds; ``resets_at`` is ``None`` while no window is running, or
    where the reset is unknown. ``proven_since`` says of an observation on its way in that its
    session got a new answer of the API, at that moment (epoch s) or later; ``rate_limits`` says
    so, and it is not kept.
    """

    __slots__ = (
        *("label", "observed_at", "proven_since", "resets_at", "source", "utilization_pct"),
        "window",
    )

    def __init__(
        self,
        window: str,
        label: str,
        utilization_pct: float,
        resets_at: int | None,
        observed_at: float,
        source: str,
        *,
        proven_since: float | None = None,
    ) -> None:
        self.proven_since = proven_since
        self.window = window
        self.label = label
        self.utilization_pct = utilization_pct
        self.resets_at = resets_at
        self.observed_at = observed_at
        self.source = source

    def _key(self) -> tuple[object, ...]:
        return (
            *(self.window, self.label, self.utilization_pct),
            *(self.resets_at, self.observed_at, self.source),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Observation) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Observation{self._key()}"

    def to_json(self) -> dict[str, object]:
        """Return the observation as it stands in ``usage.json``."""
        return {
            "label": self.label,
            "utilization_pct": self.utilization_pct,
            "resets_at": self.resets_at,
            "observed_at": self.observed_at,
            "source": self.source,
        }

    @classmethod
    def from_json(
        cls, window: str, value: object, sources: tuple[str, ...] = SOURCES
    ) -> Observation | None:
        """Return the observation that ``to_json`` wrote, or ``None`` for anything unsound."""
        if not isinstance(value, dict):
            return None
        utilization_pct = number(value.get("utilization_pct"))
        observed_at = timestamp(value.get("observed_at"))
        source = value.get("source")
        label = clean(value.get("label"))
        window = clean(window, 40)
        if utilization_pct is None or observed_at is None or not window or not label:
            return None
        if not 0 <= utilization_pct <= MAX_UTILIZATION_PCT or source not in sources:
            return None
        resets_at = instant(value.get("resets_at"))
        if resets_at is None and value.get("resets_at") is not None:
            return None
        return cls(window, label, utilization_pct, resets_at, observed_at, source)


def is_reset(seen: Observation, now: float) -> bool:
    """Tell whether a window's reset has passed, so that its number is no longer true."""
    return seen.resets_at is not None and seen.resets_at <= now


def believable_reset(window: str, resets_at: int | None, now: float) -> int | None:
    """Return a reset that lies ahead of ``now`` and within reach of its window, else ``None``."""
    if resets_at is None:
        return None
    return resets_at if now < resets_at <= now + horizon_s(window) else None


def plausible(observation: Observation, now: float) -> bool:
    """Tell whether an observation can be true at the moment it arrives."""
    if not 0 <= observation.utilization_pct <= MAX_UTILIZATION_PCT:
        return False
    reset = observation.resets_at
    return reset is None or believable_reset(observation.window, reset, now) is not None
