"""Three sources, one merge (design.md section 2): pure, free of list order, idempotent."""

from __future__ import annotations

from statusline.model import (
    SOURCES,
    Observation,
    clean,
    instant,
    mapping,
    number,
    plausible,
    timestamp,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What Claude Code calls the two windows on its stdin, and what people call them.
STDIN_WINDOWS = (("five_hour", "5h"), ("seven_day", "7d"))


def merge(
    windows: Mapping[str, Observation], observations: Iterable[Observation]
) -> dict[str, Observation]:
    """Return ``windows`` brought up to date by one batch of observations.

    Per window: a later reset wins; within one window stdin may only raise, and an answer of
    the API (or Claude Code's copy of one) that was observed later replaces.
    """
    merged = dict(windows)
    for new in sorted(observations, key=_order):
        old = merged.get(new.window)
        if old is None or _supersedes(new, old):
            merged[new.window] = new
    return merged


def _order(seen: Observation) -> tuple[float, int, int, float, str]:
    """Return a total order, so that two lists of the same observations merge alike."""
    return (
        seen.observed_at,
        SOURCES.index(seen.source),
        seen.resets_at or 0,
        seen.utilization_pct,
        seen.label,
    )


def _supersedes(new: Observation, old: Observation) -> bool:
    later = new.observed_at > old.observed_at
    if new.resets_at is None or old.resets_at is None:
        # "No window is running" has no reset to compare; the later word counts. Stdin never
        # says it, so it cannot end a window that the API knows of.
        if new.resets_at is None and old.resets_at is not None and new.source == "stdin":
            return False
        return later
    if new.resets_at != old.resets_at:
        return new.resets_at > old.resets_at
    if new.source == "stdin":
        # Equal use seen later confirms; lower use comes from a session that has been idle.
        return later and new.utilization_pct >= old.utilization_pct
    return later


def words_of(limits: object) -> dict[str, object]:
    """Return what ``rate_limits`` says, ``{window: [used_pct, resets_at]}``, of any input.

    ``limits`` is what Claude Code put on stdin (contract.md 1.7). The result is comparable, and
    what is kept per session to recognise a repeat.
    """
    words: dict[str, object] = {}
    for window, _label in STDIN_WINDOWS:
        bucket = mapping(mapping(limits).get(window))
        utilization_pct = number(bucket.get("used_percentage"))
        if utilization_pct is not None:
            words[window] = [utilization_pct, timestamp(bucket.get("resets_at"))]
    return words


def from_words(words: object, seen_at: float) -> tuple[list[Observation], int]:
    """Return the observations in what ``words_of`` made, and how many were impossible."""
    found, dropped = [], 0
    given = mapping(words)
    for window, label in STDIN_WINDOWS:
        pair = given.get(window)
        if not isinstance(pair, list) or len(pair) != 2:
            continue
        utilization_pct, resets_at = number(pair[0]), instant(pair[1])
        if utilization_pct is None or resets_at is None:
            dropped += 1
            continue
        seen = Observation(window, label, utilization_pct, resets_at, seen_at, "stdin")
        if plausible(seen, seen_at):
            found.append(seen)
        else:
            dropped += 1
    return found, dropped


def session_key(session_id: object) -> str:
    """Return the name under which a session's last words are kept, "" for none."""
    return clean(session_id, 36)
