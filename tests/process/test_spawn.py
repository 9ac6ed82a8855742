"""The detached refresher: started once, with nothing to tell and nobody waiting."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.segment import spawn
from statusline.system import clock
from statusline.system.environ import Environment
from tests.support.barrier import run_together
from tests.support.canary import Scratch, key
from tests.support.capabilities import needs_proc, needs_strace
from tests.support.patience import HANG_S
from tests.support.profile import TOKEN, Profile
from tests.support.program import package
from tests.support.real_line import (
    NOBODY,
    NUMBERS,
    SAMPLE,
    close_gate,
    fill,
    known,
    line_of,
    render,
)
from tests.support.server import Answer, UsageServer

HANG = Answer(hang="request")


def refreshers(profile: Profile) -> list[int]:
    """The ids of the detached refreshers in this home."""
    found = []
    for process in profile.processes():
        with contextlib.suppress(OSError):
            if b"--background" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


@contextlib.contextmanager
def hanging_refresher(profile: Profile, server: UsageServer) -> Iterator[int]:
    """The refresher that a render has started, while the server keeps it waiting."""
    assert server.wait_for(1)
    (process,) = refreshers(profile)
    os.kill(process, signal.SIGSTOP)  # so that it is looked at before it gives up
    try:
        yield process
    finally:
        os.kill(process, signal.SIGKILL)
        assert profile.wait_until_quiet()


@pytest.fixture
def copy() -> Iterator[Path]:
    """A copy of the package; its refreshers sign `starts` beside it."""
    with Scratch(prefix="statusline-copy-") as name:
        place = Path(name)
        target = place / "statusline"
        shutil.copytree(package(), target, ignore=shutil.ignore_patterns("__pyc*"))
        starts = place / "starts"
        starts.touch()
        main = target / "__main__.py"
        signature = (
            "import os, sys\n"
            "if '--background' in sys.argv:\n"
            f"    with open({str(starts)!r}, 'ab', 0) as file: file.write(b'%d\\n' % os.getpid())\n"
        )
        future = "from __future__ import annotations\n"
        main.write_text(main.read_text().replace(future, future + signature, 1))
        yield place


def stop_the_clock(copy: Path) -> None:
    """Let every program of this copy live at the present moment for ever."""
    main = copy / "statusline/__main__.py"
    call = "\nmain()\n"
    stopped = f"from statusline.system import clock\nclock.use(lambda: {time.time()})\n"
    assert main.read_text().endswith(call)
    main.write_text(main.read_text().removesuffix(call) + stopped + call)


def starts_in(copy: Path) -> int:
    """How many refreshers of this copy have run."""
    return len((copy / "starts").read_text().splitlines())


def test_l01_thirty_renders_start_one_refresher(copy: Path, tmp_path: Path) -> None:
    """20 sessions at 1 Hz may not start 20 interpreters: one in 5 s, by three counts."""
    with UsageServer() as server:
        profile = Profile(tmp_path, server.url)
        command = [sys.executable, "-I", str(copy / "statusline/__main__.py"), "tmux"]
        stop_the_clock(copy)  # all thirty fall into the 5 s, however slow the machine is
        assert run_together([command] * 30, profile.environment) == [0] * 30
        assert server.wait_for(1)
        assert profile.wait_until_quiet()
        assert starts_in(copy) == 1
        assert [path.name for path in profile.directory.glob("spawn.*")] == ["spawn.1"]
        assert server.count == 1


def test_the_gate_opens_again(tmp_path: Path) -> None:
    """After 5 s the next generation may start, and the old gates go."""
    profile = Profile(tmp_path, NOBODY)
    close_gate(profile.directory)
    for generation in (1, 2, 3, 4):
        gate = profile.directory / f"spawn.{generation}"
        assert gate.exists()
        long_ago_s = time.time() - 6
        os.utime(gate, (long_ago_s, long_ago_s))
        (profile.directory / "usage.json").unlink(missing_ok=True)
        render(profile.environment, "tmux")
        assert profile.wait_until_quiet()
    assert sorted(path.name for path in profile.directory.glob("spawn.*")) == ["spawn.4", "spawn.5"]


def test_the_gate_holds_where_the_file_server_has_another_clock(tmp_path: Path) -> None:
    """The start is stamped with this machine's clock, which is also the one that measures."""
    profile = Profile(tmp_path, NOBODY)
    moment = time.time() - 3
    clock.use(lambda: moment)  # to us, the files' clock is 3 s ahead
    try:
        started = [spawn.start(Environment(profile.environment), str(profile.directory), b"{}")]
        started.append(spawn.start(Environment(profile.environment), str(profile.directory)))
    finally:
        clock.use(None)
    assert started == [True, False]
    assert profile.wait_until_quiet()


