"""Agents that are configured like Claude Code: they get the segment, and tell nothing of Claude."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from statusline.segment.render import FOREIGN, is_foreign
from tests.support.profile import Profile, quiet_profile
from tests.support.real_line import DATA, NUMBERS, SAMPLE, fill, known, render

AGENTS = sorted((DATA / "foreign").glob("*.json"))
LIMITS = {"five_hour": {"used_percentage": 99, "resets_at": 4_000_000_000}}


def said(path: Path, **more: Any) -> dict[str, Any]:
    """What an agent says on stdin."""
    document: dict[str, Any] = json.loads(path.read_bytes())
    return {**document, **more}


@pytest.mark.parametrize("path", AGENTS, ids=lambda path: path.stem)
def test_another_agent_shows_claude_s_windows_and_none_of_its_own(
    path: Path, tmp_path: Path
) -> None:
    """Beside another agent's model, `5h 61%` would be taken for its own; nor is its 99 % ours."""
    profile = quiet_profile(tmp_path / "home", with_numbers=True)
    data = json.dumps(said(path, rate_limits=LIMITS)).encode()
    assert render(profile.environment, "claude", input=data) == NUMBERS


@pytest.mark.parametrize("path", sorted(DATA.glob("stdin-*.json")), ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["", *FOREIGN])
def test_claude_code_is_never_taken_for_another(path: Path, name: str) -> None:
    """A later version may say more: what it says must not lose it its numbers."""
    assert not is_foreign(said(path, **({name: {}} if name else {})))


@pytest.mark.parametrize("path", AGENTS, ids=lambda path: path.stem)
def test_another_agent_s_line_says_that_nobody_is_signed_in(path: Path, profile: Profile) -> None:
    """Claude Code says so itself, and its line need not; of Claude's login, no other one knows."""
    (profile.home / ".claude" / ".credentials.json").unlink()
    nobody = known(state="no_login")
    nobody.windows = {}
    fill(profile.directory, nobody)
    said_to = profile.environment
    assert render(said_to, "claude", input=path.read_bytes()) == "usage: sign in"
    assert "sign in" not in render(said_to, "claude", input=SAMPLE)


@pytest.mark.parametrize(
    ("name", "cells", "columns", "shown"),
    [
        ("render_width_chars", 20, None, NUMBERS),
        ("render_width_chars", 14, None, "5h 61%"),
        ("terminal_width", 14, None, "5h 61%"),
        ("render_width_chars", 14, "80", NUMBERS),
        *(("render_width_chars", odd, None, NUMBERS) for odd in (0, -1, 10**9, "14", True, None)),
    ],
)
def test_a_line_fits_into_what_another_agent_has_for_it(
    name: str, cells: object, columns: str | None, shown: str, tmp_path: Path
) -> None:
    """Cursor sets no COLUMNS, and tells its width on stdin: longer lines were cut or wrapped."""
    profile = quiet_profile(tmp_path / "home", with_numbers=True)
    environment = profile.environment | ({} if columns is None else {"COLUMNS": columns})
    data = json.dumps(said(DATA / "foreign" / "cursor.json", **{name: cells})).encode()
    if name != "render_width_chars":
        data = data.replace(b'"render_width_chars": 120', b'"product": "antigravity"')
    assert render(environment, "claude", input=data) == shown


def test_a_session_of_copilot_explains_no_missing_login(profile: Profile) -> None:
    """It counts time at an API, too: without a login, Claude was said to be billed elsewhere."""
    (profile.home / ".claude" / ".credentials.json").unlink()
    fill(profile.directory, known(state="no_login"))
    data = json.dumps(said(DATA / "foreign" / "copilot.json")).encode()
    render(profile.environment, "claude", input=data)
    assert profile.wait_until_quiet()
    profile.run("refresh")
    assert profile.usage()["unlimited_at"] is None
    assert profile.usage()["sessions"] == {}
