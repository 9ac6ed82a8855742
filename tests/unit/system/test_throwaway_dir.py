"""A directory for a while is gone afterwards, whatever ends the work in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from statusline.system.throwaway_dir import throwaway_dir


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where such directories are made."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_it_is_private_and_gone_afterwards(temporary: Path) -> None:
    """A made-up login lies in it meanwhile, and nobody but its owner reads that."""
    with throwaway_dir("x-") as path:
        assert os.stat(path).st_mode & 0o777 == 0o700
        (Path(path) / "below").mkdir()
    assert list(temporary.iterdir()) == []


def test_a_signal_while_it_is_removed_is_obeyed_after_that(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal closed while the demo cleared away left a made-up login behind."""
    remove = shutil.rmtree
    calls: list[str] = []

    def told_to_end(path: str, *, ignore_errors: bool = False) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise SystemExit(129)
        remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", told_to_end)
    with pytest.raises(SystemExit), throwaway_dir("x-") as path:
        (Path(path) / "below").mkdir()
    assert calls == [path, path]
    assert list(temporary.iterdir()) == []