@needs_strace
@pytest.mark.parametrize("error", ["", "EROFS", "ENOSPC", "EACCES"])
def test_without_a_gate_nothing_is_started(error: str, copy: Path, tmp_path: Path) -> None:
    """A render that cannot write the gate would start a refresher each time, so it starts none."""
    profile = Profile(tmp_path, NOBODY)
    fill(profile.directory, known(next_refresh_at=0.0))
    through = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", f"{profile.directory}/spawn.1"]
    through += ["-e", "trace=openat"]
    if error:
        through += ["-e", f"inject=openat:error={error}"]
    done = subprocess.run(
        [*through, sys.executable, "-I", str(copy / "statusline/__main__.py"), "tmux"],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert line_of(done) == NUMBERS
    assert profile.wait_until_quiet()
    assert starts_in(copy) == (0 if error else 1)


@needs_proc
def test_c10_nobody_waits_for_the_refresher(tmp_path: Path) -> None:
    """`$(statusline)` is back while the refresher still hangs: it holds no descriptor of ours."""
    with UsageServer([HANG]) as server:
        profile = Profile(tmp_path, server.url)
        through = ("/bin/sh", "-c", 'line=$("$@" 2>&1); printf "%s\\n" "$line"', "sh")
        assert render(profile.environment, "tmux", through=through)
        with hanging_refresher(profile, server) as refresher:
            fds = {int(fd.name): os.readlink(fd) for fd in Path(f"/proc/{refresher}/fd").iterdir()}
            assert fds[0].startswith("pipe:")
            assert (fds[1], fds[2]) == ("/dev/null", "/dev/null")
            assert os.getsid(refresher) not in (os.getsid(0), refresher)
            assert os.readlink(f"/proc/{refresher}/cwd") == "/"
            assert os.getpriority(os.PRIO_PROCESS, refresher) == 5


@needs_proc
@pytest.mark.parametrize("number", [200, 256, 900])
def test_c07_no_descriptor_is_inherited(tmp_path: Path, number: int) -> None:
    """A lock that the caller holds stayed locked as long as the refresher lived, from 256 on."""
    with UsageServer([HANG]) as server, open(tmp_path / "callers", "w") as held:
        profile = Profile(tmp_path / "home", server.url)
        high = os.dup2(held.fileno(), number)
        try:
            render(profile.environment, "tmux", pass_fds=(held.fileno(), high))
        finally:
            os.close(high)
        with hanging_refresher(profile, server) as refresher:
            fds = [os.readlink(fd) for fd in Path(f"/proc/{refresher}/fd").iterdir()]
            assert f"{tmp_path}/callers" not in fds


def test_the_refresher_yields_to_prompts(tmp_path: Path) -> None:
    """Alone in a new session, niceness would count for nothing where Linux has autogroups.

    At 19 it got 3 % of a machine that compiles, and was ended before it had asked.
    """
    with UsageServer([HANG]) as server:
        profile = Profile(tmp_path / "home", server.url)
        render(profile.environment, "tmux")
        with hanging_refresher(profile, server) as refresher:
            assert os.getpriority(os.PRIO_PROCESS, refresher) == 5
            group = Path(f"/proc/{refresher}/autogroup")
            assert not group.exists() or group.read_text().endswith(" nice 5\n")


CHILDREN_LEFT = """
import os, sys
sys.path.insert(0, sys.argv[1])
from statusline.system import environ
from statusline.segment import spawn
env = environ.current()
assert spawn.start(env, env.profile_dir)
try:
    print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print("none")
"""


def test_c11_a_render_leaves_no_child_behind(tmp_path: Path) -> None:
    """Neither a zombie nor a living child: the middle process is waited for, the rest is init's."""
    profile = Profile(tmp_path, NOBODY)
    done = subprocess.run(
        [sys.executable, "-I", "-c", CHILDREN_LEFT, str(package().parent)],
        env=profile.environment,
        capture_output=True,
        timeout=HANG_S,
        check=True,
    )
    assert done.stdout == b"none\n"
    assert profile.wait_until_quiet()


def news() -> bytes:
    """Claude Code's stdin with numbers that hold now."""
    now_s = int(time.time())
    limits = {
        "five_hour": {"used_percentage": 61, "resets_at": now_s + 7200},
        "seven_day": {"used_percentage": 22.4, "resets_at": now_s + 4 * 86400},
    }
    return json.dumps({**json.loads(SAMPLE), "rate_limits": limits}).encode()


def test_numbers_from_stdin_reach_the_other_surfaces(tmp_path: Path) -> None:
    """Handed over through the pipe; with `api = false` they are all there is, and no request."""
    with UsageServer() as server:
        profile = Profile(tmp_path, server.url)
        profile.configure("api = false\n")
        line = render(profile.environment, "claude", input=news())
        assert line.startswith("Opus 5.5 · ctx 1% · 5h 61% ")
        assert profile.wait_until_quiet()
        line = render(profile.environment, "tmux")
        assert line.startswith("5h 61% ")
        assert line.endswith(" · 7d 22%")
        assert server.count == 0
    known_now = profile.usage()
    assert known_now["windows"]["five_hour"]["source"] == "stdin"
    assert known_now["claude_version"] == "2.1.328"
    assert list(known_now["sessions"]) == [json.loads(SAMPLE)["session_id"]]


def test_a_closed_stdin_does_not_stop_the_refresher(tmp_path: Path) -> None:
    """I02: with descriptor 0 free the pipe itself becomes it, and must stay open all the same."""
    with UsageServer() as server:
        profile = Profile(tmp_path, server.url)
        through = ("/bin/sh", "-c", 'exec "$@" <&-', "sh")
        render(profile.environment, "tmux", through=through)
        assert server.wait_for(1)
        assert profile.wait_until_quiet()


@needs_proc
def test_s24_s25_the_refresher_shows_nothing_to_others(tmp_path: Path) -> None:
    """Neither token nor JSON in argv or environment, and no key of another program."""
    other = key("spawn")
    with UsageServer([HANG]) as server:
        profile = Profile(tmp_path, server.url)
        values = {**profile.environment, "ANTHROPIC_API_KEY": other, "PYTHONPATH": "/nowhere"}
        render(values, "claude", input=news())
        with hanging_refresher(profile, server) as refresher:
            shown = Path(f"/proc/{refresher}/cmdline").read_bytes()
            shown += Path(f"/proc/{refresher}/environ").read_bytes()
    session = json.loads(SAMPLE)["session_id"]
    for secret in (TOKEN, other, session, "five_hour", "used_percentage", "PYTHONPATH"):
        assert secret.encode() not in shown
    assert f"HOME={tmp_path}".encode() in shown
