"""Whatever happens to the history: it is old or new, and the segment has its numbers."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from statusline.history import store
from statusline.history.place import FILE_NAME, HistoryError
from tests.support.capabilities import needs_strace
from tests.support.killed import CALLS, MINE, keep, kill_at_each, program
from tests.support.patience import HANG_S


def kept(directory: Path, window: str = "a") -> list[float]:
    """The numbers of a window that a reader finds, none where there is no history to be read."""
    try:
        with store.reading(str(directory)) as history:
            return [each.used_pct for each in history.seen(MINE, window)]
    except HistoryError as error:
        return [] if error.trouble in ("missing", "broken") else [-1.0]


#: What changes a file, as it happens with each beginning; the rest is looked at by --full.
DAILY = {
    "nothing": ("chmod", "pwrite64", "fdatasync", "unlink"),
    "old": ("pwrite64", "fdatasync", "unlink"),
    "damaged": ("rename", "unlink"),
}
CASES = [
    pytest.param(before, call, marks=() if call in daily else pytest.mark.full)
    for before, daily in DAILY.items()
    for call in CALLS
]


@needs_strace
@pytest.mark.parametrize(("before", "call"), CASES)
def test_a_killed_writer_leaves_the_old_history_or_the_new(
    before: str, call: str, tmp_path: Path
) -> None:
    """B20: at every call that changes a file: old or new, and the next one goes on."""
    template, root = tmp_path / "template", tmp_path / "copies"
    template.mkdir()
    root.mkdir()
    if before != "nothing":
        keep(str(template), 10.0, 0)
    if before == "damaged":
        (template / FILE_NAME).write_bytes(b"no database" * 999)
    old = kept(template)
    assert old == ([10.0] if before == "old" else [])
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


@needs_strace
@pytest.mark.parametrize(
    "fault",
    ["openat:error=EACCES", pytest.param("mmap:error=ENODEV", marks=pytest.mark.full)],
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
