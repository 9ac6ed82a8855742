"""S16: a file that is none of ours, no file or no JSON is refused at once."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from statusline.system.json_file import OwnObject, parse_object, read_own_object
from tests.support.capabilities import SECOND_UID, needs_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

LIMIT_BYTES = 1 << 16
OBJECT: dict[str, object] = {"token": "made up", "nested": {"list": [1, 2.5, None, "}"]}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is to be, in a directory of its own."""
    directory = tmp_path / "d"
    directory.mkdir(mode=0o700)
    return directory / "own.json"


def read(path: Path | str) -> OwnObject:
    """Read a JSON object of at most 64 KiB."""
    return read_own_object(str(path), LIMIT_BYTES, parse_object)


def store(path: Path, mode: int = 0o600) -> Path:
    """Write the object."""
    path.write_text(json.dumps(OBJECT))
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o644])
def test_an_object_is_read_with_its_mode(path: Path, mode: int) -> None:
    """The caller learns who else could read the file."""
    assert read(store(path, mode)) == OwnObject("found", OBJECT, mode)


def _fifo(path: Path) -> None:
    os.mkfifo(path, 0o600)


def _socket(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)  # the whole path may be too long for a socket


def _big(path: Path) -> None:
    path.touch(0o600)
    os.truncate(path, 1 << 30)


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.parent, "missing"),
    "dangling symlink": (lambda path: path.symlink_to("nowhere"), "missing"),
    "S16 FIFO": (_fifo, "not_a_file"),
    "socket": (_socket, "not_a_file"),
    "directory": (lambda path: path.mkdir(), "not_a_file"),
    "symlink loop": (lambda path: path.symlink_to(path.name), "not_a_file"),
    "symlink to a device": (lambda path: path.symlink_to("/dev/zero"), "not_a_file"),
    "symlink to a directory": (lambda path: path.symlink_to("."), "not_a_file"),
    "S16 1 GB": (_big, "too_large"),
}


@pytest.mark.parametrize(("make", "state"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_the_file_is_refused_without_waiting(
    path: Path, make: Callable[[Path], object], state: str
) -> None:
    """Nothing blocks on a FIFO or a device (the time limit tells) or reads a gigabyte."""
    make(path)
    tracemalloc.start()
    try:
        refused = read(path)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused == OwnObject(state, {}, 0)
    assert peak_bytes < LIMIT_BYTES


def test_a_path_that_cannot_exist_is_missing(path: Path) -> None:
    """A file in place of a directory, a name too long for the system, a NUL in the name."""
    store(path)
    for impossible in (f"{path}/below", f"/{'x' * 5000}", "/a\0b"):
        assert read(impossible).state == "missing"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_a_file_that_is_longer_than_it_says_is_cut_at_the_limit() -> None:
    """Files of /proc claim a size of 0: the limit holds for what is read as well."""
    assert read_own_object("/proc/self/status", 16, parse_object).state == "too_large"


@pytest.mark.parametrize(("extra_bytes", "state"), [(0, "found"), (1, "too_large")])
def test_a_file_may_be_as_long_as_the_limit(path: Path, extra_bytes: int, state: str) -> None:
    """The last byte that is allowed is read."""
    limit_bytes = store(path).stat().st_size - extra_bytes
    assert read_own_object(str(path), limit_bytes, parse_object).state == state


def test_s16_a_symlink_to_a_file_of_ours_is_followed(path: Path) -> None:
    """Dotfile managers keep the file elsewhere and link to it."""
    path.symlink_to(store(path.with_name("kept.json")))
    assert read(path).value == OBJECT


@needs_root
@pytest.mark.parametrize("linked", [False, True], ids=["file", "symlink"])
def test_s16_a_file_of_another_user_is_refused(path: Path, linked: bool) -> None:
    """What somebody else put there is not used, through a symlink of ours neither."""
    theirs = store(path.with_name("theirs.json") if linked else path)
    os.chown(theirs, SECOND_UID, SECOND_UID)
    if linked:
        path.symlink_to(theirs)
    assert read(path) == OwnObject("wrong_owner", {}, 0)


@contextlib.contextmanager
def unprivileged(path: Path) -> Iterator[None]:
    """Be a user who is not root and who may enter the directories above `path`."""
    if os.geteuid() != 0:
        yield
        return
    with contextlib.ExitStack() as restored:
        for parent in path.parents:
            mode = stat.S_IMODE(parent.stat().st_mode)
            if mode & 0o011 != 0o011:
                restored.callback(parent.chmod, mode)
                parent.chmod(mode | 0o011)
        os.seteuid(SECOND_UID)
        restored.callback(os.seteuid, 0)
        yield


def test_a_file_that_we_may_not_read_is_unreadable(path: Path) -> None:
    """EACCES is told apart from a missing file."""
    store(path, mode=0o000)
    with unprivileged(path):
        assert read(path) == OwnObject("unreadable", {}, 0)


@needs_root
def test_a_file_of_root_that_a_user_may_read_is_used(path: Path) -> None:
    """An administrator may put the file there."""
    store(path, mode=0o644)
    with unprivileged(path):
        assert read(path) == OwnObject("found", OBJECT, 0o644)


def test_a_write_in_progress_is_read_again(path: Path) -> None:
    """A file that is broken at the first look and whole at the second is found."""
    path.write_text(json.dumps(OBJECT)[:10])
    seen: list[bytes] = []

    def parse(content: bytes) -> Mapping[str, object] | None:
        seen.append(content)
        store(path)
        return parse_object(content)

    assert read_own_object(str(path), LIMIT_BYTES, parse).value == OBJECT
    assert len(seen) == 2


def test_a_file_that_stays_broken_is_read_twice_and_no_more(path: Path) -> None:
    """The refresher does not wait for a writer that has died."""
    path.write_text("{")
    seen: list[bytes] = []
    assert read_own_object(str(path), LIMIT_BYTES, seen.append).state == "partial"
    assert seen == [b"{", b"{"]


def test_no_beginning_of_a_document_passes_for_the_document() -> None:
    """Cut at any byte, it is broken."""
    content = json.dumps(OBJECT).encode()
    assert [n for n in range(len(content) + 1) if parse_object(content[:n])] == [len(content)]


def test_no_descriptor_is_left_open(path: Path) -> None:
    """Neither a read nor a refusal leaks one."""
    store(path)
    before = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    os.close(before)
    for target in (path, path.parent, path.with_name("missing")):
        read(target)
    after = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    os.close(after)
    assert after <= before  # the lowest free number has not gone up
