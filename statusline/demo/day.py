"""The day that the demo plays: how much is used at each hour, and what the API answers then.

Hours count from midnight and go on past 24. Bodies have the shape of real ones
(docs/claude-code.md 8.2), errors are those that were seen (docs/claude-code.md 8.3).
"""

from __future__ import annotations

import datetime
import json
from typing import NamedTuple

#: Midnight of the played day in epoch seconds. No surface shows a date, so any day will do.
MIDNIGHT_S = 1_790_640_000
#: When the day begins, and the moment that stands for it: two windows under way.
START_H, TYPICAL_H = 8.0, 9 + 169 / 60
WINDOW_H = 5.0
#: The 5-hour windows: when each begins, and what would be used at its end, in per cent.
WINDOWS = ((9.0, 108.3), (14.0, 64.0), (20.0, 97.0), (27.0, 45.0))
#: The weekly window: use at the start, per cent of it for one per cent of a 5-hour window, reset.
WEEK_START_PCT, WEEK_SHARE, WEEK_RESET_H = 14.5, 0.13, 24 * 5.0
#: When the API asks to wait, and when it cannot be reached at all.
LIMITED_H, OFFLINE_H = (16.0, 17.0), (23.5, 26.5)
RETRY_AFTER_S = 1200


class PlayedAnswer(NamedTuple):
    """What the server says: an HTTP status (0: it hangs up), more headers, a body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def moment_of(hour: float) -> float:
    """Return an hour of the day in epoch seconds, to the second."""
    return MIDNIGHT_S + round(hour * 3600)


def five_hour(hour: float) -> tuple[float, float | None]:
    """Return the running window's use in per cent and the hour of its reset, ``None`` if none."""
    for start, end_pct in WINDOWS:
        if start <= hour < start + WINDOW_H:
            return min(end_pct * (hour - start) / WINDOW_H, 100.0), start + WINDOW_H
    return 0.0, None


def seven_day_pct(hour: float) -> float:
    """Return the weekly window's use in per cent."""
    spent = (
        min(end_pct * min(max(hour - start, 0.0) / WINDOW_H, 1.0), 100.0)
        for start, end_pct in WINDOWS
    )
    return WEEK_START_PCT + WEEK_SHARE * sum(spent)


def context_pct(hour: float) -> float:
    """Return how full Claude Code's context is, in per cent; a new session begins every 3 hours."""
    return 8.5 + 24 * ((hour - 11 - 2 / 3) % 3)


def stdin(hour: float) -> dict[str, object]:
    """Return what Claude Code hands its status line, without the windows: those the API tells."""
    return {
        "model": {"id": "claude-opus-5-5", "display_name": "Opus 5.5"},
        "context_window": {"used_percentage": context_pct(hour)},
    }


def reply(moment_s: float) -> PlayedAnswer:
    """Return the usage API's answer at ``moment_s`` (epoch seconds)."""
    hour = (moment_s - MIDNIGHT_S) / 3600
    if OFFLINE_H[0] <= hour < OFFLINE_H[1]:
        return PlayedAnswer(0, (), b"")
    if LIMITED_H[0] <= hour < LIMITED_H[1]:
        error = {"type": "rate_limit_error", "message": "Rate limited. Please try again later."}
        return PlayedAnswer(429, (("Retry-After", str(RETRY_AFTER_S)),), _encoded({"error": error}))
    used_pct, reset_h = five_hour(hour)
    week_pct = seven_day_pct(hour)
    body: dict[str, object] = {
        "five_hour": _bucket(used_pct, reset_h),
        "seven_day": _bucket(week_pct, WEEK_RESET_H),
        "seven_day_opus": None,
        "seven_day_sonnet": None,
        "limits": [
            _limit("session", used_pct, reset_h),
            _limit("weekly_all", week_pct, WEEK_RESET_H),
        ],
    }
    return PlayedAnswer(200, (), _encoded(body))


def _bucket(used_pct: float, reset_h: float | None) -> dict[str, object]:
    return {"utilization": used_pct, "resets_at": _iso(reset_h)}


def _limit(kind: str, used_pct: float, reset_h: float | None) -> dict[str, object]:
    return {"kind": kind, "percent": int(used_pct), "resets_at": _iso(reset_h), "scope": None}


def _iso(hour: float | None) -> str | None:
    if hour is None:
        return None
    moment = datetime.datetime.fromtimestamp(moment_of(hour), datetime.UTC)
    return moment.isoformat(timespec="microseconds")


def _encoded(body: dict[str, object]) -> bytes:
    return json.dumps(body).encode()
