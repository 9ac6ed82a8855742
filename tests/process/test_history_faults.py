"""Whatever happens to the history: it is old or new, and the segment has its numbers."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from statusline.database.place import DatabaseError
from statusline.history import store
from statusline.history.schema import FILE_NAME
from tests.support.capabilities import needs_strace
from tests.support.figures import Note
from tests.support.killed import CALLS, MINE, READS, keep, kill_at_each, program, refuse_at_each
from tests.support.patience import HANG_S


def kept(directory: Path, window: str = "a") -> list[float]:
    """The numbers of a window that a reader finds, none where there is no history to be read."""
    try:
        with store.reading(str(directory)) as history:
            return [each.used_pct for each in history.seen(MINE, window)]
    except DatabaseError as error:
        return [] if error.trouble in ("missing", "broken") else [-1.0]


FULL = pytest.mark.full
#: What changes a file, as it happens with each beginning; the rest is looked at by --full.
DAILY = {
    "nothing": ("chmod", "pwrite64", "fdatasync", "unlink"),
    "old": ("pwrite64", "fdatasync", "unlink"),
    "damaged": ("rename", "unlink"),
}
CASES = [
    pytest.param(before, call, marks=() if call in daily else FULL)
    for before, daily in DAILY.items()
    for call in CALLS
]


def begun(tmp_path: Path, before: str) -> tuple[Path, Path, list[float]]:
    """A history as it is before, a directory for copies of it, and what is in it."""
    template, root = tmp_path / "template", tmp_path / "copies"
    template.mkdir()
    root.mkdir()
    if before != "nothing":
        keep(str(template), 10.0, 0)
    if before == "damaged":
        (template / FILE_NAME).write_bytes(b"no database" * 999)
    old = kept(template)
    assert old == ([10.0] if before == "old" else [])
    return template, root, old


@needs_strace
@pytest.mark.parametrize(("before", "call"), CASES)
def test_a_killed_writer_leaves_the_old_history_or_the_new(
    before: str, call: str, tmp_path: Path
) -> None:
    """B20: at every call that changes a file: old or new, and the next one goes on."""
    template, root, old = begun(tmp_path, before)
    for directory in kill_at_each(call, template, root):
        copy = tmp_path / "copy"  # where no reader has put anything right
        shutil.copytree(directory, copy)
        keep(str(copy), 30.0, 90)
        assert kept(copy) in ([*old, 30.0], [*old, 20.0, 30.0]), directory.name
        shutil.rmtree(copy)
        assert kept(directory) in (old, [*old, 20.0]), directory.name
        assert kept(directory, "b") == kept(directory)
        keep(str(directory), 30.0, 90)
        assert kept(directory)[-1] == 30.0
        keep(str(directory), 40.0, 120)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}
        assert set(modes) <= {FILE_NAME, *(f"{FILE_NAME}.broken-{number}" for number in (1, 2))}
        assert set(modes.values()) == {0o600}


#: What the kernel may answer to each; what is read only by a look at it is left alone.
REFUSED = {
    "openat": "EMFILE",
    "chmod": "EPERM",
    "pwrite64": "ENOSPC",
    "fdatasync": "EIO",
    "ftruncate": "EIO",
    "unlink": "EACCES",
    "rename": "EROFS",
    "fcntl": "ENOLCK",
    "pread64": "EIO",
    "newfstatat": "EIO",
    "close": "EIO",
}


@needs_strace
@pytest.mark.parametrize(
    ("before", "call"),
    [
        pytest.param(before, call, marks=() if (before, call) == ("old", "pread64") else FULL)
        for before in DAILY
        for call in REFUSED
    ],
)
def test_b20_no_call_that_fails_costs_a_number_of_the_history(
    before: str, call: str, tmp_path: Path, figure: Note
) -> None:
    """B20, M12: what was kept is there, whatever error one call gets; the next writer goes on.

    A read that failed once was taken for damage, and the whole history put aside.
    """
    assert set(REFUSED) == {*CALLS, *READS}
    template, root, old = begun(tmp_path, before)
    found = refuse_at_each(call, REFUSED[call], template, root)
    for directory, came in found.items():
        seen = kept(directory)
        where = (directory.name, came, seen)
        assert came in ("kept", "failed", "busy", "broken"), where
        assert seen in ((old, [*old, 20.0]) if came != "kept" else ([*old, 20.0],)), where
        keep(str(directory), 30.0, 90)
        assert kept(directory) == [*seen, 30.0], where
        aside = [path for path in directory.iterdir() if "broken" in path.name]
        assert len(aside) == (before == "damaged"), where
    figure("M12", f"history ({before}), {call} {REFUSED[call]}: {len(found)} reached, 0 torn")


@needs_strace
@pytest.mark.parametrize(
    "fault",
    ["openat:error=EACCES", pytest.param("mmap:error=ENODEV", marks=FULL)],
)
def test_without_shared_memory_it_is_kept_all_the_same(fault: str, tmp_path: Path) -> None:
    """B23: on a file system that cannot map a file for two, reader and writer take turns."""
    call = fault.partition(":")[0]
    strace = ("strace", "-f", "-qq", "-o", os.devnull, "-P", f"{tmp_path}/{FILE_NAME}-shm")
    for pct in (10.0, 20.0):
        source = f"killed.keep(sys.argv[1], {pct}, {pct})"
        subprocess.run(
            [*strace, "-e", f"trace={call}", "-e", f"inject={fault}", *program(source, tmp_path)],
            timeout=HANG_S,
            check=True,
        )
    assert kept(tmp_path) == [10.0, 20.0]
