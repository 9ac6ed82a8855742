"""What the system refuses to a process, or does to it: no fork, no thread, a stop, a signal."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from statusline.system import file_lock
from tests.support.capabilities import needs_strace
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile
from tests.support.program import argv, package
from tests.support.real_line import (
    FETCHED,
    NUMBERS,
    fill,
    known,
    line_of,
)
from tests.support.server import Answer, UsageServer, usage_answer

FORKS = "clone,clone3,fork,vfork"


#: Once the first fork has worked, the process that it made may not fork again.
NO_SECOND_FORK = f"""
import posix, sys
sys.path.insert(0, {str(package().parent)!r})
from statusline import entry
fork, seen = posix.fork, []
def refuse():
    seen.append(1)
    if len(seen) == 2:
        raise BlockingIOError(11, "Resource temporarily unavailable")
    return fork()
posix.fork = refuse
entry.main()
"""
REFUSED_FORKS = {
    "C12-first": (
        *("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={FORKS}"),
        *("-e", f"inject={FORKS}:error=EAGAIN:when=1", *argv("tmux")),
    ),
    "C12-second": (sys.executable, "-I", "-c", NO_SECOND_FORK, "tmux"),
    "C12-none": argv("tmux"),
}


@needs_strace
@pytest.mark.parametrize("case", REFUSED_FORKS)
def test_without_a_process_for_the_refresher_there_is_a_line(case: str, profile: Profile) -> None:
    """Neither fork of a render is worth a word in a prompt when the system refuses it."""
    fill(profile.directory, known(next_refresh_at=0.0))
    done = subprocess.run(
        REFUSED_FORKS[case],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert line_of(done) == NUMBERS
    assert profile.wait_until_quiet()
    assert (profile.directory / "lock").exists() is (case == "C12-none")  # a refresher has run


@needs_strace
def test_c12_without_a_thread_the_refresher_says_so(profile: Profile, server: UsageServer) -> None:
    """It asks in a thread of its own; without one there is a sentence, and no traceback."""
    refused = ("-e", f"trace={FORKS}", "-e", f"inject={FORKS}:error=EAGAIN")
    done = profile.run("refresh", through=("strace", "-f", "-qq", "-o", os.devnull, *refused))
    assert done.returncode == 1
    assert "no thread could be started" in done.stderr
    assert done.stderr.count("\n") == 1
    assert (server.count, profile.usage()["state"]) == (0, "unreachable")


def test_c02_a_stopped_refresher_is_neither_waited_for_nor_overtaken(
    profile: Profile, server: UsageServer
) -> None:
    """Stopped with the lock (^Z, a debugger): prompts go on, nobody else asks, then it goes on."""
    fill(profile.directory)
    profile.let_pass(700)
    woken = threading.Event()
    server.script = [Answer(body=usage_answer(62, 23).body, after=woken.is_set)]
    refresher = profile.start("refresh")
    assert server.wait_for(1)
    refresher.send_signal(signal.SIGSTOP)
    assert profile.shown().startswith("5h 61% ")
    second = profile.run("refresh", "--force")
    assert "Another refresh is running" in second.stdout + second.stderr
    assert server.count == 1
    woken.set()
    refresher.send_signal(signal.SIGCONT)
    assert refresher.wait(HANG_S) == 0
    assert profile.shown().startswith("5h 62% ")


def test_c02_a_stopped_refresher_that_is_killed_leaves_no_lock(
    profile: Profile, server: UsageServer
) -> None:
    """The kernel's lock ends with the process; the next request waits for the floor only."""
    server.script = [Answer(hang="request"), usage_answer()]
    refresher = profile.start("refresh")
    assert server.wait_for(1)
    refresher.send_signal(signal.SIGSTOP)
    refresher.kill()
    assert refresher.wait(HANG_S) == -signal.SIGKILL
    profile.let_pass(81)
    assert profile.run("refresh", "--force").returncode == 0
    assert server.count == 2


