"""What a refresher may cost and reach: time, memory, niceness, the disk, the token."""

from __future__ import annotations

import inspect
import json
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from statusline.refresh import refresher
from statusline.refresh.api import fetch_usage
from tests.support.figures import Note
from tests.support.patience import HANG_S
from tests.support.profile import TOKEN, Profile
from tests.support.program import argv, package
from tests.support.server import Answer, UsageServer, gzip_bomb

MOST_MEMORY_KB = 60 * 1024


#: The kernel counts what a process was before it became another program, so a small one starts it.
_PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, stderr=-3); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def a_refresh(profile: Profile, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run Python lines that can call `refresh`, in a process and home of their own."""
    start = [
        "import os, signal, sys, time",
        f"sys.path.insert(0, {str(package().parent)!r})",
        "from statusline.system import environ",
        "from statusline.refresh import refresher",
    ]
    return subprocess.run(
        [sys.executable, "-I", "-c", "\n".join([*start, *lines])],
        env=profile.environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )


def test_c14_a_silent_server_is_given_up_after_its_deadline(
    profile: Profile, server: UsageServer
) -> None:
    """C14: by the deadline, which leaves the kernel's alarm alone; politely all the while."""
    deadline_s = inspect.signature(fetch_usage).parameters["deadline_s"].default
    assert deadline_s <= refresher.HARD_LIMIT_S / 2
    server.script = [Answer(hang="request")]
    done = a_refresh(
        profile,
        f"refresher.HARD_LIMIT_S = {HANG_S}",
        "from statusline.refresh import api",
        "api.fetch_usage.__kwdefaults__['deadline_s'] = 0.5",
        "with refresher.process_limits():",
        "    report = refresher.refresh(environ.current())",
        "    print(report.state, os.getpriority(os.PRIO_PROCESS, 0))",
    )
    assert done.stdout == "unreachable 5\n"
    assert profile.usage()["state"] == "unreachable"


def test_c14_the_kernel_ends_a_stuck_refresher(profile: Profile) -> None:
    """C14: by the default action of SIGALRM, which needs no Python to run; within 20 s."""
    assert refresher.HARD_LIMIT_S <= 20
    done = a_refresh(
        profile,
        "refresher.HARD_LIMIT_S = 0.5",
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)",
        "with refresher.process_limits():",
        "    refresher.refresh(environ.current(), log=lambda step: time.sleep(3600))",
    )
    assert done.returncode == -signal.SIGALRM


def test_c14_the_alarm_is_set_while_the_message_is_read(profile: Profile) -> None:
    """C14: a render that was stopped keeps the pipe open; the refresher does not wait for ever."""
    done = a_refresh(
        profile,
        "refresher.HARD_LIMIT_S = 0.5",
        "incoming, outgoing = os.pipe()",
        "os.dup2(incoming, 0)",
        "refresher.run_in_background()",
    )
    assert done.returncode == -signal.SIGALRM


def test_the_alarm_does_not_outlive_the_refresh(profile: Profile) -> None:
    """What comes after it in the same process is not ended by it."""
    done = a_refresh(
        profile,
        f"refresher.HARD_LIMIT_S = {HANG_S}",
        "with refresher.process_limits():",
        "    refresher.refresh(environ.current())",
        "print(signal.getitimer(signal.ITIMER_REAL))",
    )
    assert done.stdout == "(0.0, 0.0)\n"


