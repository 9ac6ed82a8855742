"""The states that a preview shows: a made-up account, from well to offline."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from statusline.agents import AGENTS
from statusline.demo import day
from statusline.refresh.body import parse_body
from statusline.sources.source import window_of
from statusline.system.throwaway_dir import throwaway_dir
from statusline.system.untrusted import mapping
from statusline.usage.forecast import Forecast
from statusline.usage.observation import HOUR_S, Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Spend
from statusline.usage.token_count import TokenCount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: What the demo's day leaves out: a model's weekly limit, extra usage, most of a session.
FABLE_PCT, SPENT_MINOR = 85.0, 5090
#: How long the prompt cache of the session stays warm, in seconds.
CACHE_S = 2520.0
#: What stands in for numbers that are missing in a real session's stdin.
NUMBERS: dict[str, float] = {
    "total_cost_usd": 1.62,
    "total_duration_ms": 1_500_000,
    "total_lines_added": 120,
    "total_lines_removed": 34,
    "total_input_tokens": 24_100,
    "total_output_tokens": 312,
    "input_tokens": 1200,
    "output_tokens": 312,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 9000,
}
COSTS = ("total_cost_usd", "total_duration_ms", "total_lines_added", "total_lines_removed")
TOKENS = (
    *("input_tokens", "cache_creation_input_tokens", "output_tokens"),
    "cache_read_input_tokens",
)
SESSION: dict[str, object] = {
    "effort": {"level": "high"},
    "cost": {
        **{name: NUMBERS[name] for name in COSTS},
        "total_api_duration_ms": 240_000,
    },
    "session_name": "fix the login",
    "agent": {"name": "reviewer"},
    "worktree": {"name": "fix-login"},
    "pr": {"number": 42, "review_state": "approved"},
    "output_style": {"name": "Explanatory"},
    "thinking": {"enabled": True},
    "fast_mode": True,
    "vim": {"mode": "INSERT"},
    "version": "2.1.328",
}
CONTEXT = {
    "total_input_tokens": NUMBERS["total_input_tokens"],
    "context_window_size": 200_000,
    "current_usage": {name: NUMBERS[name] for name in TOKENS},
}
#: From which use on the 5-hour window is forecast to fill, and how long 1 % of it takes then.
FILLS_FROM_PCT, PCT_S = 80.0, 150.0
#: What of a real session's stdin no state takes.
OF_A_STATE = ("rate_limits", "prompt_cache")
#: Where the session works, below the home directory.
_TREE = "src/statusline"
#: How old the numbers of "old" and of "offline" are, in seconds.
OLD_S, OFFLINE_S = 900.0, 2700.0


class State(NamedTuple):
    """One moment: its name, what the cache knows then, Claude Code's stdin, and epoch seconds.

    ``home`` is the home directory in which the session works.
    """

    name: str
    snapshot: Snapshot
    stdin: Mapping[str, object]
    now: float
    home: str


@contextlib.contextmanager
def project() -> Iterator[str]:
    """Make a home with a working tree in it, whose branch a line can show; yields the home."""
    with throwaway_dir("statusline-") as home:
        os.makedirs(f"{home}/{_TREE}/.git")
        with open(f"{home}/{_TREE}/.git/HEAD", "w", encoding="utf-8") as file:
            file.write("ref: refs/heads/main\n")
        yield home


def states(home: str, said: Mapping[str, object] | None = None, own_home: str = "") -> list[State]:
    """Return every state, the usual one first; ``home`` is what ``project`` has made.

    ``said`` is a real session's stdin, whose home directory is ``own_home``: all but its usage
    and the time of its prompt cache, which belong to a state.
    """
    found = _made_up(home)
    if not said:
        return found
    kept = {name: value for name, value in said.items() if name not in OF_A_STATE}
    return [state._replace(stdin={**state.stdin, **kept}, home=own_home) for state in found]


def _made_up(home: str) -> list[State]:
    found = [_state(home, f"{pct} %", used_pct=pct) for pct in (61, 80, 92, 100)]
    old = _state(home, "old", age_s=OLD_S)
    offline = _state(home, "offline", age_s=OFFLINE_S)
    offline.snapshot.state = "unreachable"
    reset = _state(home, "reset")
    resets_at = reset.snapshot.windows["five_hour"].resets_at or 0
    for seen in reset.snapshot.windows.values():
        seen.observed_at = resets_at - 60.0
    return [*found, reset._replace(now=resets_at + 120.0), old, offline]


def _state(home: str, name: str, *, used_pct: float = 61.0, age_s: float = 0.0) -> State:
    now = float(day.moment_of(day.TYPICAL_H))
    snapshot = sample(now)
    snapshot.windows["five_hour"].utilization_pct = used_pct
    for seen in snapshot.windows.values():
        seen.observed_at = now - age_s
    if snapshot.spend is not None:
        snapshot.spend.observed_at = now - age_s
    snapshot.forecasts = {
        name: _forecast(snapshot.windows[name], now) for name in ("five_hour", "seven_day")
    }
    snapshot.token_counts = {
        "block": TokenCount(now - 3 * HOUR_S, now + 2 * HOUR_S, now, 48_200_000, 32.6),
        "today": TokenCount(now - 9 * HOUR_S, now + 15 * HOUR_S, now, 61_000_000, 41.2),
    }
    snapshot.sources = {name: _others(name, now) for name in AGENTS}
    return State(name, snapshot, _stdin(home, now), now, home)


def _others(agent: str, now: float) -> dict[str, Observation]:
    """Return another agent's windows: one used by a quarter, one hardly."""
    windows = (window_of(agent, 5 * 60), 27.5, 3.6), (window_of(agent, 7 * 24 * 60), 4.0, 100.0)
    return {
        name: Observation(name, label, pct, int(now + left_h * HOUR_S), now - 60, agent)
        for (name, label), pct, left_h in windows
    }


