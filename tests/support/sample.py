"""One profile in full, at a fixed moment: what the pictures of `show` and `watch` are made of."""

from __future__ import annotations

import json
from pathlib import Path

from statusline.system.environ import Environment
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Pool, Spend

from .canary import token

#: Monday 2026-06-15 12:00:00 UTC.
NOW = 1_781_524_800.0


def snapshot() -> Snapshot:
    """Every kind of row: fresh, near its limit, old and critical, reset."""
    made = Snapshot()
    made.state, made.plan = "ok", "Max 5x"
    made.written_at = made.attempted_at = made.succeeded_at = NOW - 15
    made.next_refresh_at, made.next_allowed_at = NOW + 105, NOW + 45
    made.pools = {"nimbus_quill": Pool(12.0, None, None, None, NOW - 300)}
    made.spend = Spend(5090, 10_000, "EUR", 2, 50.9, enabled=True, observed_at=NOW - 300)
    for window, label, used_pct, left_s, age_s, source in (
        ("five_hour", "5h", 61.0, 7860, 15, "stdin"),
        ("seven_day", "7d", 82.4, 350_000, 200, "api"),
        ("weekly:Fable", "Fable", 95.0, 350_000, 1500, "claude_json"),
        ("seven_day_opus", "Opus", 10.0, -60, 1500, "api"),
    ):
        resets_at = int((NOW + left_s) // 60) * 60
        made.windows[window] = Observation(window, label, used_pct, resets_at, NOW - age_s, source)
    return made


def home(root: Path, found: Snapshot | None = None, **variables: str) -> Environment:
    """Make a home with this cache, UTC as its time zone and a made-up login; its environment."""
    env = Environment({"HOME": str(root), "LANG": "C.UTF-8", **variables})
    assert env.profile_dir is not None
    assert env.config_path is not None
    directory = Path(env.profile_dir)
    directory.mkdir(parents=True, mode=0o700)
    login = {
        "accessToken": token("sample"),
        "expiresAt": int((NOW + 7200) * 1000),
        "scopes": ["user:inference", "user:profile"],
    }
    _write(root / ".claude/.credentials.json", json.dumps({"claudeAiOauth": login}))
    _write(directory / "usage.json", json.dumps((found or snapshot()).to_json()))
    _write(Path(env.config_path), 'time_zone = "UTC"\n')
    return env


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o600)
