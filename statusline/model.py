"""What is known about a plan's usage, and the only place that validates values from outside.

Numbers, times and text reach this project from the network, from files and from stdin; each
passes through a function here before anything else sees it. On the way to a segment: plain
classes with slots, since dataclasses or typing would cost more than all the work.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: The version of ``usage.json`` that this program writes.
SCHEMA = 1

HOUR_S = 3600
DAY_S = 24 * HOUR_S

#: How far ahead a reset can lie when it arrives: one window and some slack.
HORIZON_S = {"five_hour": 6 * HOUR_S, "spend_limit": 32 * DAY_S}
DEFAULT_HORIZON_S = 8 * DAY_S
#: Resets this close to each other are one window's: sources differ by how they round, and the
#: API's own resets jitter between calls.
RESET_JITTER_S = 60
#: Use above this cannot be true (docs/claude-code.md 4.2 tells of scripts that mixed two scales).
MAX_UTILIZATION_PCT = 1000.0
#: The last second of the year 9999: later ones cannot be shown as a date.
MAX_EPOCH_S = 253_402_300_799

#: Sources, in the order in which they are merged at the same moment.
SOURCES = ("api", "claude_json", "stdin")


def number(value: object) -> float | None:
    """Return a finite number, or ``None``: a bool, a string, NaN and infinity are unknown."""
    if type(value) is not float and type(value) is not int:
        return None
    try:
        real = float(value)
    except OverflowError:
        return None
    return real if real - real == 0.0 else None


def timestamp(value: object) -> float | None:
    """Return seconds since 1970 from seconds, milliseconds or ISO 8601 text, else ``None``."""
    if isinstance(value, str):
        return _iso_timestamp(value)
    real = number(value)
    if real is None or real <= 0:
        return None
    if real > 1e11:  # 1e11 s is the year 5138, 1e11 ms is 1973: it must be milliseconds
        real /= 1000
    return real if real <= MAX_EPOCH_S else None


def _iso_timestamp(text: str) -> float | None:
    from datetime import (
        UTC,  # a prompt never comes here
        datetime,
    )

    if not 16 <= len(text) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds <= MAX_EPOCH_S else None


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


def clean(text: object, limit: int = 24) -> str:
    """Return text from outside as at most ``limit`` harmless cells, "" for what is no text.

    Only letters, digits and a few signs that no shell, terminal or tmux interprets pass, all
    of them one cell wide (P3, S01-S04, S07-S09). Right-to-left letters are left out:
    they would reorder their neighbours.
    """
    if not isinstance(text, str):
        return ""
    kept = [
        char
        for char in text[: limit * 4]
        if (char in " .,:+-_/()" or char.isalnum()) and ord(char) < 0x0590
    ]
    return " ".join("".join(kept).split())[:limit]


def is_shown(char: str) -> bool:
    """Tell whether a character is one that a terminal draws.

    The private use areas count: the icons of the patched fonts that prompts use are there.
    """
    if char.isprintable() or "\ue000" <= char <= "\uf8ff":
        return True
    return char >= "\U000f0000" and ord(char) & 0xFFFE != 0xFFFE  # the last two are no characters


class Observation:
    """One window's use as one source saw it at one moment.

    ``utilization_pct`` is the used share in per cent (may exceed 100), ``resets_at`` and
    ``observed_at`` are epoch seconds; ``resets_at`` is ``None`` while no window is running, or
    where the reset is unknown. ``proven_since`` says of an observation on its way in that its
    session got a new answer of the API, at that moment (epoch s) or later (``statement``); it is
    not kept.
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
    def from_json(cls, window: str, value: object) -> Observation | None:
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
        if not 0 <= utilization_pct <= MAX_UTILIZATION_PCT or source not in SOURCES:
            return None
        resets_at = instant(value.get("resets_at"))
        if resets_at is None and value.get("resets_at") is not None:
            return None
        return cls(window, label, utilization_pct, resets_at, observed_at, source)


def believable_reset(window: str, resets_at: int | None, now: float) -> int | None:
    """Return a reset that lies ahead of ``now`` and within reach of its window, else ``None``."""
    if resets_at is None:
        return None
    horizon_s = HORIZON_S.get(window, DEFAULT_HORIZON_S)
    return resets_at if now < resets_at <= now + horizon_s else None


def plausible(observation: Observation, now: float) -> bool:
    """Tell whether an observation can be true at the moment it arrives."""
    if not 0 <= observation.utilization_pct <= MAX_UTILIZATION_PCT:
        return False
    resets_at = observation.resets_at
    if resets_at is None:
        return True
    return now < resets_at <= now + HORIZON_S.get(observation.window, DEFAULT_HORIZON_S)


def mapping(value: object) -> Mapping[str, object]:
    """Return ``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}
