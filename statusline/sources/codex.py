"""Codex: the windows of its plan, out of the rollouts of its sessions (docs/sources.md 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.sources import rollouts
from statusline.sources.source import window_of
from statusline.system import bounded_read
from statusline.system.clock import TOLERANCE_S
from statusline.system.untrusted import mapping, number, timestamp
from statusline.usage.observation import HOUR_S, MAX_UTILIZATION_PCT, Observation, instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.system.environ import Environment

NAME = "codex"
#: Where a plan's windows stand. Which is which only their length tells: while there was no
#: five-hour window, the weekly one stood first (openai/codex#32707).
SLOTS = ("primary", "secondary")
#: The limits of the plan; others are those of one model alone, and count apart.
PLAN = (None, "codex")
_WORD = b'"token_count"'
#: No window is longer, in minutes: a year and some days.
_LONGEST_MIN = 540_000


def home(env: Environment) -> str | None:
    """Return Codex's home, ``None`` where there can be none."""
    return env.below_home("CODEX_HOME", ".codex")


def read(env: Environment, now: float) -> list[Observation]:
    """Return the windows of the last answer that told any on this machine (``source.Source``)."""
    best: list[Observation] = []
    directory = home(env)
    for rollout in rollouts.newest(directory) if directory else ():
        if best and rollout.written_at <= best[0].observed_at:
            break  # nor can any other one hold something later
        for line in rollouts.lines_from_end(rollout.path, _WORD):
            found = windows(bounded_read.parse(line), now)
            if found:
                best = max(best, found, key=lambda each: each[0].observed_at if each else 0.0)
                break
    return best


def windows(line: object, now: float) -> list[Observation]:
    """Return the windows that a line of a rollout tells; none of a line about anything else."""
    told = mapping(line)
    payload = mapping(told.get("payload"))
    limits = mapping(payload.get("rate_limits"))
    observed_at = timestamp(told.get("timestamp"))
    if told.get("type") != "event_msg" or payload.get("type") != "token_count":
        return []
    if observed_at is None or observed_at > now + TOLERANCE_S or limits.get("limit_id") not in PLAN:
        return []
    found = [_window(mapping(limits.get(slot)), observed_at, now) for slot in SLOTS]
    return [each for each in found if each is not None]


def _window(told: Mapping[str, object], observed_at: float, now: float) -> Observation | None:
    """Return one window, ``None`` for what says nothing or cannot be true."""
    used_pct, minutes = number(told.get("used_percent")), number(told.get("window_minutes"))
    if used_pct is None or minutes is None or not 1 <= minutes <= _LONGEST_MIN:
        return None
    resets_at = instant(told.get("resets_at"))
    ahead_s = number(told.get("resets_in_seconds"))
    if resets_at is None and ahead_s is not None:
        resets_at = instant(observed_at + ahead_s)  # counted from the line's own time
    ends_at = observed_at + minutes * 60 + HOUR_S if resets_at is None else resets_at
    is_sound = ends_at <= observed_at + minutes * 60 + HOUR_S
    if not is_sound or not 0 <= used_pct <= MAX_UTILIZATION_PCT:
        return None
    if resets_at is None and ends_at <= now:
        return None  # its reset has come, whenever that was
    return Observation(*window_of(NAME, minutes), used_pct, resets_at, observed_at, NAME)
