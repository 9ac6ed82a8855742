"""Which files say that a branch is still the one that was shown."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from statusline.segment.branch_files import MAX_LEVELS, UnsureError, compared


def rows(directory: Path) -> dict[str, str]:
    """The files by path, as far as they are below the test's directory."""
    lines = compared(str(directory)).decode().splitlines()
    return {path[1:]: said for path, said in zip(lines[::2], lines[1::2], strict=True)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A working tree on `main`, and a directory in it."""
    (tmp_path / "tree/.git").mkdir(parents=True)
    (tmp_path / "tree/.git/HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "tree/in").mkdir()
    return tmp_path


def test_the_head_and_what_may_come_before_it(place: Path) -> None:
    """It would have caught a repository made nearer by, or another branch, not seen."""
    tree = place / "tree"
    assert rows(tree / "in") == {
        f"{tree}/in/.git/HEAD": "-",
        f"{tree}/in/.git": "-",
        f"{tree}/.git/HEAD": "=ref: refs/heads/main",
    }


@pytest.mark.parametrize("is_relative", [True, False])
def test_a_worktree_leads_to_its_own_head(place: Path, is_relative: bool) -> None:
    """The branch of a worktree stands in the repository that it belongs to."""
    other = place / "other"
    other.mkdir()
    path = "../tree/.git" if is_relative else f"{place}/tree/.git"
    (other / ".git").write_text(f"gitdir: {path}\n")
    head = f"{other}/{path}/HEAD" if is_relative else f"{path}/HEAD"
    assert rows(other) == {
        f"{other}/.git/HEAD": "-",
        f"{other}/.git": f"=gitdir: {path}",
        head: "=ref: refs/heads/main",
    }


def test_what_the_hook_could_not_compare_is_refused(place: Path) -> None:
    """A link, whose target says the branch; a head that is no file; a path with a line end."""
    head = place / "tree/.git/HEAD"
    deep = place / "/".join("d" * (MAX_LEVELS + 1))
    odd = place / "a\nb"
    for directory in (deep, odd):
        directory.mkdir(parents=True)
        with pytest.raises(UnsureError):
            compared(str(directory))
    head.rename(place / "head")
    head.symlink_to(place / "head")
    with pytest.raises(UnsureError):
        compared(str(place / "tree"))
    head.unlink()
    head.mkdir()
    with pytest.raises(UnsureError):
        compared(str(place / "tree"))


def test_a_real_repository_is_found(place: Path) -> None:
    """As git itself makes one, where it is installed."""
    made = place / "real"
    try:
        subprocess.run(["git", "init", "-q", "-b", "dev", made], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git is not installed")
    assert rows(made) == {f"{made}/.git/HEAD": "=ref: refs/heads/dev"}
