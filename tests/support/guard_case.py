"""What `guard` judges: a cache with these windows and this money, at a fixed moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from statusline.cli import guard
from statusline.login.credentials import Credentials
from statusline.overview.overview import ProfileData
from statusline.segment.values import MAIN_WINDOWS
from statusline.settings.settings import Settings
from statusline.system.errors import Problem
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Spend

NOW = 1_783_082_460  # a full minute
HOUR_S = 3600


def window(
    used_pct: float,
    *,
    name: str = "five_hour",
    label: str = "5h",
    resets_in_s: float | None = HOUR_S,
    age_s: float = 60,
) -> Observation:
    """One window as it was seen `age_s` before NOW."""
    resets_at = None if resets_in_s is None else int(NOW + resets_in_s)
    return Observation(name, label, used_pct, resets_at, NOW - age_s, "api")


def known(
    *windows: Observation,
    state: str = "ok",
    problems: tuple[Problem, ...] = (),
    absent: Sequence[str] | None = None,
    spend: Spend | None = None,
) -> ProfileData:
    """What the disk says, with these windows; the API said that there are no others."""
    snapshot = Snapshot()
    snapshot.state, snapshot.spend = state, spend
    snapshot.windows = {each.window: each for each in windows}
    snapshot.absent = [name for name in MAIN_WINDOWS if name not in snapshot.windows]
    if absent is not None:
        snapshot.absent = list(absent)
    return ProfileData(snapshot, Settings(), Credentials(state="found"), problems)


def judged(
    *windows: Observation,
    name: str = "",
    limit_pct: float = 90,
    max_age_s: float | None = None,
    **more: Any,
) -> guard.Verdict:
    """The verdict at NOW."""
    return guard.judge(known(*windows, **more), NOW, name, limit_pct, max_age_s)


WEEK = window(95, name="seven_day", label="7d", resets_in_s=3 * 24 * HOUR_S)
OPUS = window(99, name="weekly:Opus", label="Opus", resets_in_s=3 * 24 * HOUR_S)


def window7(used_pct: float, **more: Any) -> Observation:
    """The 7-day window, far from its reset."""
    fields = {"resets_in_s": 3 * 24 * HOUR_S, **more}
    return window(used_pct, name="seven_day", label="7d", **fields)


def spend(used: float | None, limit: float | None = 20000, **more: Any) -> Spend:
    """Extra usage in US dollars, seen a minute ago."""
    fields: dict[str, Any] = {"enabled": True, "observed_at": NOW - 60.0, **more}
    return Spend(used, limit, "USD", 2, fields.pop("utilization_pct", None), **fields)
