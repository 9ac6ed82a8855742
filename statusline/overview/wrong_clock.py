"""A clock that cannot be right: what tells, what its user does, and which waits to believe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.segment.clock_time import clock_time
from statusline.segment.humanize import duration
from statusline.segment.view import View
from statusline.system.clock import TOLERANCE_S
from statusline.system.errors import Problem
from statusline.usage.observation import DAY_S

if TYPE_CHECKING:
    from statusline.settings.settings import Settings
    from statusline.usage.snapshot import Snapshot

#: 2026-01-01: nothing of this program is older.
EARLIEST_S = 1_767_225_600
#: The longest login is one of a year.
LONGEST_LOGIN_S = 400 * DAY_S
FIX = "Set the date and time if they are wrong, then run `statusline refresh`."


def problem(snapshot: Snapshot | None, settings: Settings, now: float) -> Problem | None:
    """Return what is wrong with a clock that says ``now``, ``None`` where nothing seems to be.

    It was set back behind the cache, or it is older than this program.
    """
    ahead_s = 0.0 if snapshot is None else snapshot.written_at - now
    if ahead_s <= TOLERANCE_S and now >= EARLIEST_S:
        return None
    # Both with their year: the day's own date is left out otherwise.
    says = clock_time(now, View(snapshot, None, settings, now + 400 * DAY_S))
    if ahead_s <= TOLERANCE_S:
        return Problem(f"This machine's clock says {says}.", FIX)
    behind = f"{duration(ahead_s)} behind the cache"
    return Problem(f"This machine's clock says {says}, which is {behind}.", FIX)


def allowed_in_s(snapshot: Snapshot, now: float) -> float | None:
    """Return the seconds until the API may be asked, ``None`` where nobody knows.

    Never more than they were when they were counted: a clock set back makes no wait longer.
    """
    allowed_at = snapshot.next_allowed_at
    if allowed_at is None:
        return None
    counted_s = allowed_at - snapshot.written_at
    return max(0.0, min(allowed_at - now, counted_s))


def login_left_s(expires_at: float, now: float) -> float | None:
    """Return for how long a login is good, below 0 once it was; ``None`` where that is absurd."""
    left_s = expires_at - now
    return left_s if left_s <= LONGEST_LOGIN_S else None
