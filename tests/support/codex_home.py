"""A Codex home on disk, with rollouts that real binaries have written (`tests/data/codex`)."""

from __future__ import annotations

import json
import os
from pathlib import Path

RECORDED = Path(__file__).parents[1] / "data" / "codex"


def recorded(version: str) -> list[str]:
    """The lines of a recording, by the version of Codex and what was told."""
    return (RECORDED / f"rollout-{version}.jsonl").read_text().splitlines()


def limits_of(version: str) -> list[str | None]:
    """Which limits a recording tells, line by line."""
    payloads = [json.loads(line)["payload"] for line in recorded(version)]
    return [each["rate_limits"]["limit_id"] for each in payloads if "rate_limits" in each]


def keep(
    home: Path, lines: list[str], *, day: str = "2026/11/22", name: str = "a", at_s: float = 0
) -> Path:
    """Put a rollout of these lines into a Codex home, written to last at `at_s`."""
    path = home / "sessions" / day / f"rollout-{day.replace('/', '-')}T05-00-00-{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    if at_s:
        os.utime(path, (at_s, at_s))
    return path


def told(
    at: str, *, pct: float = 50.0, minutes: float = 300, resets_at: int = 0, **limits: object
) -> str:
    """A line in the shape of 0.169.0 with one window."""
    window = {"used_percent": pct, "window_minutes": minutes, "resets_at": resets_at}
    rates = {"limit_id": "codex", "primary": window, "secondary": None, **limits}
    payload = {"type": "token_count", "info": None, "rate_limits": rates}
    return json.dumps({"timestamp": at, "ordinal": 7, "type": "event_msg", "payload": payload})
