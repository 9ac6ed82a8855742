"""Windows and what is observed of them: three sources, one merge; pure functions.

The order of the list does not matter, and doing it twice changes nothing.

What the API answered later always replaces what was known, also with an earlier reset:
organizations are switched, and limits are reset by the provider. Claude Code's stdin is ordered
against what is known, since sessions repeat old numbers from memory.
"""

from __future__ import annotations

from statusline.usage.observation import SOURCES, Observation, is_reset, same_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Use from which a window is watched more closely.
NEAR_LIMIT_PCT = 90.0


def merge(
    windows: Mapping[str, Observation], observations: Iterable[Observation]
) -> dict[str, Observation]:
    """Return ``windows`` brought up to date by one batch of observations.

    Per window, and only by what was observed later than what is known: the API (or Claude Code's
    copy of its answer) replaces; from stdin a later reset wins, and within one window a higher
    number, or any number of an answer that came since what is known was observed.
    """
    merged = dict(windows)
    for new in sorted(observations, key=_order):
        old = merged.get(new.window)
        if old is None or _supersedes(new, old):
            merged[new.window] = new
    return merged


def _order(seen: Observation) -> tuple[float, int, str, float, int, float, str]:
    """Return a total order, so that two lists of the same observations merge alike.

    Of what was observed at one moment the first in this order counts: the API before stdin.
    """
    return (
        seen.observed_at,
        SOURCES.index(seen.source),
        seen.window,
        -(seen.proven_since or 0.0),
        -(seen.resets_at or 0),
        -seen.utilization_pct,
        seen.label,
    )


def _supersedes(new: Observation, old: Observation) -> bool:
    if new.observed_at <= old.observed_at:
        return False
    if new.source != "stdin":
        return True
    if new.resets_at is None or old.resets_at is None:
        # Stdin never says that no window is running: it cannot end one that is known.
        return old.resets_at is None
    if not same_reset(new.resets_at, old.resets_at):
        return new.resets_at > old.resets_at
    if new.utilization_pct > old.utilization_pct:
        return True
    # A fall within one window is news only with a new answer behind it: a banked reset was used.
    return new.proven_since is not None and new.proven_since >= old.observed_at


def has_moved(before: dict[str, Observation], after: dict[str, Observation]) -> bool:
    """Tell whether use has moved by what a person would see."""
    return any(
        name in before and abs(seen.utilization_pct - before[name].utilization_pct) >= 0.5
        for name, seen in after.items()
    )


def next_reset_s(windows: Iterable[Observation], now: float) -> float | None:
    """Return the seconds from ``now`` (epoch s) to the first reset that lies ahead."""
    ahead = [
        seen.resets_at - now
        for seen in windows
        if seen.resets_at is not None and not is_reset(seen, now)
    ]
    return min(ahead, default=None)


def near_limit(windows: Iterable[Observation]) -> bool:
    """Tell whether any window is close to its limit."""
    return any(seen.utilization_pct >= NEAR_LIMIT_PCT for seen in windows)
