"""The two archives of a release hold what they should, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.patience import HANG_S

ROOT = Path(__file__).parents[2]
#: What is about the repository at its host.
OF_THE_HOST = (".github/", ".gitignore")


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, set[str]]]:
    """A directory with what git knows and nothing else, and the names of its files."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout")
    copy = tmp_path_factory.mktemp("tracked")
    names = {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    for name in names:
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_symlink():
            target.symlink_to((ROOT / name).readlink())
        else:
            target.write_bytes((ROOT / name).read_bytes())
    yield copy, names
    shutil.rmtree(copy)  # it has the mark of made-up secrets in it, which no test may leave


def built(source: Path, kind: str, directory: Path) -> Path:
    """One archive, made as for a release."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(directory)]
    subprocess.run(build, cwd=source, check=True, capture_output=True, timeout=HANG_S)
    (archive,) = directory.iterdir()
    return archive


def test_the_source_archive_has_all_that_is_tracked(
    tracked: tuple[Path, set[str]], tmp_path: Path
) -> None:
    """SECURITY.md and the plug-in managers' files were not in it."""
    source, names = tracked
    with tarfile.open(built(source, "sdist", tmp_path)) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {name for name in names if not name.startswith(OF_THE_HOST)}
    assert wanted - held == set()
    assert held - wanted <= {"PKG-INFO", ".gitignore"}


def test_the_wheel_has_the_program_and_nothing_else(
    tracked: tuple[Path, set[str]], tmp_path: Path
) -> None:
    """Tests, tools or a developer's leftovers in it would be installed at everybody's."""
    source, names = tracked
    with zipfile.ZipFile(built(source, "wheel", tmp_path)) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    program = {name for name in names if name.startswith("statusline/")}
    hooks = {f"statusline/{name}" for name in names if name.startswith("hooks/")}
    data = {name for name in held if ".data/" in name}
    assert held - data == program | hooks
