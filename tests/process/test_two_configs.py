"""One cache, and terminals that do not have the same config.toml."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from statusline.environ import Environment
from statusline.hot import configured
from tests.support.launcher import make_launcher
from tests.support.line import NOBODY, STYLE, fill
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.wiring import HOOKS


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile whose cache says 61 % and 22 % and asks for nothing in the next hour."""
    made = Profile(tmp_path / "home", NOBODY)
    fill(made.directory)
    return made


@pytest.mark.parametrize("hook", ["tmux", "starship"])
def test_two_terminals_with_two_files_each_see_their_own(
    profile: Profile, tmp_path: Path, hook: str
) -> None:
    """The segment of one `STATUSLINE_CONFIG` was shown, and kept, where another one counts."""
    profile.configure('[format]\ndefault = "{five_hour.pct}"\n')
    own = tmp_path / "own.toml"
    own.write_text('[format]\ndefault = "{seven_day.pct}"\n')
    os.utime(own, (1, 1))
    default = Path(Environment(profile.environment).config_path or "")
    os.utime(default, (1, 1))
    variables = {
        "STATUSLINE_PROFILE": str(profile.directory),
        "STATUSLINE_BIN": str(make_launcher(tmp_path / "bin")),
    }
    for chosen, shown in [({}, "61%"), ({"STATUSLINE_CONFIG": str(own)}, "22%")] * 2:
        for _ in range(2):  # the second finds what the first left
            done = subprocess.run(
                ["sh", str(HOOKS / f"{hook}.sh")],
                env={**profile.environment, **variables, **chosen},
                capture_output=True,
                text=True,
                timeout=HANG_S,
                check=True,
            )
            assert STYLE.sub(b"", done.stdout.encode()).decode().strip() == shown


def test_a_segment_of_another_file_is_not_left_behind(profile: Profile) -> None:
    """A render that was overtaken by one with another file left its line for that one's hooks."""
    profile.configure("width = 30\n")
    assert profile.run("tmux").returncode == 0
    env = Environment(profile.environment)
    source = configured.identity(env)
    directory = str(profile.directory)
    assert configured.is_in_force(directory, source)
    assert not configured.is_in_force(directory, None)
    other = Environment({**profile.environment, "STATUSLINE_CONFIG": str(profile.home / "own")})
    (profile.home / "own").write_text("width = 20\n")
    configured.settings(other)
    assert not configured.is_in_force(directory, source)
    assert configured.is_in_force(directory, configured.identity(other))
