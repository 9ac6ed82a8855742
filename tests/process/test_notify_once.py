"""A notification is sent once, whatever else runs or is killed, and never before publishing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.barrier import run_together
from tests.support.capabilities import needs_strace
from tests.support.notified import TEXT, Notified
from tests.support.patience import HANG_S
from tests.support.program import argv, package

#: Many refreshers at the same moment, each of which gets the lock in the end.
CROWD = """
import os, random, sys, time
sys.path.insert(0, sys.argv[1])
from statusline.notify import told
from statusline.refresh import refresher
from statusline.system import environ
count, message = int(sys.argv[2]), sys.argv[4].encode()
if sys.argv[3] == "unstamped":
    told.save = lambda *_arguments: None
parent = os.getpid()
gate, opener = os.pipe()
children = []
for _ in range(count):
    child = os.fork()
    if child == 0:
        os.close(opener)
        os.read(gate, 1)
        while refresher.refresh(environ.current(), message=message).result == "busy":
            time.sleep(random.random() * count / 50)  # whoever has the lock needs a processor
            if os.getppid() != parent:
                os._exit(1)  # the test has given up
        os._exit(0)
    children.append(child)
os.close(opener)
sys.exit(max(os.waitpid(child, 0)[1] for child in children))
"""


def crowd(profile: Notified, count: int, way: str = "stamped") -> None:
    """Let so many refreshers take the same number in at the same moment."""
    arguments = (str(package().parent), str(count), way, profile.message(82).decode())
    subprocess.run(
        [sys.executable, "-I", "-c", CROWD, *arguments],
        env=profile.environment,
        timeout=HANG_S,
        check=True,
    )


def test_a_crowd_of_refreshers_says_it_once(tmp_path: Path) -> None:
    """L11: each terminal's refresher would send the same notification."""
    profile = Notified(tmp_path)
    crowd(profile, 12)
    assert profile.told == [TEXT]


def test_without_the_stamp_the_crowd_would_be_heard(tmp_path: Path) -> None:
    """L11, the check itself: it sees a notifier that does not stamp."""
    profile = Notified(tmp_path)
    crowd(profile, 4, "unstamped")
    assert len(profile.told) == 4


@pytest.mark.full
def test_two_hundred_processes_say_it_once(tmp_path: Path) -> None:
    """L11 with two hundred real refreshers."""
    profile = Notified(tmp_path)
    message = tmp_path / "message"
    message.write_bytes(profile.message(82))
    fed = ["/bin/sh", "-c", 'exec "$@" <"$0"', str(message), *argv("refresh", "--background")]
    codes = run_together([fed] * 200, profile.environment)
    assert set(codes) <= {0, -signal.SIGALRM}  # some are ended, since they had no processor
    assert profile.told == [TEXT]


SYNC, RENAME = "fsync", "?rename,?renameat,?renameat2"
START = "?vfork,?fork,?clone,?clone3"


def traced(file: Path, calls: str, *more: str) -> tuple[str, ...]:
    """What starts a refresher under strace, which notes these calls in a file."""
    return ("strace", "-f", "-qq", "-o", str(file), "-e", f"trace={calls}", *more)


def killed_at(calls: str, number: int) -> tuple[str, ...]:
    """What kills a refresher at the number-th of these calls."""
    return traced(Path("/dev/null"), calls, "-e", f"inject={calls}:signal=SIGKILL:when={number}")


@needs_strace
@pytest.mark.parametrize("is_stamped", [False, True])
def test_a_killed_refresher_never_says_it_twice(tmp_path: Path, is_stamped: bool) -> None:
    """L12: after the stamp it is lost, before it the next one says it; it was published anyway."""
    number = 1
    if not is_stamped:
        twin = Notified(tmp_path / "twin")
        assert twin.refreshes(82, traced(tmp_path / "calls", f"{SYNC},{RENAME}")) == 0
        before, found, _after = (tmp_path / "calls").read_text().partition("notices.json")
        assert found
        number = before.count("fsync(")
    profile = Notified(tmp_path / "home")
    killed = killed_at(START if is_stamped else SYNC, number)
    assert profile.refreshes(82, killed) == -signal.SIGKILL
    assert profile.usage()["windows"]["five_hour"]["utilization_pct"] == 82
    assert (profile.directory / "notices.json").exists() is is_stamped
    assert profile.told == []
    for used_pct in (82, 83):
        assert profile.refreshes(used_pct) == 0
    assert profile.told == ([] if is_stamped else [TEXT])


def test_it_is_published_before_it_is_said_and_without_the_lock(tmp_path: Path) -> None:
    """A program that is started while the lock is held could keep every other refresher out."""
    teller = (
        "#!/bin/sh\n"
        'cd "$HOME/.cache/statusline/"*\n'
        "flock -n lock true && said=free || said=locked\n"
        'grep -q "\\"utilization_pct\\":82" usage.json && said="$said, published"\n'
        'printf "%s|%s\\n" "$*" "$said" >>"$HOME/told"\n'
    )
    profile = Notified(tmp_path, teller=teller)
    profile.sees(82)
    assert profile.told == ["free, published"]


def test_what_cannot_be_stamped_is_not_said(tmp_path: Path) -> None:
    """It would be said again by every refresher."""
    profile = Notified(tmp_path)
    assert profile.sees(50).result == "local"
    stamps = profile.directory / "notices.json"
    stamps.unlink()
    stamps.mkdir()
    (stamps / "x").touch()
    assert profile.sees(82).result == "local"
    assert profile.told == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"accounts": {"": {"five_hour": [1, {}]}}}'])
def test_stamps_that_cannot_be_read_cost_one_notification(tmp_path: Path, content: str) -> None:
    """Whatever the file holds: it is said once more, and then no more."""
    profile = Notified(tmp_path)
    profile.sees(50)
    (profile.directory / "notices.json").write_text(content)
    for used_pct in (82, 83):
        assert profile.sees(used_pct).result == "local"
    assert len(profile.told) == 1


def test_stamps_of_a_newer_program_are_left_alone(tmp_path: Path) -> None:
    """Two versions side by side: only the newer one knows what it has said."""
    profile = Notified(tmp_path)
    profile.sees(50)
    path = profile.directory / "notices.json"
    path.write_text('{"schema": 2}')
    profile.sees(82)
    assert profile.told == []
    assert json.loads(path.read_text()) == {"schema": 2}


def test_off_by_default_it_costs_nothing(tmp_path: Path) -> None:
    """Nobody asked for it: no file, no process."""
    profile = Notified(tmp_path)
    profile.configure("api = false\n")
    assert profile.sees(82).notices == ()
    assert not (profile.directory / "notices.json").exists()
    assert profile.told == []


def test_a_forecast_of_the_real_history_is_said_once(tmp_path: Path) -> None:
    """What is forecast and what is said of it are made in the same run."""
    profile = Notified(tmp_path, forecast="true")
    for used_pct in (82, 83, 84, 85, 86):
        profile.sees(used_pct, said_at=time.time() - 60 * (87 - used_pct))
    assert profile.usage()["forecasts"]["five_hour"]["full_at"] < profile.resets_at
    assert sum("at this pace full in" in text for text in profile.told) == 1
    assert len(profile.told) <= 2
