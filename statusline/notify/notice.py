"""One thing to say: its words, and its values for a command of the user's."""

from __future__ import annotations

from typing import NamedTuple

from statusline.segment.forecasts import about
from statusline.segment.humanize import duration, percent
from statusline.usage.observation import Observation

#: What stands above every notification.
TITLE = "Claude usage"
FULL_PCT = 100.0
_MAIN = ("five_hour", "seven_day")
_WEEKLY = ("seven_day_", "weekly")


class Notice(NamedTuple):
    """What is to be said, in words that hold no name, no address and no path.

    ``kind`` is "threshold", "forecast", "reset" or "test"; moments are epoch seconds.
    ``full_at`` is when the window is forecast to be full.
    """

    kind: str
    text: str
    window: str = ""
    used_pct: float | None = None
    threshold_pct: float | None = None
    resets_at: int | None = None
    full_at: float | None = None

    def variables(self) -> dict[str, str]:
        """Return the environment variables that a command finds; what is unknown is empty."""
        return {
            "STATUSLINE_NOTIFY_KIND": self.kind,
            "STATUSLINE_NOTIFY_TITLE": TITLE,
            "STATUSLINE_NOTIFY_TEXT": self.text,
            "STATUSLINE_NOTIFY_WINDOW": self.window,
            "STATUSLINE_NOTIFY_USED_PCT": _plain(self.used_pct),
            "STATUSLINE_NOTIFY_THRESHOLD_PCT": _plain(self.threshold_pct),
            "STATUSLINE_NOTIFY_RESETS_AT": _plain(self.resets_at),
            "STATUSLINE_NOTIFY_FULL_AT": _plain(self.full_at),
        }


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}" if value < 1e6 else f"{value:.0f}"


TEST = Notice("test", "This is a test: notifications from statusline look like this.")


def threshold(seen: Observation, now: float, pct: float, full_at: float | None) -> Notice:
    """Return the words for a threshold of ``pct`` that was crossed.

    With ``full_at`` it says when the window will be full as well.
    """
    is_full = seen.utilization_pct >= FULL_PCT
    state = "is used up" if is_full else f"at {percent(seen.utilization_pct)}"
    text = f"{_name(seen)} {state}"
    if seen.resets_at is not None:
        text += f", resets in {duration(seen.resets_at - now)}"
    if full_at is not None:
        text += f"; at this pace full in {about(full_at - now)}"
    return _about(seen, "threshold", text)._replace(threshold_pct=pct, full_at=full_at)


def forecast(seen: Observation, now: float, full_at: float) -> Notice:
    """Return the words for a window that will be full before its reset."""
    text = f"{_name(seen)} at {percent(seen.utilization_pct)}; at this pace full in "
    text += about(full_at - now)
    if seen.resets_at is not None:
        text += f", {about(seen.resets_at - full_at)} before it resets"
    return _about(seen, "forecast", text)._replace(full_at=full_at)


def reset(window: str, label: str) -> Notice:
    """Return the words for a window that was used up and begins anew."""
    return Notice("reset", f"{_named(window, label)} has reset", window)


def _about(seen: Observation, kind: str, text: str) -> Notice:
    return Notice(kind, text, seen.window, seen.utilization_pct, resets_at=seen.resets_at)


def _name(seen: Observation) -> str:
    return _named(seen.window, seen.label)


def _named(window: str, label: str) -> str:
    if window in _MAIN:
        return f"{label} window"
    return f"{label} weekly limit" if window.startswith(_WEEKLY) else f"{label} limit"
