"""Crowds that go on for minutes: one request in 60 s, nothing torn, lost or left behind (L02-L07).

The 60 seconds are real here: nobody can shorten them, the tests neither.
"""

from __future__ import annotations

import dataclasses
import math
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import strategies
from tests.support.answers import Answer, usage_answer
from tests.support.capabilities import needs_faketime, needs_proc
from tests.support.crowd import Crowd, distances_s, end, most_in
from tests.support.figures import Note
from tests.support.launcher import make_launcher
from tests.support.patience import LOOK_S, wait_until
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.server import UsageServer
from tests.support.torn_reads import Reader

pytestmark = needs_proc

FLOOR_S, HOUR_S = 60, 3600
RENDERERS, REFRESHERS = 200, 20
#: Between two runs of a member: as many as two cores can bear.
RENDER_PAUSE_S, REFRESH_PAUSE_S = 3, 10
KILLS_A_SECOND = 5
#: What a server says that wants to be asked again as soon as anybody may.
REFUSAL = Answer(429, b"{}", (("Retry-After", "1"),))
ANSWERS = {"200": [usage_answer()], "429": [usage_answer(), REFUSAL]}
#: How long each goes on (s); some seconds more than a whole number of floors.
LASTS_S = {"200": 310, "429": 130}
EXIT_KILLED = 128 + signal.SIGKILL


