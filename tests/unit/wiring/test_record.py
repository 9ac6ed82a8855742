"""The record of what was installed: one run at a time."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from statusline.wiring import record
from statusline.wiring.installation import WiringError


def test_one_run_at_a_time(tmp_path: Path) -> None:
    """It would have caught two installs that write over each other's record."""
    directory = str(tmp_path / "data")
    with record.locked(directory):
        with pytest.raises(WiringError) as caught, record.locked(directory):
            pass
        assert str(caught.value) == "Another install or uninstall is running. Wait for it."
        assert os.listdir(directory) == []
    with record.locked(directory):  # the lock ends with the run
        pass


def test_a_lock_is_left_nowhere(tmp_path: Path) -> None:
    """A lock file of its own would stay behind after the last uninstall."""
    with record.locked(str(tmp_path / "made" / "data")) as made:
        assert len(made) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_locks_does_not_stop_an_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network disks have none; one person seldom runs two of these at once."""

    def flock(_handle: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    with record.locked(str(tmp_path)):
        pass
