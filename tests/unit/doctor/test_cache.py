"""What is wrong with a cache is named, and what to do."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from statusline.doctor import cache
from tests.support.checkup import NOW, context, publish, told


def damage(path: Path, how: str) -> None:
    """Do one thing to usage.json that a segment does not accept."""
    if how == "A12 writable by others":
        path.chmod(0o666)
    elif how == "A06 a link":
        path.rename(path.with_name("other"))
        path.symlink_to("other")
    elif how == "A08 a FIFO":
        path.unlink()
        os.mkfifo(path)
    elif how == "A02 cut off":
        path.write_bytes(path.read_bytes()[:-20])
    else:
        path.unlink()


@pytest.mark.parametrize(
    ("how", "result", "fix"),
    [
        ("missing", "warn", "Run `statusline refresh`."),
        ("A12 writable by others", "fail", "chmod 600 ~/"),
        ("A06 a link", "fail", "Remove ~/"),
        ("A08 a FIFO", "fail", "Remove ~/"),
        ("A02 cut off", "fail", "Remove ~/"),
    ],
)
def test_numbers_that_are_not_believed_are_named(
    home: Path, how: str, result: str, fix: str
) -> None:
    """What makes a segment empty has its sentence and the command that mends it."""
    path = publish(home)
    assert [check.result for check in cache.numbers(context(home))] == ["ok"]
    damage(path, how)
    ((said, typed),) = told(cache.numbers(context(home)), "numbers")
    assert said == result
    assert typed.startswith(fix)


def test_a_newer_cache_is_a_warning(home: Path) -> None:
    """It is shown and never overwritten; the fix is to update."""
    publish(home, schema=99)
    assert [check.result for check in cache.numbers(context(home))] == ["warn"]


@pytest.mark.parametrize(("mode", "result"), [(0o700, "ok"), (0o755, "warn"), (0o777, "warn")])
def test_an_open_cache_directory_is_a_warning(home: Path, mode: int, result: str) -> None:
    """B15: the refresher tightens it; until then doctor says chmod 700."""
    path = publish(home)
    path.parent.chmod(mode)
    assert [check.result for check in cache.directory(context(home))] == [result]


def test_a_cache_directory_that_is_a_link_is_refused(home: Path) -> None:
    """S13: never followed."""
    path = publish(home)
    path.parent.rename(home / "moved")
    path.parent.symlink_to(home / "moved")
    assert [check.result for check in cache.directory(context(home))] == ["fail"]


@pytest.mark.parametrize(
    ("error", "result"),
    [(None, "ok"), (errno.ENOLCK, "fail"), (errno.ENOSYS, "fail"), (errno.EWOULDBLOCK, "ok")],
)
def test_b18_a_disk_without_locks_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: int | None, result: str
) -> None:
    """B18: no request is made there, and doctor says why; a held lock is no trouble."""
    (publish(home).parent / "lock").touch()

    def flock(_handle: int, _operation: int) -> None:
        if error is not None:
            raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", flock)
    assert [check.result for check in cache.lock(context(home))] == [result]


@pytest.mark.parametrize(("ahead_s", "result"), [(0, "ok"), (1, "ok"), (3600, "warn")])
def test_a_clock_that_was_set_back_is_named(home: Path, ahead_s: int, result: str) -> None:
    """G01: the cache lies in the future."""
    publish(home, written_at=NOW + ahead_s)
    assert [check.result for check in cache.clock(context(home))] == [result]