@dataclasses.dataclass
class Load:
    """Two hundred who render and twenty who refresh, and everything that looks at them."""

    crowd: Crowd
    reader: Reader
    profile: Profile
    server: UsageServer
    began_s: float = 0.0
    lasted_s: float = 0.0
    killed: int = 0

    def go_on(self, seconds: float, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Let the crowd go on; do something else a few times a second."""
        self.began_s = time.monotonic()
        while time.monotonic() - self.began_s < seconds:
            meanwhile()
            time.sleep(1 / KILLS_A_SECOND)
        self.lasted_s = time.monotonic() - self.began_s

    def kill_some(self, chance: random.Random) -> None:
        """Kill as many as are due, renderers or refreshers, in the midst of their work."""
        due = round((time.monotonic() - self.began_s) * KILLS_A_SECOND) - self.killed
        for process in self.crowd.some(chance, due):
            self.killed += end(process, signal.SIGKILL)

    def keeps_its_promises(self, what: str, figure: Note, *, at_least: int = 2) -> None:
        """Assert what holds after every load; it ends the crowd.

        So many requests at least show that somebody asked: who is killed may not come to it.
        """
        took = self.crowd.stop()
        asked = [request.at_s for request in self.server.requests]
        lost = max(self.server.count - self.profile.state()["requests"], 0)
        renders, refreshes = self.crowd.rows("render"), self.crowd.rows("refresh")
        figure("M01", f"{most_in(asked, FLOOR_S)}, {what}, {len(asked)} in {self.lasted_s:.0f} s")
        figure("M02", f"{self.reader.torn} of {self.reader.reads:,}, {what}")
        figure("M03", f"{lost} in {len(refreshes):,} refreshers, {what}")
        figure("M09", f"{took.peak_mb:.0f}, {what}")
        assert at_least <= len(asked) <= math.ceil(self.lasted_s / FLOOR_S) + 1
        assert all(each >= FLOOR_S for each in distances_s(asked))
        assert (self.reader.torn, lost) == (0, 0)
        assert took.peak_mb <= 60
        assert self.profile.processes() == []
        assert len(renders) >= RENDERERS
        assert len(refreshes) >= REFRESHERS
        failed = [row for row in renders if row.status != 0 or not row.line or "\n" in row.line]
        assert {row.status for row in failed} <= {EXIT_KILLED}
        assert len(failed) <= self.killed
        assert self.crowd.errors("render") == ""
        assert "Traceback" not in self.crowd.errors("refresh")

    def leaves_nothing(self, what: str, figure: Note) -> None:
        """Assert that one further run takes what killed writers have left."""
        self.profile.let_pass(3600)
        age(self.profile.directory)
        self.server.script = [usage_answer()]
        assert self.profile.run("refresh").returncode == 0
        left = [path.name for path in self.profile.directory.glob(".tmp-*")]
        figure("M10", f"{len(left)} after {self.killed}, {what}")
        assert left == []
        assert len(list(self.profile.directory.iterdir())) < 20


def age(directory: Path) -> None:
    """Let left-over files be from long ago."""
    for path in directory.glob(".tmp-*"):
        path.touch()
        subprocess.run(["touch", "-d", "@1000000000", str(path)], check=True)


@pytest.fixture
def load(tmp_path: Path, profile: Profile, server: UsageServer) -> Load:
    """Everybody, not started yet."""
    launcher = str(make_launcher(tmp_path / "bin"))
    crowd = Crowd(tmp_path / "crowd", profile)
    for number in range(RENDERERS):
        surface = ("tmux", "plain", "bash", "starship")[number % 4]
        crowd.add(f"render-{number}", [launcher, surface], pause_s=RENDER_PAUSE_S)
    for number in range(REFRESHERS):
        crowd.add(f"refresh-{number}", [launcher, "refresh", "--force"], pause_s=REFRESH_PAUSE_S)
    return Load(crowd, Reader(profile.directory), profile, server)


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("answer", ANSWERS)
def test_l02_a_crowd_that_goes_on_makes_one_request_in_60_s(
    answer: str, load: Load, figure: Note
) -> None:
    """L02, M01, M02, M03: as soon as one may ask, twenty want to; two hundred read."""
    load.server.script = ANSWERS[answer]
    with load.crowd, load.reader:
        load.go_on(LASTS_S[answer])
        load.keeps_its_promises(f"a crowd that goes on, {answer}", figure)
    assert load.profile.usage()["requests"] == load.server.count
    load.leaves_nothing("a crowd that goes on", figure)
    for path in load.crowd.members("render"):
        lines = [row.line for row in load.crowd.rows_of(path)]
        first = next((n for n, line in enumerate(lines) if "61%" in line), len(lines))
        assert all("61%" in line for line in lines[first:]), path


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_l04_kills_all_the_time_change_nothing(load: Load, figure: Note) -> None:
    """L04, M01, M10: up to five a second; what they leave is bounded, then swept."""
    chance = random.Random(4)
    assert load.profile.run("refresh").returncode == 0
    with load.crowd, load.reader:
        load.go_on(LASTS_S["429"], lambda: load.kill_some(chance))
        load.keeps_its_promises("a storm of kills", figure, at_least=1)
    assert load.killed >= 20  # a busy machine cannot find five at work each second
    # A sweep takes what is older than a minute; until then there is one for each kill at most.
    assert load.reader.most_left_over <= load.killed
    load.leaves_nothing("a storm of kills", figure)


@pytest.mark.full
@pytest.mark.timeout(1200)
@needs_faketime
def test_l07_a_clock_that_flaps_frees_no_request(load: Load, tmp_path: Path, figure: Note) -> None:
    """L07, M01: an hour ahead, an hour behind, five times a second; the boot clock decides."""
    offsets = tmp_path / "offset"
    preload = subprocess.run(
        ["faketime", "-f", "+0", "sh", "-c", "echo $LD_PRELOAD"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    load.profile.environment |= {
        "LD_PRELOAD": preload,
        "FAKETIME_TIMESTAMP_FILE": str(offsets),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    chance = random.Random(7)

    def flap() -> None:
        offsets.with_suffix(".new").write_text(
            chance.choice(("+0\n", f"+{HOUR_S}\n", f"-{HOUR_S}\n"))
        )
        offsets.with_suffix(".new").replace(offsets)

    flap()
    load.crowd.add("clock", ["date", "+%s"], pause_s=1)
    load.profile.sign_in(lasts_s=86400)
    with load.crowd, load.reader:
        load.go_on(LASTS_S["429"], flap)
        load.keeps_its_promises("a clock that flaps", figure)
    seen_s = [int(row.line) for row in load.crowd.rows("clock")]
    assert max(seen_s) - min(seen_s) >= HOUR_S


@pytest.mark.control
def test_l10_the_counters_of_a_crowd_see_a_broken_rule(
    tmp_path: Path, profile: Profile, server: UsageServer
) -> None:
    """L10, for crowds: whoever keeps no stamp asks again, and the same counters tell."""
    server.script = [REFUSAL]
    (tmp_path / "shared").mkdir()
    crowd = Crowd(tmp_path / "crowd", profile)
    broken = [sys.executable, "-IS", strategies.__file__, "nonblocking_recheck", str(server.port)]
    for number in range(3):
        crowd.add(f"broken-{number}", [*broken, str(tmp_path / "shared")], pause_s=LOOK_S)
    crowd.add("nobody", argv("no-such-command"), pause_s=LOOK_S)
    with crowd:
        wait_until(lambda: server.count > 2 and crowd.errors("nobody"))
        crowd.stop()
    asked = [request.at_s for request in server.requests]
    assert most_in(asked, FLOOR_S) > 1
    assert min(distances_s(asked)) < FLOOR_S
    assert {row.status for row in crowd.rows("nobody")} == {2}
