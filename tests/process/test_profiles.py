"""The directories of the cache, one a profile: which of them go by themselves."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.support.profile import Profile
from tests.support.real_line import NOBODY

DAY_S = 86400
DEAD = "0123456789abcdef-env-01234567"


def make(root: Path, name: str, age_s: float) -> Path:
    """A profile that nothing was done in for so long."""
    made = root / name
    made.mkdir(mode=0o700, parents=True)
    moment_s = time.time() - age_s
    (made / "segment.tmux").write_text("5h\n2\n")  # true until later
    for file in ("usage.json", "state.json", "lock"):
        (made / file).write_text("{}")
        os.utime(made / file, (moment_s, moment_s))
    os.utime(made, (moment_s, moment_s))
    return made


def test_the_profile_of_a_dead_token_goes(tmp_path: Path) -> None:
    """Every CI job with a token of its own left a directory for ever."""
    profile = Profile(tmp_path / "home", NOBODY)
    profile.configure("api = false\n")
    root = profile.directory.parent
    gone = make(root, DEAD, 31 * DAY_S)
    kept = [
        make(root, "0123456789abcdef-env-89abcdef", 29 * DAY_S),
        make(root, "0123456789abcdef", 400 * DAY_S),
        make(root, "0123456789abcdef-env-mine", 400 * DAY_S),
        make(tmp_path / "elsewhere", DEAD, 400 * DAY_S),
        make(root, "fedcba9876543210-env-01234567", 400 * DAY_S),
    ]
    (kept[-1] / "directory").mkdir()  # not of our making
    os.utime(kept[-1] / "directory", (1, 1))
    os.utime(kept[-1], (1, 1))
    link = root / "fedcba9876543210-env-00000000"
    link.symlink_to(tmp_path / "elsewhere" / DEAD)
    assert profile.run("refresh").returncode == 0
    assert not gone.exists()
    assert link.is_symlink()
    assert all((each / "usage.json").exists() for each in kept)
