"""A machine that sleeps through the 50 ms: what is in the pipe already counts nevertheless."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.capabilities import needs_strace
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import package
from tests.support.real_line import NUMBERS, SAMPLE, render

CLAUDE = f"Opus 5.5 · ctx 1% · {NUMBERS}"
#: Longer than `bounded_read.STDIN_DEADLINE_S`, in microseconds.
STALL_US = 120_000
#: Between starting the alarm and the first read; between a read's return and what becomes of it.
STALLS = {
    "before-the-read": f"inject=setitimer:delay_exit={STALL_US}",
    "after-the-read": f"inject=readv:delay_exit={STALL_US}:when=1",
}


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile with numbers, whose render may start no refresher."""
    return quiet_profile(tmp_path / "home", with_numbers=True)


def said(**changes: object) -> bytes:
    """The sample of Claude Code's stdin without rate limits, with these changes."""
    document = json.loads(SAMPLE)
    del document["rate_limits"]
    return json.dumps({**document, **changes}).encode() + b"\n"


@contextlib.contextmanager
def holding(data: bytes) -> Iterator[int]:
    """A pipe that holds `data` and stays open."""
    out, into = os.pipe()
    try:
        os.write(into, data)
        yield out
    finally:
        os.close(out)
        os.close(into)


def stalled(profile: Profile, stdin: int, stall: str) -> str:
    """Claude Code's line from a program that the kernel lets wait where `stall` says."""
    calls = "trace=setitimer,readv"
    through = ("strace", "-f", "-qq", "-o", os.devnull, "-e", calls, "-e", STALLS[stall])
    return render(profile.environment, "claude", stdin=stdin, through=through)


@needs_strace
@pytest.mark.parametrize("stall", STALLS)
@pytest.mark.parametrize("more", [0, 30_000], ids=["short", "longer-than-a-page"])
def test_a_stall_loses_nothing_that_has_arrived(stall: str, more: int, profile: Profile) -> None:
    """The line flickered to one without model and numbers of the session on a busy laptop."""
    with holding(said(session_name="x" * more)) as stdin:
        assert stalled(profile, stdin, stall) == CLAUDE
        assert os.get_blocking(stdin)  # whoever shares it relies on that


@needs_strace
@pytest.mark.parametrize("stall", STALLS)
@pytest.mark.parametrize("data", [b"", said()[:300], b" " * 5000], ids=["none", "half", "blanks"])
def test_a_stall_makes_nobody_wait_for_the_rest(stall: str, data: bytes, profile: Profile) -> None:
    """What is there is taken without waiting: a pipe left open would never end."""
    with holding(data) as stdin:
        assert stalled(profile, stdin, stall) == NUMBERS


#: A program in which `select` says that there is something, and another has taken it.
RACE = (
    "import select, sys\n"
    "sys.path.insert(0, sys.argv[1])\n"
    "from statusline.system import bounded_read\n"
    "select.select = lambda *_: ([0], [], [])\n"
    "print(bounded_read.read_stdin()[0])\n"
)


def test_whoever_loses_the_race_for_the_bytes_does_not_hang() -> None:
    """Another reader of the same pipe may take what `select` has promised; a last alarm ends it."""
    with holding(b"") as stdin:
        command = [sys.executable, "-I", "-c", RACE, str(package().parent)]
        done = subprocess.run(
            command, stdin=stdin, capture_output=True, timeout=HANG_S, check=False
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"None\n", b"")
