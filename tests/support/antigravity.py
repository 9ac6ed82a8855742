"""What Antigravity says on the stdin of its status line, as reported of 1.2.14."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

_SAMPLE = Path(__file__).parents[1] / "data" / "foreign" / "antigravity.json"
HOUR_S = 3600


def bucket(left: object, resets_at: float) -> dict[str, object]:
    """One window, of which this share is left until then (epoch s)."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(resets_at))
    return {"remaining_fraction": left, "reset_time": stamp, "reset_in_seconds": 12_000}


def antigravity(now: float, **buckets: object) -> dict[str, Any]:
    """The sample, with the plan's four windows at a moment, or with these."""
    said: dict[str, Any] = json.loads(_SAMPLE.read_text())
    said["quota"] = {name.replace("_", "-"): each for name, each in buckets.items()} or {
        "gemini-5h": bucket(0.8596, now + 3 * HOUR_S),
        "gemini-weekly": bucket(0.5, now + 99 * HOUR_S),
        "3p-5h": bucket(1, now + 5 * HOUR_S),
        "3p-weekly": bucket(0.25, now + 50 * HOUR_S),
    }
    return said
