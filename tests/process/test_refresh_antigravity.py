"""What Antigravity says to its status line, the whole way: a render, its refresher, the verbs."""

from __future__ import annotations

import json
import time

from tests.support.antigravity import antigravity
from tests.support.profile import Profile
from tests.support.real_line import render

FORM = "{five_hour.pct}{sep}{antigravity.five_hour.pct}"


def test_a_line_in_antigravity_tells_the_refresher_its_windows(profile: Profile) -> None:
    """Off unless `sources` names it; never Claude's; there for tmux, `show` and `history` then."""
    said = json.dumps(antigravity(time.time())).encode()
    profile.run("refresh")
    render(profile.environment, "claude", input=said)
    assert profile.wait_until_quiet()
    before = profile.usage()
    assert before["sources"] == {}
    profile.configure(f'sources = ["antigravity"]\nformat.tmux = "{FORM}"')
    profile.let_pass(10)
    render(profile.environment, "claude", input=said)
    assert profile.wait_until_quiet()
    usage = profile.usage()
    told = {name: each["utilization_pct"] for name, each in usage["sources"]["antigravity"].items()}
    assert told == {
        "five_hour": 14.04,
        "seven_day": 50.0,
        "five_hour_3p": 0.0,
        "seven_day_3p": 75.0,
    }
    assert usage["windows"].keys() == before["windows"].keys()
    assert usage["sessions"] == before["sessions"]
    assert profile.run("tmux").stdout.strip() == "61% · 14%"
    assert "Agy 3p 7d" in profile.run("show").stdout
    runs = json.loads(profile.run("history", "--json").stdout)["windows"]
    assert "antigravity.five_hour" in [each["id"] for each in runs]
