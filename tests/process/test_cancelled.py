"""A cancelled status line: Claude Code kills its whole process tree, the refresher lives on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.profile import Profile
from tests.support.program import argv, environment
from tests.support.server import Answer, UsageServer, usage_answer

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


def poll(condition: Callable[[], object], deadline_s: float = 10.0) -> bool:
    """Whether the condition came true before the deadline."""
    end_s = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.01)
    return True


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


def cancel(command: subprocess.Popen[bytes]) -> None:
    """Do what Claude Code does to a command it cancels (docs/claude-code.md 3.4)."""
    tree = [*descendants(command.pid), command.pid]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in tree:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        time.sleep(0.05)  # "shortly after"
    command.wait(10)


def as_claude_code(command: list[str], values: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a status line as Claude Code does, and let it take long after the render."""
    return subprocess.Popen(
        ["/bin/sh", "-c", '"$@"; sleep 60', "sh", *command],
        env=values,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


@needs_proc
def test_the_refresher_survives_a_cancelled_render(tmp_path: Path) -> None:
    """It was orphaned first, so the whole tree can be killed and the numbers still arrive."""
    slow = Answer(body=usage_answer().body, headers_delay_s=1.0)
    with UsageServer([slow]) as server:
        profile = Profile(tmp_path, server.url)
        command = as_claude_code(argv("tmux"), profile.environment)
        assert server.wait_for(1)
        cancel(command)
        assert profile.wait_until_quiet()
    assert profile.usage()["state"] == "ok"


SINGLE_FORK = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    open(sys.argv[1], "w").close()
    time.sleep(1)
    open(sys.argv[2], "w").close()
    os._exit(0)
time.sleep(60)
"""


@needs_proc
def test_a_single_fork_does_not_survive_it(tmp_path: Path) -> None:
    """Negative control: the same killer reaches a child with a session of its own."""
    started, survived = tmp_path / "started", tmp_path / "survived"
    values = environment(tmp_path)
    program = [sys.executable, "-IS", "-c", SINGLE_FORK, str(started), str(survived)]
    command = as_claude_code(program, values)
    assert poll(started.exists)
    cancel(command)
    assert not poll(survived.exists, deadline_s=1.5)
