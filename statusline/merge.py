"""Three sources, one merge: pure, free of list order, idempotent.

What the API answered later always replaces what was known, also with an earlier reset:
organizations are switched, and limits are reset by the provider. Claude Code's stdin is ordered
against what is known, since sessions repeat old numbers from memory.
"""

from __future__ import annotations

from statusline.model import SOURCES, Observation, same_reset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


#: An answer may be read this much later than it was given, and has used up little meanwhile: a
#: smaller fall, sooner after another source has spoken, is an answer that came before that.
OVERTAKEN_S, OVERTAKEN_PCT = 60.0, 3.0


def merge(
    windows: Mapping[str, Observation], observations: Iterable[Observation]
) -> dict[str, Observation]:
    """Return ``windows`` brought up to date by one batch of observations.

    Per window, and only by what was observed later than what is known: the API (or Claude Code's
    copy of its answer) replaces; from stdin a later reset wins, and within one window a higher
    number, or any number whose session has just had a new answer.
    """
    merged = dict(windows)
    for new in sorted(observations, key=_order):
        old = merged.get(new.window)
        if old is None or _supersedes(new, old):
            merged[new.window] = new
    return merged


def _order(seen: Observation) -> tuple[float, int, str, bool, int, float, str]:
    """Return a total order, so that two lists of the same observations merge alike.

    Of what was observed at one moment the first in this order counts: the API before stdin.
    """
    return (
        seen.observed_at,
        SOURCES.index(seen.source),
        seen.window,
        not seen.is_proven,
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
    fall_pct = old.utilization_pct - new.utilization_pct
    if fall_pct < 0:
        return True
    # A fall within one window is news only with a new answer behind it: a banked reset was used.
    is_overtaken = 0 < fall_pct < OVERTAKEN_PCT and new.observed_at - old.observed_at < OVERTAKEN_S
    return new.is_proven and not is_overtaken
