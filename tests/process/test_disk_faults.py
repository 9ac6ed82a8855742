"""A disk that takes nothing more, takes only half, is slow, or loses the directory meanwhile."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.system import atomic_write
from tests.support.capabilities import needs_namespaces, needs_root, needs_strace
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv
from tests.support.real_line import FETCHED, NUMBERS, fill, line_of, render
from tests.support.server import Answer, UsageServer, usage_answer

#: Mounts a small disk in the cache's place, with what was in the cache; then fills it.
SMALL_DISK = """
set -e
cp -a "$1" "$1.before"
mount -t tmpfs -o "$2,mode=700" tmpfs "$1"
cp -a "$1.before/." "$1"
eval "$3"
shift 3
set +e
"$@"
code=$?
cp -a "$DISK/." "$DISK.after"
exit "$code"
"""
FULL = {
    "B05-no-inode": ("nr_inodes=40", 'i=0; while true >"$1/full.$i"; do i=$((i + 1)); done'),
    "B07-one-page-left": (
        "size=64k",
        'cat /dev/zero >"$1/full" || true; truncate -s -4096 "$1/full"',
    ),
}


@needs_namespaces
@pytest.mark.parametrize("case", FULL)
def test_a_disk_without_room_keeps_the_numbers_and_asks_nothing(
    case: str, profile: Profile, server: UsageServer
) -> None:
    """B05, B07: where a page was left, a request a minute went out whose answer found no room."""
    fill(profile.directory)
    profile.let_pass(700)
    options, filler = FULL[case]
    after = Path(f"{profile.directory}.after")
    after.mkdir()
    profile.environment["DISK"] = str(profile.directory)
    inside = ("unshare", "-m", "/bin/sh", "-c", SMALL_DISK, "sh", str(profile.directory))
    done = profile.run("refresh", through=(*inside, options, filler))
    assert done.returncode == 1
    assert "No space left on device. Free some space" in done.stderr
    assert server.count == 0
    assert (after / "usage.json").read_bytes() == (profile.directory / "usage.json").read_bytes()
    assert not list(after.glob(".tmp-*"))


def test_b01_a_close_that_fails_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file server may say only then that there is no room: each probe left its file behind."""
    close = os.close

    def fail(handle: int) -> None:
        close(handle)
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr("statusline.system.atomic_write.os.close", fail)
    with pytest.raises(OSError, match="quota"):
        atomic_write.check_place(f"{tmp_path}/usage.json", 100)
    with pytest.raises(OSError, match="quota"):
        atomic_write.write(f"{tmp_path}/usage.json", b"new")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_b07_a_segment_that_was_not_written_whole_is_none(tmp_path: Path) -> None:
    """Where a file could not grow, what of the line went into it was shown in every prompt."""
    profile = quiet_profile(tmp_path, with_numbers=True)
    done = subprocess.run(
        argv("tmux"),
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)),
    )
    assert line_of(done) == NUMBERS
    assert {path.name for path in profile.directory.iterdir()} == {"spawn.1", "usage.json"}


@pytest.fixture
def frozen(profile: Profile) -> Iterator[Path]:
    """The cache of a profile with numbers, in which nothing can be made or changed."""
    fill(profile.directory)
    (profile.directory / "spawn.1").touch(mode=0o600)
    freeze = ["chattr", "+i", str(profile.directory)]
    if shutil.which("chattr") is None or subprocess.run(freeze, check=False).returncode:
        pytest.skip("this file system has no immutable directories")
    yield profile.directory
    subprocess.run(["chattr", "-i", profile.directory], check=True)


@needs_root
def test_b09_in_an_immutable_directory_nothing_is_asked(
    frozen: Path, profile: Profile, server: UsageServer
) -> None:
    """Also as root: the line stays, no request is made, and the sentence says what to do."""
    before = sorted(frozen.iterdir())
    assert render(profile.environment, "tmux") == NUMBERS
    done = profile.run("refresh", "--force")
    assert done.returncode == 1
    assert "STATUSLINE_CACHE_DIR" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(frozen.iterdir()) == before
    assert server.count == 0


def test_b10_a_directory_that_goes_meanwhile_is_one_lost_answer(
    profile: Profile, server: UsageServer
) -> None:
    """Removed while the API is asked: a sentence, no traceback, and the next run makes it anew."""
    gone = threading.Event()
    server.script = [Answer(body=usage_answer().body, after=gone.is_set), usage_answer()]
    command = subprocess.Popen(
        argv("refresh"),
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.wait_for(1)
    shutil.rmtree(profile.directory)
    gone.set()
    _out, err = command.communicate(timeout=HANG_S)
    assert command.returncode == 1
    assert err.startswith("The cache directory cannot be written: No such file or directory. ")
    assert not profile.directory.exists()
    assert profile.run("refresh").returncode == 0
    assert FETCHED.fullmatch(profile.shown())


@needs_strace
def test_b16_nobody_waits_for_a_slow_disk(profile: Profile, server: UsageServer) -> None:
    """While a refresher hangs in fsync, prompts have their line and no second request is made."""
    fill(profile.directory)
    slow = ("-e", "trace=fsync", "-e", "inject=fsync:delay_enter=3600000000:when=1")
    with subprocess.Popen(
        ["strace", "-f", "-qq", "-o", os.devnull, *slow, *argv("refresh", "--force")],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
    ):
        wait_until(lambda: list(profile.directory.glob(".tmp-*")), "the write before the fsync")
        assert render(profile.environment, "tmux") == NUMBERS
        second = profile.run("refresh", "--force")
        assert "Another refresh is running" in second.stdout + second.stderr
        assert server.count == 0
        for process in profile.processes():
            os.kill(process, signal.SIGKILL)
    assert profile.wait_until_quiet()
