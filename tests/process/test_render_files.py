"""A cache file that is none, or cannot be read: always one honest line (A07-A12, A16-A18)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.canary import Scratch
from tests.support.capabilities import (
    SECOND_UID,
    needs_root,
    needs_second_uid,
    needs_strace,
)
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv, environment, package
from tests.support.real_line import (
    FETCHED,
    NOBODY,
    NUMBERS,
    PLACEHOLDER,
    close_gate,
    fill,
    known,
    line_of,
    render,
)
from tests.support.server import UsageServer


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile whose render may start no refresher, so that a case is one process."""
    return quiet_profile(tmp_path / "home")


def _socket(path: Path) -> None:
    # A socket's path has about 100 bytes at most, so it is bound where it is short.
    with Scratch() as short, socket.socket(socket.AF_UNIX) as end:
        end.bind(f"{short}/s")
        os.rename(f"{short}/s", path)


def _other_file(path: Path) -> None:
    other = path.with_name("other.json")
    shutil.copy(fill(path.parent), other)
    path.unlink()
    path.symlink_to(other)


STRANGE: dict[str, Callable[[Path], None]] = {
    "A07-fifo": os.mkfifo,
    "A08-zero": lambda path: path.symlink_to("/dev/zero"),
    "A08-loop": lambda path: path.symlink_to(path),
    "A08-other-file": _other_file,
    "A09-directory": Path.mkdir,
    "A09-socket": _socket,
}


@pytest.mark.parametrize("case", STRANGE)
def test_what_is_no_regular_file_is_as_no_cache(case: str, profile: Profile) -> None:
    """Nothing is waited for, followed or read; it takes as long as any render."""
    STRANGE[case](profile.directory / "usage.json")
    assert render(profile.environment, "tmux") == PLACEHOLDER


@needs_root
def test_a09_a_device_is_as_no_cache(profile: Profile) -> None:
    """A device node in its place is not opened for its contents."""
    os.mknod(profile.directory / "usage.json", 0o600 | 0o020000, os.makedev(1, 5))
    assert render(profile.environment, "tmux") == PLACEHOLDER


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A directory that another user can reach, with a copy of the package in it."""
    with Scratch(prefix="statusline-open-") as name:
        place = Path(name)
        place.chmod(0o755)
        shutil.copytree(package(), place / "statusline", ignore=shutil.ignore_patterns("__pyc*"))
        yield place


@needs_second_uid
@pytest.mark.parametrize(
    ("file_mode", "directory_mode", "line"),
    [
        pytest.param(0o600, 0o700, NUMBERS, id="readable"),
        pytest.param(0o000, 0o700, PLACEHOLDER, id="A10"),
        pytest.param(0o600, 0o000, PLACEHOLDER, id="A11"),
    ],
)
def test_an_unreadable_cache_is_as_no_cache(
    file_mode: int, directory_mode: int, line: str, open_place: Path
) -> None:
    """As a user whom modes bind: no permission is no cache, and no error."""
    profile = Profile(open_place / "home", NOBODY)
    close_gate(profile.directory)
    fill(profile.directory).chmod(file_mode)
    profile.directory.chmod(directory_mode)
    for path in (open_place / "home", *(open_place / "home").rglob("*")):
        os.chown(path, SECOND_UID, SECOND_UID)
    uid = str(SECOND_UID)
    program = [os.path.realpath(sys.executable), "-IS", str(open_place / "statusline/__main__.py")]
    done = subprocess.run(
        ["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", *program, "tmux"],
        env=environment(open_place / "home"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert line_of(done) == line


@pytest.mark.parametrize(
    ("mode", "owner"),
    [
        pytest.param(0o666, None, id="A12-world"),
        pytest.param(0o620, None, id="A12-group"),
        pytest.param(0o600, SECOND_UID, id="A12-owner", marks=needs_root),
    ],
)
def test_a_cache_that_others_may_write_is_made_anew(
    mode: int, owner: int | None, tmp_path: Path
) -> None:
    """A12: it is not believed, and the refresher puts a private one in its place."""
    with UsageServer() as server:
        profile = Profile(tmp_path, server.url)
        cache = fill(profile.directory, known(plan="Planted", windows={}))
        cache.chmod(mode)
        if owner is not None:
            os.chown(cache, owner, owner)
        assert render(profile.environment, "tmux") == PLACEHOLDER
        assert server.wait_for(1)
        assert profile.wait_until_quiet()
    assert FETCHED.fullmatch(render(profile.environment, "tmux"))
    status = cache.stat()
    assert (status.st_mode & 0o777, status.st_uid) == (0o600, os.geteuid())


def _traced(profile: Profile, *rules: str) -> list[str]:
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", f"{profile.directory}/usage.json"]
    return [*strace, *(word for rule in rules for word in ("-e", rule))]


@needs_strace
def test_a16_a_file_removed_while_it_is_read_gives_the_old_contents(profile: Profile) -> None:
    """What was opened stays readable, whatever happens to its name."""
    cache = fill(profile.directory)
    slow = _traced(profile, "trace=openat", "inject=openat:delay_exit=700000")
    with subprocess.Popen(
        [*slow, *argv("tmux")],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        wait_until(lambda: _is_open(cache, profile), "the render's look at the cache")
        cache.unlink()
        out, err = child.communicate(timeout=HANG_S)
    assert line_of(subprocess.CompletedProcess(slow, child.returncode, out, err)) == NUMBERS


def _is_open(path: Path, profile: Profile) -> bool:
    """Whether a process of this profile holds the file open."""
    for process in profile.processes():
        try:
            fds = [os.readlink(fd) for fd in Path(f"/proc/{process}/fd").iterdir()]
        except OSError:
            continue
        if str(path) in fds:
            return True
    return False


@needs_strace
@pytest.mark.parametrize(
    ("fault", "line"),
    [
        pytest.param("error=EIO:when=1+", PLACEHOLDER, id="A17-EIO"),
        pytest.param("error=EINTR:when=1", NUMBERS, id="A17-EINTR"),
    ],
)
def test_a_read_that_fails_is_as_no_cache(fault: str, line: str, profile: Profile) -> None:
    """A17: an I/O error is no cache, an interrupted call is made again."""
    fill(profile.directory)
    through = _traced(profile, "trace=read", f"inject=read:{fault}")
    assert render(profile.environment, "tmux", through=through) == line


@pytest.mark.parametrize("case", ["fresh", "due"])
@pytest.mark.parametrize("files", [6, 8])
def test_a18_few_file_descriptors_are_enough_for_a_line(
    files: int, case: str, profile: Profile
) -> None:
    """A18: with 8 descriptors, and with what an interpreter needs at least, it is one line."""
    fill(profile.directory, known(next_refresh_at=0.0) if case == "due" else None)
    (profile.directory / "spawn.1").unlink()
    limited = ("/bin/sh", "-c", f'ulimit -n {files}; exec "$@"', "sh")
    assert render(profile.environment, "tmux", through=limited) in (NUMBERS, "claude", PLACEHOLDER)
