"""What the schedule of requests wants to know of the windows: did they move, when do they reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.segment.values import is_reset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from statusline.usage.observation import Observation


def differ(before: dict[str, Observation], after: dict[str, Observation]) -> bool:
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