@pytest.mark.parametrize("what", ["200", "D08-bomb"])
def test_m09_the_refresher_takes_at_most_60_mb(
    what: str, profile: Profile, server: UsageServer, figure: Note
) -> None:
    """M09: also when 200 MB come out of 200 kB."""
    if what != "200":
        server.script = [Answer(body=gzip_bomb(200), headers=[("Content-Encoding", "gzip")])]
    done = subprocess.run(
        [sys.executable, "-IS", "-c", _PEAK, *argv("refresh", "--force")],
        env=profile.environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    assert server.count == 1
    assert 5000 < int(done.stdout) <= MOST_MEMORY_KB
    figure("M09", f"{what}: {int(done.stdout) / 1024:.0f}")
    assert profile.usage()["state"] == ("ok" if what == "200" else "malformed")


DEBUGGED = [
    ("200", Answer(headers=[("Content-Type", "text/html")], body=TOKEN.encode())),
    ("401", Answer(401, body=b'{"error":{"message":"' + TOKEN.encode() + b'"}}')),
    ("429", Answer(429, headers=[("Retry-After", TOKEN)])),
    ("RST", Answer(reset="request")),
    ("redirect", Answer(302, headers=[("Location", f"http://127.0.0.1/{TOKEN}")])),
]


@pytest.mark.parametrize("answer", [row[1] for row in DEBUGGED], ids=[row[0] for row in DEBUGGED])
def test_s17_debug_prints_the_steps_and_never_the_token(
    answer: Answer, profile: Profile, server: UsageServer
) -> None:
    """S17: neither on a terminal nor in a file, also when the server sends it back."""
    server.script = [answer]
    done = profile.run("refresh", "--debug")
    assert "attempt stamped" in done.stderr
    assert "answer:" in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    for path in profile.directory.rglob("*"):
        assert TOKEN.encode() not in path.read_bytes(), path.name


def test_s12_no_answer_adds_a_line_to_the_log(profile: Profile, server: UsageServer) -> None:
    """One step, one line: what the server or a session says can neither forge nor erase one."""
    forged = "x\n1790000000.000 attempt stamped\r\x1b[2J\x9b2J\u202e"
    body = json.dumps({"error": {"type": forged, "message": forged}}).encode()
    server.script = [Answer(429, body, reason="A\x1b[2J", headers=[("Retry-After", "\x1b[2J")])]
    profile.write_claude_json(forged, cachedUsage={"five_hour": forged})
    profile.sign_in(subscriptionType=forged, rateLimitTier=forged)
    steps = profile.run("refresh", "--debug").stderr.splitlines()
    assert sum(step.endswith("attempt stamped") for step in steps) == 1
    assert all(step.isprintable() for step in steps)
    assert all(re.match(r"\d+\.\d{3} [a-z]", step) for step in steps[:-1])


def test_s15_every_file_is_private(profile: Profile, server: UsageServer) -> None:
    """S15: 0600 in 0700, whatever a refresh leaves, or hooks of an earlier version have left."""
    profile.directory.mkdir(parents=True)
    clock = profile.directory / "now"
    clock.touch()
    clock.chmod(0o664)
    for directory in (profile.directory, profile.directory.parent):
        directory.chmod(0o700)
    profile.run("refresh")
    assert server.count == 1
    for path in (profile.directory.parent, *profile.directory.parent.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_s17_no_core_dump_holds_the_token(profile: Profile, server: UsageServer) -> None:
    """Whoever reads the login forbids a dump first, whatever the shell allows."""
    server.script = [Answer(hang="request")]
    running = profile.start("refresh")
    try:
        assert server.wait_for(1)
        limits = Path(f"/proc/{running.pid}/limits").read_text()
    finally:
        running.kill()
        running.wait(HANG_S)
    assert re.search(r"^Max core file size +0 +0 +bytes", limits, re.MULTILINE)


def test_the_floor_holds_where_a_clock_flaps_and_nothing_names_the_start(
    profile: Profile, server: UsageServer
) -> None:
    """Without a boot clock one that went to and fro by an hour let 21 requests out in 50 s."""
    done = a_refresh(
        profile,
        "import time",
        "del time.CLOCK_BOOTTIME",
        "real = time.time",
        "env = environ.current()",
        "for turn in range(12):",
        "    time.time = lambda: real() + 3600 * (turn % 2)",
        "    print(refresher.refresh(env, force=turn % 3 == 0).result)",
    )
    assert done.stderr == ""
    assert done.stdout.split().count("asked") == 1
    assert server.count == 1
