"""Where nothing could be kept nothing is asked."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.support.capabilities import needs_namespaces, needs_no_root, needs_root, needs_strace
from tests.support.profile import Profile
from tests.support.server import UsageServer


def test_b02_the_swept_left_overs_are_old_ones(profile: Profile) -> None:
    """B02: what a killed writer left is gone after the next run."""
    profile.run("refresh")
    left = profile.directory / ".tmp-0123456789abcdef"
    left.touch()
    os.utime(left, (0, 0))
    profile.run("refresh")
    assert not left.exists()


READ_ONLY = ("unshare", "-m", "sh", "-c")


@needs_root
@pytest.mark.parametrize("cache", ["absent", "present"])
def test_b08_on_a_read_only_file_system_nothing_is_asked(
    cache: str, profile: Profile, server: UsageServer
) -> None:
    """B08, C05: no lock, no stamp, so nothing is asked; the message says what to do."""
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    if cache == "present":
        profile.run("refresh")
        profile.let_pass(700)
    before = server.count
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" "$0" && exec "$@"'
    done = profile.run("refresh", through=(*READ_ONLY, mount, str(profile.home)))
    assert done.returncode == 1
    assert "STATUSLINE_CACHE_DIR" in done.stderr
    assert str(profile.home) not in done.stderr
    assert server.count == before


@needs_no_root
def test_b08_in_a_read_only_directory_nothing_is_asked(
    profile: Profile, server: UsageServer
) -> None:
    """B08, as a plain user."""
    profile.run("refresh")
    profile.let_pass(700)
    profile.directory.chmod(0o500)
    done = profile.run("refresh")
    profile.directory.chmod(0o700)
    assert done.returncode == 1
    assert "STATUSLINE_CACHE_DIR" in done.stderr
    assert server.count == 1


@needs_strace
@pytest.mark.parametrize(
    ("call", "error", "left"),
    [
        ("flock", "ENOSYS", {"lock"}),
        ("flock", "ENOLCK", {"lock"}),
        ("flock", "EIO", {"lock"}),
        ("fsync", "ENOSPC", {"lock", "now"}),
    ],
    ids=["B18-ENOSYS", "B18-ENOLCK", "B18-EIO", "B04-ENOSPC"],
)
def test_without_lock_or_stamp_nothing_is_asked(
    call: str, error: str, left: set[str], profile: Profile, server: UsageServer
) -> None:
    """B04, B18: fail closed, exit 1, say what to do, leave no other lock behind."""
    fault = ("-e", f"trace={call}", "-e", f"inject={call}:error={error}")
    done = profile.run("refresh", through=("strace", "-f", "-qq", "-o", os.devnull, *fault))
    assert done.returncode == 1
    assert "STATUSLINE_CACHE_DIR" in done.stderr
    assert {path.name for path in profile.directory.iterdir()} == left
    assert server.count == 0


@pytest.mark.parametrize("kind", ["symlink", "directory"])
def test_c04_a_lock_that_is_no_file_is_refused(
    kind: str, profile: Profile, server: UsageServer
) -> None:
    """C04: its target stays untouched, and nothing is asked."""
    victim = profile.home / "victim"
    victim.write_text("untouched")
    profile.run("refresh")
    profile.let_pass(700)
    lock = profile.directory / "lock"
    lock.unlink()
    if kind == "symlink":
        lock.symlink_to(victim)
    else:
        lock.mkdir()
    assert profile.run("refresh").returncode == 1
    assert victim.read_text() == "untouched"
    assert server.count == 1


@needs_strace
def test_a_lock_that_may_not_be_opened_is_not_another_refresh(
    profile: Profile, server: UsageServer
) -> None:
    """It was told as "another refresh is running", to be waited for, for ever."""
    refused = ("-e", "inject=openat:error=EACCES")
    only = ("-P", str(profile.directory / "lock"), "-e", "trace=openat")
    profile.directory.mkdir(mode=0o700, parents=True)
    (profile.directory / "lock").touch(mode=0o600)
    done = profile.run(
        "refresh", through=("strace", "-f", "-qq", "-o", "/dev/null", *only, *refused)
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The file `lock` in the cache directory cannot be opened: ")
    assert done.stderr.endswith("Remove that file.\n")
    assert server.count == 0


@pytest.mark.parametrize("name", ["usage.json", "state.json"])
def test_nothing_is_asked_while_no_answer_could_be_kept(
    name: str, profile: Profile, server: UsageServer
) -> None:
    """A directory in the file's place: one request a minute went out for nothing."""
    (profile.directory / name).mkdir(parents=True)
    done = profile.run("refresh")
    assert done.returncode == 1
    assert done.stderr == f"`{name}` in the cache directory is a directory. Remove it.\n"
    assert server.count == 0


@needs_namespaces
def test_nothing_is_asked_while_the_disk_is_full(profile: Profile, server: UsageServer) -> None:
    """Nor is one told to make a directory writable that is."""
    script = (
        'mount -t tmpfs -o size=16k,mode=700 tmpfs "$1" && '
        'head -c 16384 /dev/zero >"$1/full"; shift; exec "$@"'
    )
    profile.directory.mkdir(mode=0o700, parents=True)
    inside = ("unshare", "-m", "/bin/sh", "-c", script, "sh", str(profile.directory))
    done = profile.run("refresh", through=inside)
    assert done.returncode == 1
    assert "No space left on device. Free some space" in done.stderr
    assert server.count == 0
