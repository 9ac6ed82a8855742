"""What Codex left on this disk, the whole way: a prompt's refresher, the segment, the verbs."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.support.codex_home import keep, told
from tests.support.profile import Profile

FORM = "{five_hour.pct}{sep}{codex.five_hour}"


@pytest.fixture
def codex_home(profile: Profile) -> Path:
    """A Codex home that a variable names, whose last answer is a minute old."""
    home = profile.home / "elsewhere" / "codex"
    at = time.time() - 60
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at))
    keep(home, [told(stamp, pct=27.5, resets_at=int(at) + 3 * 3600 + 90)])
    profile.environment["CODEX_HOME"] = str(home)
    return home


@pytest.mark.usefixtures("codex_home")
def test_a_refresher_that_a_prompt_started_finds_codex(profile: Profile) -> None:
    """It gets few variables of a prompt's: without CODEX_HOME it would look in the wrong place."""
    profile.configure(f'sources = ["codex"]\nformat.tmux = "{FORM}"')
    profile.run("tmux")
    assert profile.wait_until_quiet()
    assert re.fullmatch(r"61% · Codex 5h 27% [23]h\d\dm", profile.shown())


@pytest.mark.usefixtures("codex_home")
def test_the_verbs_have_codex_behind_claude(profile: Profile) -> None:
    """`show` and `history` know it by its name; `guard` and `--window 5h` are about Claude."""
    profile.configure('sources = ["codex"]')
    assert profile.run("refresh").returncode == 0
    shown = json.loads(profile.run("show", "--json").stdout)["windows"]
    assert [each["id"] for each in shown][-1] == "codex.five_hour"
    assert shown[-1]["source"] == "codex"
    assert "(seen 1 minute ago by Codex)" in profile.run("show", "-v").stdout
    runs = json.loads(profile.run("history", "--json").stdout)["windows"]
    assert [each["id"] for each in runs][-1] == "codex.five_hour"
    only = profile.run("history", "--window", "codex.five_hour").stdout
    assert only.startswith("Codex 5h")
    assert "codex" not in profile.run("show", "--json", "--window", "5h").stdout
