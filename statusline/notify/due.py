"""What is to be said now: of windows, forecasts, and what was said before; pure.

A run of a window is told by its reset, as everywhere; a fall before the reset, by a banked reset,
lets the same things be said again once use has risen. Old numbers say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.notify import notice
from statusline.notify.told import Run
from statusline.system.clock import TOLERANCE_S
from statusline.usage.observation import HOUR_S, is_reset

if TYPE_CHECKING:
    from statusline.notify.notice import Notice
    from statusline.notify.told import Windows
    from statusline.settings.notifications import Notifications
    from statusline.usage.forecast import Forecast
    from statusline.usage.observation import Observation
    from statusline.usage.snapshot import Snapshot

#: Numbers and forecasts that are older say nothing, as those that a segment shows with their age.
OLD_S = 600.0
#: Use that falls by more than this below what was said is no rounding: a limit was reset.
FALL_PCT = 5.0
#: That a window has reset is news for so long.
NEWS_S = HOUR_S


def due(said: Windows, snapshot: Snapshot, wanted: Notifications, now: float) -> list[Notice]:
    """Return what is to be said at ``now`` (epoch s), and note in ``said`` that it was."""
    notices = _resets(said, snapshot, wanted, now)
    for window, seen in snapshot.windows.items():
        if not _is_fresh(seen, now):
            continue
        runs = said.setdefault(window, [])
        run = next((each for each in reversed(runs) if each.is_about(seen)), None)
        is_new = run is None
        run = run or Run(seen.label, seen.resets_at)
        run.resets_at = seen.resets_at
        notices += _of_run(run, seen, snapshot.forecasts.get(window), wanted, now)
        if is_new and run.is_worth_keeping:
            runs.append(run)
    return notices


def _is_fresh(seen: Observation, now: float) -> bool:
    """Tell whether a number is true now: neither old, nor reset, nor from the future."""
    return not is_reset(seen, now) and -TOLERANCE_S <= now - seen.observed_at < OLD_S


def _of_run(
    run: Run, seen: Observation, forecast: Forecast | None, wanted: Notifications, now: float
) -> list[Notice]:
    """Return what the present number of a run is worth saying."""
    notices = _after_fall(run, seen, wanted)
    used_pct = seen.utilization_pct
    crossed_pct = max((pct for pct in wanted.at if used_pct >= pct), default=0.0)
    full_at = _full_at(forecast, seen, now) if wanted.forecast else None
    if run.forecast_pct is not None:
        full_at = None
    if crossed_pct > run.threshold_pct:
        notices.append(notice.threshold(seen, now, crossed_pct, full_at))
        run.threshold_pct = crossed_pct
    elif full_at is not None:
        notices.append(notice.forecast(seen, now, full_at))
    if full_at is not None:
        run.forecast_pct = used_pct
    run.is_used_up = run.is_used_up or (used_pct >= notice.FULL_PCT and not run.said_reset)
    return notices


def _after_fall(run: Run, seen: Observation, wanted: Notifications) -> list[Notice]:
    """Let what was said be said again where use has fallen; the fall itself is no threshold."""
    used_pct = seen.utilization_pct
    if used_pct < run.threshold_pct - FALL_PCT:
        run.threshold_pct = max((pct for pct in wanted.at if used_pct >= pct), default=0.0)
    if run.forecast_pct is not None and used_pct < run.forecast_pct - FALL_PCT:
        run.forecast_pct = None
    if run.is_used_up and used_pct < notice.FULL_PCT - FALL_PCT:
        run.is_used_up = False
        return [notice.reset(seen.window, seen.label)] if wanted.reset else []
    return []


def _full_at(forecast: Forecast | None, seen: Observation, now: float) -> float | None:
    """Return when a window will be full, ``None`` where that is not before its reset."""
    if forecast is None or not forecast.is_about(seen) or seen.resets_at is None:
        return None
    is_fresh = -TOLERANCE_S <= now - forecast.made_at < OLD_S
    full_at = forecast.full_at
    if full_at is None or not is_fresh or seen.utilization_pct >= notice.FULL_PCT:
        return None
    return full_at if full_at < seen.resets_at else None


def _resets(said: Windows, snapshot: Snapshot, wanted: Notifications, now: float) -> list[Notice]:
    """Return which windows that were used up have reset: by the clock, or by newer numbers."""
    found = []
    for window, runs in said.items():
        seen = snapshot.windows.get(window)
        for run in runs:
            if not run.is_used_up or not _is_over(run, seen, now):
                continue
            run.is_used_up, run.said_reset = False, True
            is_news = run.resets_at is None or now - run.resets_at < NEWS_S
            is_open = seen is None or run.is_about(seen) or seen.utilization_pct < notice.FULL_PCT
            if wanted.reset and is_news and is_open:
                found.append(notice.reset(window, run.label))
    return found


def _is_over(run: Run, seen: Observation | None, now: float) -> bool:
    if seen is not None and not run.is_about(seen):
        return _is_fresh(seen, now)
    return run.resets_at is not None and run.resets_at <= now
