"""Many processes, one request: counted at the server (L01, L10, C01)."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.support import strategies
from tests.support.barrier import run_together
from tests.support.capabilities import needs_strace
from tests.support.figures import Note
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.server import Answer, UsageServer, usage_answer

#: As long as a near server takes.
DELAY_S = 0.05
ANSWERS = {
    "200": usage_answer(),
    "429": Answer(429, b"{}", headers_delay_s=DELAY_S),
    "500": Answer(500, b"{}", headers_delay_s=DELAY_S),
    "hang": Answer(hang="request"),
    "RST": Answer(reset="request"),
}
REFRESHER = ("refresh", "--background")


def commands(refreshers: int, renderers: int) -> list[list[str]]:
    """The refreshers among the renderers, evenly spread."""
    words: list[Sequence[str]] = [REFRESHER] * refreshers + [("tmux",)] * renderers
    step = max(len(words) // max(refreshers, 1), 1)
    words.sort(key=lambda each: each != REFRESHER)
    spread = [words[index::step] for index in range(step)]
    return [argv(*each) for part in spread for each in part]


def storm(
    server: UsageServer, together: Sequence[Sequence[str]], environment: dict[str, str]
) -> int:
    """Start all at once, then four more like them; return how many requests the server saw.

    The late ones find the lock free and no good answer, which is where most strategies fail.
    """
    for crowd in (together, together[:4]):
        codes = run_together(crowd, environment)
        # Where hundreds share a processor, some are ended before they have had any of it.
        assert set(codes) <= {0, -signal.SIGALRM}, codes
        assert codes.count(0) > len(codes) // 2, codes
    return server.count


def one_request_comes_of(answer: str, home: Path, *, refreshers: int, renderers: int) -> int:
    """Assert what L01 demands, by three detectors: the server, the stamps, the spawn gate.

    Return how many requests came in.
    """
    with UsageServer([ANSWERS[answer]]) as server:
        profile = Profile(home, server.url)
        started_s = time.monotonic()
        storm(server, commands(refreshers, renderers), profile.environment)
        assert profile.wait_until_quiet()
        took_s = time.monotonic() - started_s
        allowed = 1 + took_s // 60  # one a minute, on a machine that takes minutes
        assert 1 <= server.count <= allowed
        assert len(profile.state()["attempts"]) == server.count
        gates = [int(path.suffix[1:]) for path in profile.directory.glob("spawn.*")]
        assert max(gates, default=0) <= took_s / 5 + 1
        return server.count


@pytest.mark.parametrize(
    ("answer", "refreshers", "renderers"),
    [*((answer, 10, 0) for answer in ANSWERS), ("200", 4, 10), ("429", 4, 10)],
)
def test_l01_a_crowd_makes_one_request(
    answer: str, refreshers: int, renderers: int, tmp_path: Path, figure: Note
) -> None:
    """L01, M01, scaled down: whatever the server does, it is asked once."""
    made = one_request_comes_of(answer, tmp_path, refreshers=refreshers, renderers=renderers)
    figure("M01", f"{made}, a crowd of {refreshers + renderers}")


@pytest.mark.full
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(
    ("refreshers", "renderers"), [(200, 0), (20, 200)], ids=["refreshers", "renderers"]
)
def test_l01_two_hundred_make_one_request(
    answer: str, refreshers: int, renderers: int, tmp_path: Path, figure: Note
) -> None:
    """L01, M01 at full size."""
    made = one_request_comes_of(answer, tmp_path, refreshers=refreshers, renderers=renderers)
    figure("M01", f"{made}, a crowd of {refreshers + renderers}")


@pytest.mark.parametrize(
    ("strategy", "answer"),
    [*((name, "429") for name in strategies.NAMES), ("no_lock", "200")],
)
@pytest.mark.control
def test_l10_a_broken_strategy_is_caught(strategy: str, answer: str, tmp_path: Path) -> None:
    """L10: the same storm and the same count see more than one request of each of these."""
    with UsageServer() as server:
        # Whoever comes second comes while the first one is still served.
        together = dataclasses.replace(ANSWERS[answer], after=lambda: server.count > 1)
        server.script = [together if strategy == "no_lock" else ANSWERS[answer]]
        program = [sys.executable, "-IS", strategies.__file__, strategy, str(server.port)]
        assert storm(server, [[*program, str(tmp_path)]] * 24, {}) > 1


def killed_at(system_call: str, count: int) -> Callable[[Profile, UsageServer], None]:
    """A run of the refresher that is killed when it makes this system call the count-th time."""

    def run(profile: Profile, _server: UsageServer) -> None:
        fault = f"inject={system_call}:signal=SIGKILL:when={count}"
        strace = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={system_call}")
        assert profile.run("refresh", through=(*strace, "-e", fault)).returncode == -signal.SIGKILL

    return run


def killed_during_the_request(profile: Profile, server: UsageServer) -> None:
    """A run of the refresher that is killed while the server keeps it waiting."""
    refresher = profile.start("refresh")
    assert server.wait_for(1)
    os.kill(refresher.pid, signal.SIGKILL)
    assert refresher.wait(HANG_S) == -signal.SIGKILL


KILLS = [
    # Files are synced in this order: the stamp, the state after the answer, usage.json.
    pytest.param(killed_at("fsync", 1), 0, 0, id="C01-before-stamp"),
    pytest.param(killed_at("sendto", 1), 1, 0, id="C01-after-stamp"),
    pytest.param(killed_during_the_request, 1, 1, id="C01-during-request"),
    pytest.param(killed_at("fsync", 2), 1, 1, id="C01-before-state"),
    pytest.param(killed_at("fsync", 3), 1, 1, id="C01-before-publish"),
]


@needs_strace
@pytest.mark.parametrize(("kill", "stamped", "asked"), KILLS)
def test_c01_a_killed_refresher_has_used_its_attempt(
    kill: Callable[[Profile, UsageServer], None], stamped: int, asked: int, tmp_path: Path
) -> None:
    """C01, C06: at most one request in the window; the lock file left behind stops no later one."""
    first = Answer(hang="request") if kill is killed_during_the_request else usage_answer()
    with UsageServer([first, usage_answer()] if asked else [usage_answer()]) as server:
        profile = Profile(tmp_path, server.url)
        kill(profile, server)
        state = profile.directory / "state.json"
        assert (len(profile.state()["attempts"]) if state.exists() else 0) == stamped
        assert server.count == asked
        profile.run("refresh", "--force")
        in_the_window = server.count
        assert in_the_window == (asked if stamped else 1)
        # Of a request that was stamped nobody knows when it left.
        profile.let_pass(81 if stamped else 61)
        profile.run("refresh", "--force")
        assert server.count == in_the_window + 1
        assert profile.usage()["state"] == "ok"


def test_c03_a_deleted_lock_file_does_not_free_a_second_request(tmp_path: Path) -> None:
    """C03: the stamp stands behind the lock."""
    with UsageServer([Answer(hang="request")]) as server:
        profile = Profile(tmp_path, server.url)
        refresher = profile.start("refresh")
        try:
            assert server.wait_for(1)
            (profile.directory / "lock").unlink()
            assert profile.run("refresh", "--force").returncode == 1
            assert server.count == 1
        finally:
            refresher.kill()
            refresher.wait(HANG_S)


def test_c15_two_profiles_are_independent(tmp_path: Path) -> None:
    """C15: each has its own 60 seconds."""
    with UsageServer([usage_answer()]) as server:
        for name in ("one", "two"):
            assert Profile(tmp_path / name, server.url).run("refresh").returncode == 0
        assert server.count == 2
