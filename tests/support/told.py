"""Sessions of Claude Code that speak on stdin, and a snapshot that hears them."""

from __future__ import annotations

import json
from typing import Any

from statusline.usage import rate_limits
from statusline.usage.merge import merge
from statusline.usage.snapshot import Snapshot
from tests.support.distorted import NOW

RESET = NOW + 2 * 3600


SESSION = "25719877-56d4"


def stdin(
    used_pct: float = 61.0,
    *,
    session: str = SESSION,
    api_ms: float | None = 1000.0,
    requests: float | None = None,
    resets_at: object = RESET,
    **changes: object,
) -> dict[str, Any]:
    """What Claude Code says, as far as limits go: five hours, and the session's counters."""
    limits = {"five_hour": {"used_percentage": used_pct, "resets_at": resets_at}}
    return {
        "session_id": session,
        "version": "2.1.328",
        "rate_limits": limits,
        "cost": {"total_api_duration_ms": api_ms},
        "prompt_cache": {"requests": requests},
        **changes,
    }


class Told:
    """One cache, and the sessions that speak to it; each statement goes through the message."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()

    def says(self, document: dict[str, Any], step_s: float) -> bool:
        """Let a session speak `step_s` seconds after NOW; tell whether anything counted."""
        now = NOW + step_s
        shown, message = rate_limits.take_stdin(self._copy(), document, now)
        if not message:
            return False
        said = rate_limits.of_message(json.loads(message), now + 1)
        found, _dropped = rate_limits.what_counts(said, self.snapshot)
        rate_limits.remember(said, self.snapshot)
        self.snapshot.windows = merge(self.snapshot.windows, found)
        assert shown.windows == self.snapshot.windows, "the line shows what the cache will hold"
        return bool(found)

    def _copy(self) -> Snapshot:
        again = Snapshot.from_json(json.loads(json.dumps(self.snapshot.to_json())))
        assert again is not None
        return again

    def five_hour(self) -> tuple[float, float]:
        """The number, and how many seconds after NOW it was true."""
        seen = self.snapshot.windows["five_hour"]
        return seen.utilization_pct, seen.observed_at - NOW
