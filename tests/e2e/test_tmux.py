"""The installed line in a real tmux with the colours that tmux itself brings."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from statusline.cli.terminal_svg import draw
from tests.support.capabilities import needs_tmux
from tests.support.launcher import make_launcher
from tests.support.profile import Profile
from tests.support.screen import Screen
from tests.support.server import UsageServer, usage_answer

pytestmark = needs_tmux


@pytest.mark.parametrize("use_pct", [61, 80, 97])
def test_every_number_is_legible_on_tmuxs_own_colours(tmp_path: Path, use_pct: int) -> None:
    """No part of the segment has the colour of the bar, which is green unless the user says so."""
    with UsageServer([usage_answer(use_pct, use_pct)]) as server:
        profile = Profile(tmp_path, server.url, TERM="tmux-256color", SHELL="/bin/sh")
        launcher = str(make_launcher(tmp_path / "bin"))
        for words in (["refresh"], ["install", "tmux", "--yes"]):
            subprocess.run(
                [launcher, *words], env=profile.environment, capture_output=True, check=True
            )
    configuration = tmp_path / ".tmux.conf"
    inner = ["tmux", "-S", str(tmp_path / "s"), "-f", str(configuration)]
    with Screen([*inner, "new-session", "sh"], profile.environment) as screen:
        try:
            screen.wait_for(f"5h {use_pct}%")
            bar = next(row for row in screen.colored().splitlines() if "5h" in row)
        finally:
            subprocess.run([*inner, "kill-server"], env=profile.environment, check=True)
    picture = draw([bar], 100, "bar")
    fills = dict(re.findall(r'<rect x="(\d+)" [^>]* fill="(#\w+)"/>', picture))
    texts = re.findall(r'<text x="(\d+)" [^>]* fill="(#\w+)"[^>]*>([^<]*)<', picture)
    assert fills
    assert [text for x, color, text in texts if fills.get(x) == color] == []
