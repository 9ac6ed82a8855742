"""A day outside of the program: accounts and what they have used, sessions, a server, a clock.

Nothing here uses the code under test: what is true is written down as it happens, second by
second of a played time, and `witness` compares with it.
"""

from __future__ import annotations

import bisect
import datetime
import json
from typing import Any, NamedTuple

STEP_S = 40
HOUR_S, DAY_S = 3600, 86400
START = 1_795_168_800  # 2026-11-20 10:00 UTC
LENGTH_S = {"five_hour": 5 * HOUR_S, "seven_day": 7 * DAY_S}


class Fact(NamedTuple):
    """What was true of a window from one moment on: its use and its reset (epoch s)."""

    used_pct: float
    resets_at: int | None


class Account:
    """One account in one organization: two windows, anchored at their first use."""

    def __init__(
        self, person: str, organization: str, week_resets_at: int, week_pct: float
    ) -> None:
        self.person, self.organization = person, organization
        self.now = {"five_hour": Fact(0.0, None), "seven_day": Fact(week_pct, week_resets_at)}
        self.times: list[int] = []
        self.facts: list[dict[str, Fact]] = []
        self.boundaries: dict[str, list[int]] = {"five_hour": [], "seven_day": []}

    def pass_to(self, moment: int) -> None:
        """Let windows end whose time has come, and write down what is true now."""
        for window, fact in self.now.items():
            if fact.resets_at is not None and fact.resets_at <= moment:
                self.boundaries[window].append(fact.resets_at)
                again = fact.resets_at + LENGTH_S[window] if window == "seven_day" else None
                self.now[window] = Fact(0.0, again)
        self.times.append(moment)
        self.facts.append(dict(self.now))

    def use(self, moment: int, share_pct: float) -> None:
        """Use so much of five hours, and an eighth of it of the week."""
        five, week = self.now["five_hour"], self.now["seven_day"]
        resets_at = five.resets_at or moment // 600 * 600 + LENGTH_S["five_hour"]
        self.now["five_hour"] = Fact(min(five.used_pct + share_pct, 100.0), resets_at)
        self.now["seven_day"] = week._replace(used_pct=min(week.used_pct + share_pct / 8, 100.0))
        self._rewrite()

    def give_back(self, window: str) -> None:
        """Use a banked reset: the use falls, the window goes on."""
        self.now[window] = self.now[window]._replace(used_pct=0.0)
        self._rewrite()

    def reset_limits(self, moment: int) -> None:
        """Have the provider reset the limits: little is used, and the week ends sooner."""
        self.now["seven_day"] = Fact(3.0, moment + DAY_S)
        self._rewrite()

    def _rewrite(self) -> None:
        self.facts[-1] = dict(self.now)

    def between(self, window: str, first: float, last: float) -> list[Fact]:
        """Everything that was true of a window from `first` to `last`."""
        begin = max(bisect.bisect_right(self.times, first) - 1, 0)
        end = bisect.bisect_right(self.times, last)
        return [facts[window] for facts in self.facts[begin:end]]

    def last_boundary(self, window: str, before: float) -> int | None:
        """When the window before the present one ended, as of `before`."""
        past = [each for each in self.boundaries[window] if each <= before]
        return past[-1] if past else None

    def limits(self) -> dict[str, Any]:
        """The `rate_limits` of stdin: what an answer of now carries."""
        return {
            window: {"used_percentage": round(fact.used_pct, 1), "resets_at": fact.resets_at}
            for window, fact in self.now.items()
            if fact.resets_at is not None
        }

    def body(self) -> bytes:
        """What the usage API answers now."""
        return json.dumps(
            {
                window: {"utilization": round(fact.used_pct, 1), "resets_at": _iso(fact.resets_at)}
                for window, fact in self.now.items()
            }
            | {"limits": [], "seven_day_opus": None}
        ).encode()


def _iso(moment: int | None) -> str | None:
    if moment is None:
        return None
    jittering = datetime.datetime.fromtimestamp(moment - 0.0004, datetime.UTC)
    return jittering.isoformat(timespec="microseconds")


class Session:
    """One Claude Code: it repeats its last answer's numbers until the next, also after /clear."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cleared = 0
        self.api_ms = 0
        self.requests = 0
        self.memory: dict[str, Any] | None = None

    def answer(self, account: Account) -> None:
        """Get an answer of the API for `account`."""
        self.api_ms += 1700
        self.requests += 1
        self.memory = account.limits()

    def clear(self) -> None:
        """`/clear`: another session id, counters at 0, the old numbers."""
        self.cleared += 1
        self.api_ms = self.requests = 0

    def resume(self, account: Account) -> None:
        """Quit and come back: the old counter, and the numbers that it asks for at its start."""
        self.requests = 0
        self.memory = account.limits()

    def stdin(self) -> dict[str, object]:
        """What it hands to its status line now."""
        made: dict[str, object] = {
            "session_id": f"{self.name}-{self.cleared}",
            "version": "2.1.329",
            "model": {"display_name": "Opus 5.5"},
            "cost": {"total_api_duration_ms": self.api_ms},
        }
        if self.requests:
            made["prompt_cache"] = {"requests": self.requests}
        if self.memory is not None:
            made["rate_limits"] = self.memory
        return made


class Clock:
    """The machine's clocks: the wall clock can be wrong, the one since the start cannot."""

    CLOCK_BOOTTIME = 7

    def __init__(self) -> None:
        self.true = float(START)
        self.offset_s = 0.0

    def time(self) -> float:
        """What the wall clock says."""
        return self.true + self.offset_s

    def clock_gettime(self, _which: int) -> float:
        """Seconds since the machine's start."""
        return self.true - START + 1000.0

    monotonic = time
