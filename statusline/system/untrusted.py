"""Values from outside: each number, time and object passes here before anything else sees it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: The last second of the year 9999: later ones cannot be shown as a date.
MAX_EPOCH_S = 253_402_300_799


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
    if real is None or real < 1:  # nor is a part of the first second: rounded it would be none
        return None
    if real > MAX_EPOCH_S:  # of no year that can be written: it must be milliseconds, from 1978 on
        real /= 1000
    return real if real <= MAX_EPOCH_S else None


def _iso_timestamp(text: str) -> float | None:
    from datetime import UTC, datetime  # a prompt comes here only for what Antigravity tells

    if not 16 <= len(text) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if 1 <= seconds <= MAX_EPOCH_S else None


def mapping(value: object) -> Mapping[str, object]:
    """Return ``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}
