"""What is told of the login."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from statusline.doctor import login
from tests.support.checkup import context
from tests.support.login import sign_in


@pytest.mark.parametrize(
    ("fields", "mode", "expected"),
    [
        ({}, 0o600, [("login", "ok"), ("scope", "ok")]),
        ({}, 0o644, [("login", "ok"), ("login file", "warn"), ("scope", "ok")]),
        ({"expiresAt": 1_600_000_000_000}, 0o600, [("login", "warn"), ("scope", "ok")]),
        ({"scopes": ["user:inference"]}, 0o600, [("login", "ok"), ("scope", "fail")]),
        ({"scopes": "corrupted"}, 0o600, [("login", "ok"), ("scope", "ok")]),
        ({"accessToken": None}, 0o600, [("login", "fail")]),
        ({"accessToken": "with a space"}, 0o600, [("login", "fail")]),
    ],
)
def test_the_login_is_told_without_the_token(
    home: Path, fields: dict[str, Any], mode: int, expected: list[tuple[str, str]]
) -> None:
    """Each state of the credentials file has its result; no character of the token shows."""
    sign_in(home, mode=mode, **fields)
    here = context(home)
    checks = [*login.login(here), *login.scope(here)]
    assert [(check.name, check.result) for check in checks] == expected
    assert all("sk-ant" not in str(check) for check in checks)
    assert all(check.fix for check in checks if check.result in ("warn", "fail"))
