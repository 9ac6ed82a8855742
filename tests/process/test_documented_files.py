"""Every file that the program leaves in its cache stands in docs/architecture.md."""

from __future__ import annotations

import re

from tests.support.doctor import equip
from tests.support.documents import TEXTS
from tests.support.profile import Profile
from tests.support.server import UsageServer


def test_every_file_of_the_cache_is_documented(profile: Profile, server: UsageServer) -> None:
    """`now` was in the cache and in no list of what the cache holds."""
    equip(profile)
    profile.configure("width = 50\n")
    for words in (("tmux",), ("refresh",), ("tmux",), ("bash",), ("install", "bash", "--yes")):
        assert profile.run(*words).returncode == 0
    assert profile.wait_until_quiet()
    assert server.count == 1
    section = TEXTS["architecture.md"].partition("## On disk")[2].partition("\n## ")[0]
    documented = {
        name.partition(".")[0] for name in re.findall(r"^\| `([\w.]+)`", section, re.MULTILINE)
    }
    left = {path.name.partition(".")[0] for path in profile.directory.iterdir()}
    assert {"now", "usage", "state", "segment", "settings", "lock", "spawn"} <= left
    assert left <= documented