def test_g05_a_suspend_during_the_request_costs_one_answer(
    profile: Profile, server: UsageServer
) -> None:
    """The server has hung up meanwhile: the numbers stay, and the next try comes soon."""
    fill(profile.directory)
    profile.let_pass(700)
    asleep = threading.Event()
    server.script = [Answer(after=asleep.is_set, reset="headers")]
    refresher = profile.start("refresh")
    assert server.wait_for(1)
    refresher.send_signal(signal.SIGSTOP)
    asleep.set()
    wait_until(lambda: not server.is_serving, "the server's hanging up")
    refresher.send_signal(signal.SIGCONT)
    assert refresher.wait(HANG_S) == 1
    usage = profile.usage()
    assert usage["state"] == "unreachable"
    assert usage["windows"]["five_hour"]["utilization_pct"] == 61
    assert usage["next_allowed_at"] - usage["attempted_at"] <= 90


def test_c08_a_child_made_under_the_lock_does_not_keep_it(tmp_path: Path) -> None:
    """A child that lives on: the lock is held once, and free when its holder lets it go."""
    path = str(tmp_path / "lock")
    out, into = os.pipe()
    with file_lock.of_file(path):
        child = os.fork()
        if child == 0:
            os.close(into)
            os.read(out, 1)  # until the parent ends it
            os._exit(0)
        with pytest.raises(file_lock.Timeout), file_lock.of_file(path):
            pass
    with file_lock.of_file(path):
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
    os.close(into)
    os.close(out)
    assert os.waitpid(child, 0) == (child, 0)


#: Before the stamp is on the disk; after it; when the answer is.
SIGNALS = [
    pytest.param("SIGINT", "fsync", 1, id="C16-SIGINT"),
    pytest.param("SIGHUP", "sendto", 1, id="C16-SIGHUP"),
    pytest.param("SIGTERM", "rename", 3, id="C16-SIGTERM"),
]


def told(profile: Profile, name: str, call: str, count: int, seen: Path) -> str:
    """What a refresh says that gets a signal at a system call; `seen` is what strace wrote."""
    fault = ("-e", f"trace=openat,{call}", "-e", f"inject={call}:signal={name}:when={count}")
    done = profile.run("refresh", through=("strace", "-f", "-qq", "-o", str(seen), *fault))
    return done.stdout + done.stderr


def both_files_are_whole(profile: Profile) -> bool:
    """Whether `usage.json` and `state.json` can be read, where they are there."""
    for name, read in (("usage.json", profile.usage), ("state.json", profile.state)):
        if (profile.directory / name).exists():
            read()
    return True


@needs_strace
@pytest.mark.parametrize(("name", "call", "count"), SIGNALS)
def test_a_signal_leaves_no_traceback_and_no_half_file(
    name: str, call: str, count: int, profile: Profile, server: UsageServer, tmp_path: Path
) -> None:
    """Ctrl-C or a closed terminal in the middle of a refresh: no word, old files or new ones."""
    assert told(profile, name, call, count, tmp_path / "trace") == ""
    assert both_files_are_whole(profile)
    profile.let_pass(81)
    assert profile.run("refresh", "--force").returncode == 0
    assert FETCHED.fullmatch(profile.shown())
    assert server.count <= 2


@needs_strace
@pytest.mark.parametrize("count", [70, 100])
def test_c16_ctrl_c_while_a_command_is_loaded_is_silent(
    count: int, profile: Profile, tmp_path: Path
) -> None:
    """In its first tenth of a second every command answered Ctrl-C with a traceback."""
    assert told(profile, "SIGINT", "openat", count, tmp_path / "trace") == ""


#: Of which call the N-th is where Ctrl-C comes, with the step from one N to the next.
CALLS = {"openat": 9, "close": 9, "write": 1, "rename": 1}


@needs_strace
@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("call", CALLS)
def test_c16_ctrl_c_at_any_moment_is_silent(call: str, tmp_path: Path) -> None:
    """C16 from the moment at which the program itself runs, to its end."""
    seen = tmp_path / "trace"
    with UsageServer() as server:
        for count in itertools.count(1, CALLS[call]):
            profile = Profile(tmp_path / str(count), server.url)
            said = told(profile, "SIGINT", call, count, seen)
            trace = seen.read_text()
            if "SIGINT" not in trace:
                break
            is_ours = "/statusline/surfaces.py" in trace or "/surfaces.cpython" in trace
            assert (count, "Traceback" in said) == (count, not is_ours and "Traceback" in said)
            assert both_files_are_whole(profile)
