"""`statusline history backtest`, run for real: with nothing, with little, of a month."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from statusline.history.backtest import Score
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv

DOCUMENT = (Path(__file__).parents[2] / "docs" / "history.md").read_text("utf-8")


def test_before_a_window_has_ended_there_is_nothing_to_judge_by(profile: Profile) -> None:
    """A sentence, where a table of dashes would look like a result."""
    said = "No window has ended yet of which the history knows.\n"
    for _time in range(2):
        done = profile.run("history", "backtest")
        assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
        assert profile.run("refresh").returncode == 0


def test_a_month_is_judged_and_what_is_too_little_is_said(tmp_path: Path) -> None:
    """Figures of each rule for the 5-hour windows; of four weeks it says that they are too few."""
    home = tmp_path / "home"
    home.mkdir()
    profile = Profile(home, "http://127.0.0.1:9")
    place = tmp_path / "month"
    done = profile.run("demo", "--history", str(place))
    assert done.returncode == 0
    name, _, value = done.stdout.splitlines()[-1].split()[0].partition("=")
    environment = {**profile.environment, name: value}
    shown = _run(environment, "history", "backtest")
    assert re.search(r"^5h: the last \d\d windows, at \d+ moments$", shown, re.MULTILINE)
    assert re.search(r" +forecast +used/elapsed +last 30 min$", shown, re.MULTILINE)
    assert re.search(r"^use at the reset, mean error, points( +\d+\.\d){3}$", shown, re.MULTILINE)
    assert re.search(r"^7d: [345] windows to judge by; 8 are needed\.$", shown, re.MULTILINE)
    document = json.loads(_run(environment, "history", "backtest", "--json"))
    rules = document["windows"][0]["rules"]
    assert list(rules) == ["forecast", "used/elapsed", "last 30 min"]
    assert rules["forecast"].keys() == set(Score._fields)
    assert all(f"`{field}`" in DOCUMENT for field in (*document, *Score._fields))


def test_an_option_that_would_not_be_heeded_is_refused(profile: Profile) -> None:
    """`history --json backtest` printed a table for people."""
    done = profile.run("history", "--json", "backtest")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--json does not go with backtest." in done.stderr


def _run(environment: dict[str, str], *words: str) -> str:
    return subprocess.run(
        argv(*words),
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
        stdin=subprocess.DEVNULL,
        cwd=os.path.dirname(environment["HOME"]),
    ).stdout
