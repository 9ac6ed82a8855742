"""A cancelled status line: Claude Code kills its whole process tree, the refresher lives on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.support.capabilities import needs_proc, needs_strace
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile
from tests.support.program import argv, environment
from tests.support.real_line import NOBODY, NUMBERS, fill, known
from tests.support.server import Answer, UsageServer, usage_answer


def descendants(process: int) -> list[int]:
    """Every process below this one, by parent id, as Claude Code finds them."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(name))
    found, queue = [], [process]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def is_alive(process: int) -> bool:
    """Whether it exists and is no zombie."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def cancel(command: subprocess.Popen[bytes]) -> None:
    """Do what Claude Code does to a command it cancels (docs/claude-code.md 3.4)."""
    tree = [*descendants(command.pid), command.pid]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in tree:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        time.sleep(0.05)  # "shortly after"
    command.wait(HANG_S)


def as_claude_code(command: list[str], values: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a status line as Claude Code does, and let it take long after the render."""
    return subprocess.Popen(
        ["/bin/sh", "-c", '"$@"; sleep 3600', "sh", *command],
        env=values,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


@needs_proc
def test_the_refresher_survives_a_cancelled_render(tmp_path: Path) -> None:
    """C09, I05: orphaned first, the whole tree can be killed and the numbers still arrive."""
    killed = threading.Event()
    slow = Answer(body=usage_answer().body, after=killed.is_set)
    with UsageServer([slow]) as server:
        profile = Profile(tmp_path, server.url)
        command = as_claude_code(argv("tmux"), profile.environment)
        assert server.wait_for(1)
        cancel(command)
        killed.set()
        assert profile.wait_until_quiet()
    assert profile.usage()["state"] == "ok"


SINGLE_FORK = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    os.symlink(str(os.getpid()), sys.argv[1])
    while not os.path.exists(sys.argv[3]):
        time.sleep(0.01)
    open(sys.argv[2], "w").close()
    os._exit(0)
time.sleep(3600)
"""


@needs_proc
@pytest.mark.control
def test_a_single_fork_does_not_survive_it(tmp_path: Path) -> None:
    """Negative control: the same killer reaches a child with a session of its own."""
    started, survived, killed = (tmp_path / name for name in ("started", "survived", "killed"))
    values = environment(tmp_path)
    program = [sys.executable, "-IS", "-c", SINGLE_FORK, *map(str, (started, survived, killed))]
    command = as_claude_code(program, values)
    wait_until(started.is_symlink)
    cancel(command)
    killed.touch()
    wait_until(lambda: not is_alive(int(os.readlink(started))))
    assert not survived.exists()


#: Where a render is killed: at its gate, between gate and refresher, while it leaves a segment.
DEATHS = [
    pytest.param(True, "utimensat,utime,utimes,futimesat:when=1", id="I05-gate"),
    pytest.param(True, "clone,clone3,fork,vfork:when=1", id="I05-fork"),
    pytest.param(False, "rename:when=1", id="I05-rename"),
]


def die_at(profile: Profile, calls: str) -> int:
    """Kill a render when it makes one of these system calls; return its exit code."""
    names, _, when = calls.partition(":")
    fault = ("-e", f"trace={names}", "-e", f"inject={names}:signal=SIGKILL:{when}")
    return profile.run("tmux", through=("strace", "-qq", "-o", os.devnull, *fault)).returncode


@needs_strace
@pytest.mark.parametrize(("is_due", "calls"), DEATHS)
def test_a_render_killed_at_any_step_leaves_no_litter_and_no_lie(
    is_due: bool, calls: str, tmp_path: Path
) -> None:
    """Claude Code cancels at every event: the gate must open again, and no half segment count."""
    profile = Profile(tmp_path, NOBODY)
    fill(profile.directory, known(next_refresh_at=0.0) if is_due else None)
    assert die_at(profile, calls) == -signal.SIGKILL
    assert profile.wait_until_quiet()
    assert profile.shown() == NUMBERS
    for path in profile.directory.iterdir():
        os.utime(path, (1, 1))  # the gate is old, and so is what was left
    (profile.directory / "lock").unlink(missing_ok=True)
    fill(profile.directory, known(next_refresh_at=0.0))
    assert profile.shown() == NUMBERS
    assert profile.wait_until_quiet()
    left = {path.name for path in profile.directory.iterdir()}
    assert "lock" in left  # a refresher has run
    assert not [name for name in left if name.startswith(".tmp-")]
