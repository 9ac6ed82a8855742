"""`statusline guard` as scripts call it: real processes, a real cache, exit codes."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from statusline.usage.observation import Observation
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.real_line import fill, known
from tests.support.server import UsageServer, usage_answer


def full(resets_at: int, now_s: float) -> dict[str, Observation]:
    """A 5-hour window at 95 %, seen at `now_s`."""
    return {"five_hour": Observation("five_hour", "5h", 95.0, resets_at, now_s, "api")}


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("--max", "90"), 0, "below 90%: 5h 61%, 7d 22% (resets in 4d0h)"),
        (("--max", "61", "--window", "5h"), 1, "at or above 61%: 5h 61%"),
        (("--max", "61", "--window", "7d"), 0, "below 61%: 7d 22% (resets in 4d0h)"),
    ],
    ids=["below", "reached", "other window"],
)
def test_the_exit_code_is_the_answer(
    profile: Profile, server: UsageServer, words: tuple[str, ...], code: int, line: str
) -> None:
    """One line, the documented exit code, and no request nor refresher."""
    fill(profile.directory)
    done = profile.run("guard", *words)
    said = done.stdout.replace("3d23h", "4d0h")
    assert (done.returncode, said, done.stderr) == (code, f"{line}\n", "")
    assert profile.wait_until_quiet()
    assert server.count == 0


def test_without_a_cache_the_answer_is_unknown(profile: Profile, server: UsageServer) -> None:
    """Nothing known: 3, and it says what to run. Without --wait nothing is started."""
    done = profile.run("guard", "--max", "90")
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == "unknown: No usage is known yet. Run `statusline refresh`.\n"
    assert profile.wait_until_quiet()
    assert server.count == 0


@pytest.mark.parametrize("content", [b"", b"{", b"\x1b]0;owned\x07", b'{"schema":"\x1b[31m"}'])
def test_a_broken_cache_is_unknown_and_named(profile: Profile, content: bytes) -> None:
    """A file that holds no usage is never 0 %: 3, the path, the fix, no control character."""
    fill(profile.directory).write_bytes(content)
    done = profile.run("guard", "--max", "90")
    assert (done.returncode, done.stderr) == (3, "")
    assert "usage.json is broken" in done.stdout
    assert "Remove it" in done.stdout
    assert done.stdout[:-1].isprintable()


def test_waiting_lets_the_usage_be_asked(profile: Profile, server: UsageServer) -> None:
    """With --wait and no cache the refresher is started once, and its number is the answer."""
    done = profile.run("guard", "--max", "99", "--window", "5h", "--wait")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("below 99%: 5h 61%")
    assert server.count == 1


def test_waiting_without_a_login_ends(tmp_path: Path) -> None:
    """Where no answer can come, --wait gives up as soon as that is known, and names the fix."""
    profile = Profile(tmp_path, "http://127.0.0.1:1")
    (profile.home / ".claude" / ".credentials.json").unlink()
    done = profile.run("guard", "--max", "90", "--wait")
    assert done.returncode == 3
    assert done.stdout == "unknown: No Claude login was found. Run `claude` and sign in.\n"


def test_waiting_ends_with_the_first_number_after_the_reset(profile: Profile) -> None:
    """A reset by itself is no yes: --wait goes on until somebody has published a newer number."""
    now_s = time.time()
    past = full(int(now_s) // 60 * 60, now_s - 600)
    fill(profile.directory, known(windows=past))
    done = profile.run("guard", "--max", "90")
    assert done.returncode == 3
    assert "reset, no newer number: 5h" in done.stdout
    waiting = start_waiting(profile)
    wait_until_asleep(waiting.pid)
    fill(profile.directory, known())
    out, err = waiting.communicate(timeout=HANG_S)
    assert (waiting.returncode, err) == (0, b"")
    assert out.startswith(b"below 90%: 5h 61%, 7d 22%")


def test_a_new_number_frees_before_the_reset(profile: Profile, server: UsageServer) -> None:
    """While it waits, it lets the API be asked when that is due, and takes the new number."""
    now_s = time.time()
    resets_at = (int(now_s) // 60 + 60) * 60
    server.script = [usage_answer(five_hour=5)]
    windows = full(resets_at, now_s - 60)
    fill(profile.directory, known(windows=windows, next_refresh_at=now_s, attempted_at=now_s - 400))
    done = profile.run("guard", "--max", "90", "--wait", "--window", "5h")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("below 90%: 5h 5%")
    assert server.count == 1


def test_ctrl_c_ends_the_waiting(profile: Profile) -> None:
    """SIGINT: exit code 130, nothing on stdout, no traceback."""
    now_s = time.time()
    fill(profile.directory, known(windows=full((int(now_s) // 60 + 60) * 60, now_s)))
    waiting = start_waiting(profile)
    wait_until_asleep(waiting.pid)
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=HANG_S)
    assert (waiting.returncode, out, err) == (130, b"", b"")


def start_waiting(profile: Profile) -> subprocess.Popen[bytes]:
    """A guard that waits."""
    return subprocess.Popen(
        argv("guard", "--max", "90", "--wait"),
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_until_asleep(pid: int) -> None:
    """Polls until the process sleeps on the clock, which it does when it has begun to wait."""
    wchan = Path(f"/proc/{pid}/wchan")
    wait_until(lambda: "nanosleep" in wchan.read_text(), "the begin of its wait")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--max", "0"),
        ("--max", "x"),
        ("--max", "nan"),
        ("--max", "90", "--max-age", "nan"),
        ("--max", "90", "--window", "1h"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_no_answer(profile: Profile, words: tuple[str, ...]) -> None:
    """A mistake in the call is exit code 2, and never one of the answers."""
    done = profile.run("guard", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage: statusline guard" in done.stderr