def _forecast(seen: Observation, now: float) -> Forecast:
    """Return where a window leads: most last until their reset."""
    used_pct, resets_at = seen.utilization_pct, seen.resets_at or 0
    if not FILLS_FROM_PCT <= used_pct < 100:
        return Forecast(seen.window, resets_at, now, 0.9, used_pct * 1.5, None, None)
    left_s = (100 - used_pct) * PCT_S
    full = (now + left_s, now + 0.8 * left_s, now + 1.4 * left_s)
    return Forecast(seen.window, resets_at, now, 1.3, 115, (95, 140), full)


def _stdin(home: str, now: float) -> dict[str, object]:
    """Return what a session of Claude Code says that has something for every placeholder."""
    said = day.stdin(day.TYPICAL_H)
    tree = f"{home}/{_TREE}"
    return {
        **said,
        **SESSION,
        "context_window": {**mapping(said["context_window"]), **CONTEXT},
        "prompt_cache": {"expires_at": now + CACHE_S, "hit_ratio": 0.98},
        "workspace": {
            "current_dir": tree,
            "project_dir": tree,
            "repo": {"owner": "octo", "name": "statusline"},
        },
    }


def sample(moment: float) -> Snapshot:
    """Return a snapshot as it stands at ``moment`` of the demo's day, and a little more."""
    parsed = parse_body(json.loads(day.reply(moment).body), observed_at=moment)
    snapshot = Snapshot()
    snapshot.state = "ok"
    snapshot.plan = "Max 5x"
    snapshot.windows = {seen.window: seen for seen in parsed.observations}
    resets_at = snapshot.windows["seven_day"].resets_at
    fable = Observation("weekly:Fable", "Fable", FABLE_PCT, resets_at, moment, "api")
    snapshot.windows[fable.window] = fable
    snapshot.spend = Spend(SPENT_MINOR, 10_000, "USD", 2, 50.9, enabled=True, observed_at=moment)
    return snapshot
