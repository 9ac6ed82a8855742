"""A file of the user's is replaced only where it is known what it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from statusline.wiring import edit
from statusline.wiring.installation import WiringError


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a private file; no look at either comes to anything."""
    directory = tmp_path / "user"
    directory.mkdir()
    path = directory / "settings.json"
    path.write_text("{}")
    path.chmod(0o600)
    real = os.lstat

    def lstat(name: str) -> os.stat_result:
        if str(name).startswith(str(directory)):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(name)

    monkeypatch.setattr(os, "lstat", lstat)
    return path


def test_a_file_that_cannot_be_looked_at_stays_as_it_is(
    failing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken for a new one, and written anew for everybody to read."""
    with pytest.raises(WiringError, match="cannot be written: Input/output error"):
        edit.write(str(failing), b"{ }")
    monkeypatch.undo()
    assert (failing.read_text(), failing.stat().st_mode & 0o777) == ("{}", 0o600)


def test_a_directory_that_cannot_be_looked_at_is_not_called_ours(failing: Path) -> None:
    """`uninstall` would have removed it, had it been empty by then."""
    with pytest.raises(WiringError, match="cannot be read: Input/output error"):
        edit.missing_directories(str(failing))
