"""What a refresher counts of the transcripts before it publishes, where ``tokens = true``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.tokens import blocks, index, report
from statusline.tokens.counts import SLOT_S
from statusline.tokens.periods import Calendar
from statusline.tokens.places import places
from statusline.tokens.scan import scan
from statusline.usage.observation import DAY_S, is_reset
from statusline.usage.token_count import TokenCount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from statusline.system.environ import Environment
    from statusline.tokens.counts import Amount
    from statusline.usage.snapshot import Snapshot

#: The numbers wait so long for the tokens, in seconds; what is left is read the next time.
WITHIN_S = 1.0
#: A window that nobody saw is found by what was used in so many seconds before.
PAST_S = 3 * DAY_S


def count(env: Environment, directory: str, snapshot: Snapshot, time_zone: str, now: float) -> str:
    """Set the snapshot's token counts; return a sentence for the log.

    Never raises: whatever is wrong with the transcripts, the numbers are published. What could not
    be counted again stays as it was, with the moment at which it was counted.
    """
    try:
        done = scan(places(env), directory, within_s=WITHIN_S)
        if not done.is_complete:
            return f"tokens: {done.read_bytes} bytes read, there are more"
        with index.reading(directory) as known:
            amounts = known.amounts(now - PAST_S)
        snapshot.token_counts = _counts(amounts, snapshot, time_zone, now)
    except Exception as error:  # noqa: BLE001  # costs the tokens, never the numbers
        return f"tokens: {type(error).__name__}"
    return f"tokens: {done.read_bytes} bytes read"


def _counts(
    amounts: Sequence[Amount], snapshot: Snapshot, time_zone: str, now: float
) -> dict[str, TokenCount]:
    with Calendar(time_zone) as calendar:
        spans = {"today": calendar.of("day", now)}
    block = _block(amounts, snapshot, now)
    if block is not None:
        spans["block"] = block
    return {name: _within(amounts, *span, now) for name, span in spans.items()}


def _block(amounts: Sequence[Amount], snapshot: Snapshot, now: float) -> tuple[int, int] | None:
    """Return the five-hour window that runs: as the API has it, else as the tokens tell it."""
    seen = snapshot.windows.get("five_hour")
    if seen is not None and seen.resets_at is not None and not is_reset(seen, now):
        return seen.resets_at - blocks.LENGTH_S, seen.resets_at
    found = blocks.assigned((each.at_s for each in amounts), ())
    last = found[max(found)] if found else None
    return None if last is None or now >= last.ends_at else (last.starts_at, last.ends_at)


def _within(amounts: Sequence[Amount], starts_at: int, ends_at: int, now: float) -> TokenCount:
    """Return what was used within a time, with the slot in which that begins (``blocks``)."""
    inside = [each for each in amounts if starts_at - SLOT_S < each.at_s < ends_at]
    row = report.total(report.rows(inside, "model"))
    cost_usd = None if row.unpriced else round(row.used.usd or 0.0, 4)
    return TokenCount(starts_at, ends_at, now, row.used.tokens.total, cost_usd)
