"""install.sh --uninstall: exactly what was installed goes, everything else stays."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from tests.support.installation import MARK, Installation, install, run_script

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation into a fresh home."""
    return install(tmp_path_factory.mktemp("u") / "home")


@pytest.fixture
def copied(original: Installation, tmp_path: Path) -> Installation:
    """A copy of `original` that a test may take apart; its launcher starts the original's venv."""
    home = tmp_path / "home"
    shutil.copytree(original.home, home, symlinks=True)
    return original._replace(prefix=home / ".local", home=home)


def test_uninstall_removes_exactly_what_install_made(copied: Installation) -> None:
    """Foreign files, configuration and cache stay; a second uninstall finds nothing."""
    kept = [
        copied.prefix / "share" / "statusline" / "mine",
        copied.home / ".config" / "statusline" / "config.toml",
        copied.home / ".cache" / "statusline" / "mine",
    ]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    for word in ("Removed", "Nothing is installed"):
        done = run_script("--uninstall", home=copied.home)
        assert (done.returncode, done.stderr) == (0, "")
        assert word in done.stdout
    files = [path for path in copied.home.rglob("*") if not path.is_dir()]
    assert sorted(files) == sorted(kept)


def test_purge_leaves_an_empty_home(copied: Installation) -> None:
    """`--uninstall --purge` removes configuration and cache too, and the folders install made."""
    for name in (".config", ".cache"):
        (copied.home / name / "statusline").mkdir(parents=True)
    done = run_script("--uninstall", "--purge", home=copied.home)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in copied.home.rglob("*")) == [".cache", ".config"]


@pytest.mark.parametrize("undo_status", [0, 1])
def test_surfaces_are_undone_before_anything_is_removed(
    copied: Installation, undo_status: int
) -> None:
    """`statusline uninstall --all --yes` runs first; if it fails, nothing is removed."""
    log = copied.home / "log"
    copied.launcher.write_text(
        f"#!/bin/sh\n{MARK}\n"
        f'case $* in *--help) echo "usage: --all" ;;\n'
        f'*) printf %s "$*" >{shlex.quote(str(log))}; exit {undo_status} ;; esac\n'
    )
    done = run_script("--uninstall", home=copied.home)
    assert done.returncode == undo_status
    assert log.read_text() == "uninstall --all --yes"
    assert copied.launcher.exists() == (undo_status == 1)
