"""Figures that take many runs: only with --full, and written down by `tests/run --report`."""

from __future__ import annotations

import contextlib
import os
import random
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.capabilities import needs_proc
from tests.support.figures import Note
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import package
from tests.support.server import Answer, UsageServer, usage_answer
from tests.support.writers_world import MEMORY

pytestmark = [pytest.mark.full, needs_proc]

RENDERS, RENDERS_IN_TURNS, RENDERS_UNDER_LOAD = 2000, 50, 500
KILLS, PROMPTS, TELLERS = 1000, 2000, 40
CROWDS, CROWD = 500, 20
#: What keeps a machine busy, each for ten minutes at most: its processors, or its disk.
BUSY = {
    "4 busy loops": [["timeout", "600", "sh", "-c", "while :; do :; done"]] * 4,
    "a disk that syncs": [
        [
            "timeout",
            "600",
            "sh",
            "-c",
            "while :; do dd if=/dev/zero of=d bs=64k count=99 oflag=sync 2>&-; done",
        ]
    ],
}


def render_ms(profile: Profile) -> float:
    """What one render took, which printed one line and nothing on stderr."""
    begun_s = time.perf_counter()
    done = profile.run("plain")
    took_ms = (time.perf_counter() - begun_s) * 1000
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    return took_ms


def spread(values: list[float]) -> str:
    """Median and both high quantiles of some times in ms."""
    parts = statistics.quantiles(values, n=100)
    return f"{parts[49]:.1f} / {parts[94]:.1f} / {parts[98]:.1f}"


