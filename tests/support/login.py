"""A login in a made-up home: the one place in tests where a credentials file is written."""

from __future__ import annotations

import json
import time
from pathlib import Path

from . import canary

TOKEN = canary.token("login")


def sign_in(
    home: Path,
    token: str = TOKEN,
    *,
    lasts_s: float = 7200.0,
    mode: int = 0o600,
    directory: str = ".claude",
    **fields: object,
) -> None:
    """Write the credentials file; `fields` are added to the login, or replace what is in it."""
    login = {
        "accessToken": token,
        "refreshToken": canary.refresh_token("login"),
        "expiresAt": int((time.time() + lasts_s) * 1000),
        "scopes": ["user:inference", "user:profile"],
        "subscriptionType": "max",
        "rateLimitTier": "default_claude_max_5x",
        **fields,
    }
    path = home / directory / ".credentials.json"
    path.write_text(json.dumps({"claudeAiOauth": login}))
    path.chmod(mode)