@contextlib.contextmanager
def working(command: list[str], directory: Path) -> Iterator[None]:
    """Let a command and all that it starts work in a directory, until the block ends."""
    worker = subprocess.Popen(command, cwd=directory, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(HANG_S)


@pytest.mark.parametrize("state", ["fresh", "stale", "absent", "corrupt"])
def test_m04_a_render_says_something_at_once(state: str, profile: Profile, figure: Note) -> None:
    """L05, M04: whatever it finds. How fast is compared with peers in docs/benchmarks.md."""
    profile.run("refresh")
    if state == "stale":
        profile.let_pass(3600)
    elif state == "absent":
        shutil.rmtree(profile.directory)
    elif state == "corrupt":
        (profile.directory / "usage.json").write_bytes(b"\x00{" * 900)
    figure("M04", f"{state}: {spread([render_ms(profile) for _ in range(RENDERS)])}")
    assert profile.wait_until_quiet()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("what", BUSY)
def test_l06_a_render_on_a_busy_machine_fails_never(
    what: str, profile: Profile, tmp_path: Path, figure: Note
) -> None:
    """L06, M04: each prints its line, while processors or the disk have too much to do."""
    profile.run("refresh")
    disk = tmp_path / "disk"
    disk.mkdir()
    with contextlib.ExitStack() as stack:
        for command in BUSY[what]:
            stack.enter_context(working(command, disk))
        times = [render_ms(profile) for _ in range(RENDERS_UNDER_LOAD)]
    figure("M04", f"{what}: {spread(times)}")
    assert profile.wait_until_quiet()


def test_m05_a_shell_prints_a_true_segment_by_itself(profile: Profile, figure: Note) -> None:
    """M05: no process is started, so that a prompt costs what a few lines of bash cost."""
    profile.run("refresh")
    profile.run("bash")
    hook = shlex.quote(str(package() / "hooks" / "prompt.bash"))
    loop = f"for ((i = 0; i < {PROMPTS}; i++)); do _statusline_prompt; done"
    times = "begun=$EPOCHREALTIME; {}; echo $((${{EPOCHREALTIME/./}} - ${{begun/./}}))"
    script = f"COLUMNS=100; . {hook}; _statusline_prompt; {times.format(loop)}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env=profile.environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    figure("M05", f"bash: {int(done.stdout) / 1000 / PROMPTS:.3f}")


def test_m06_starting_a_refresher_costs_a_render_little(profile: Profile, figure: Note) -> None:
    """M06: a render that finds nothing old beside one that finds everything old, in turns."""
    profile.run("refresh")
    fresh, stale = [], []
    for _ in range(RENDERS_IN_TURNS):
        fresh.append(render_ms(profile))
        profile.let_pass(3600)
        for gate in profile.directory.glob("spawn.*"):
            gate.unlink()
        stale.append(render_ms(profile))
        assert profile.wait_until_quiet()
    figure("M06", f"{statistics.median(stale) - statistics.median(fresh):.1f}")


@pytest.mark.parametrize("answer", ["200", "429", "silent"])
def test_m08_a_refresher_ends(answer: str, profile: Profile, figure: Note) -> None:
    """M08: with an answer, a refusal, or none at all."""
    script = {"200": usage_answer(), "429": Answer(429), "silent": Answer(hang="request")}
    with UsageServer([script[answer]]) as server:
        profile.environment["STATUSLINE_API_URL"] = server.url
        begun_s = time.monotonic()
        profile.run("refresh", "--force")
        took_s = time.monotonic() - begun_s
    assert took_s <= 20
    figure("M08", f"{answer}: {took_s:.1f}")


@pytest.mark.timeout(1800)
def test_m10_kills_leave_nothing_behind(profile: Profile, figure: Note) -> None:
    """M10: a refresher that is killed at any moment, again and again; the next one sweeps."""
    chance = random.Random(1)
    profile.run("refresh")
    for _ in range(KILLS):
        profile.let_pass(700)
        refresher = profile.start("refresh")
        time.sleep(chance.uniform(0, 0.4))
        refresher.send_signal(signal.SIGKILL)
        refresher.wait(HANG_S)
    profile.let_pass(24 * 3600)
    for path in profile.directory.glob(".tmp-*"):
        shutil.copystat(package(), path)  # as old as a file from before
    profile.run("refresh")
    left = [path.name for path in profile.directory.glob(".tmp-*")]
    figure("M10", f"{len(left)} after {KILLS}")
    assert left == []
    assert profile.usage()["state"] == "ok"


@pytest.mark.timeout(1800)
def test_m11_renders_leave_no_process_behind(profile: Profile, figure: Note) -> None:
    """M11: not one, after many renders of which some start a refresher."""
    for number in range(KILLS):
        if number % 50 == 0:
            profile.let_pass(3600)
        render_ms(profile)
    assert profile.wait_until_quiet()
    left = len(profile.processes())
    figure("M11", f"{left} after {KILLS}")
    assert left == 0


@pytest.mark.timeout(900)
def test_m03_nothing_that_is_told_at_once_is_lost(profile: Profile, figure: Note) -> None:
    """M03, L09: writers take turns under the lock, so that each change stands on the one before."""
    profile.run("refresh")
    before = profile.usage()["requests"]
    lost = 0
    for _ in range(TELLERS):
        profile.let_pass(700)
        at_once = [profile.start("refresh") for _ in range(6)]
        readers = [threading.Thread(target=profile.usage) for _ in range(2)]
        for reader in readers:
            reader.start()
        for refresher in at_once:
            refresher.wait(HANG_S)
        for reader in readers:
            reader.join(HANG_S)
        lost += profile.usage()["requests"] != before + 1
        before = profile.usage()["requests"]
    figure("M03", f"{lost} in {TELLERS * 6} refreshers")
    assert lost == 0


@pytest.mark.timeout(1800)
def test_m03_ten_thousand_sessions_lose_nothing(figure: Note) -> None:
    """M03, L09: twenty at once, five hundred times; each finds what all before it have told."""
    with tempfile.TemporaryDirectory(prefix="tellers-", dir=MEMORY) as home:
        profile = quiet_profile(Path(home), with_numbers=True)
        profile.configure("api = false\n")  # it takes longer than the API would be left alone
        said = subprocess.run(
            [sys.executable, "-m", "tests.support.tellers", str(CROWDS), str(CROWD)],
            env=profile.environment | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 0, said.stderr
    lost = int(said.stdout)
    figure("M03", f"{lost} of {CROWDS * CROWD:,} statements, {CROWD} at once")
    assert lost == 0


def test_m16_good_numbers_are_back_soon(
    profile: Profile, server: UsageServer, figure: Note
) -> None:
    """M16: a network that was gone, a server that refused: how long until they are asked again."""
    for name, trouble in (("no network", Answer(reset="request")), ("429", Answer(429))):
        server.script = [trouble]
        profile.let_pass(7200)
        profile.run("refresh")
        wait_s = profile.usage()["next_refresh_at"] - time.time()
        figure("M16", f"after {name}: {max(wait_s, 0):.0f}")
        profile.let_pass(wait_s + 1)
        server.script = [usage_answer()]
        profile.run("refresh")
        assert profile.usage()["state"] == "ok"
