"""The branch of a directory: as git leaves it, and as nobody should have left it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from statusline.segment.git_branch import branch
from tests.support.patience import HANG_S

HASH = "0123456789abcdef0123456789abcdef01234567"


def git(directory: Path, *words: str) -> str:
    """Run git as somebody who has configured nothing."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": "a"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    command = ["git", "-c", "protocol.file.allow=always", "-C", str(directory), *words]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=HANG_S, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A working tree with one commit on the branch `main`."""
    made = tmp_path / "tree"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    git(made, "commit", "-q", "--allow-empty", "-m", "first")
    return made


def test_the_branch_of_a_tree_and_of_what_is_below(tree: Path) -> None:
    """Also from a directory deep inside, and of a branch whose name holds a slash."""
    below = tree / "a" / "b"
    below.mkdir(parents=True)
    assert branch(str(tree)) == branch(str(below)) == "main"
    git(tree, "switch", "-q", "-c", "fix/the-login")
    assert branch(str(below)) == "fix/the-login"


def test_a_branch_without_a_commit_has_a_name(tmp_path: Path) -> None:
    """Right after `git init`."""
    git(tmp_path, "init", "-q", "-b", "trunk")
    assert branch(str(tmp_path)) == "trunk"


def test_a_detached_head_is_a_short_hash(tree: Path) -> None:
    """As git itself abbreviates it."""
    git(tree, "switch", "-q", "--detach")
    assert branch(str(tree)) == git(tree, "rev-parse", "HEAD")[:7]


def test_a_worktree_and_a_submodule_have_their_own(tree: Path, tmp_path: Path) -> None:
    """There `.git` is a file that says where the rest is, absolute or not."""
    git(tree, "worktree", "add", "-q", "-b", "other", str(tmp_path / "second"))
    assert branch(str(tmp_path / "second")) == "other"
    host = tmp_path / "host"
    host.mkdir()
    git(host, "init", "-q", "-b", "host")
    git(host, "submodule", "--quiet", "add", str(tree), "sub")
    git(host / "sub", "switch", "-q", "-c", "in-sub")
    assert branch(str(host / "sub")) == "in-sub"
    assert branch(str(host)) == "host"


def test_a_reftable_repository_shows_no_wrong_name(tree: Path) -> None:
    """Its HEAD is a placeholder that says `.invalid`."""
    (tree / ".git" / "HEAD").write_text("ref: refs/heads/.invalid\n")
    assert branch(str(tree)) == ""


def test_a_head_that_is_a_link_names_its_branch(tree: Path) -> None:
    """As git wrote it in its first years; followed, it would read as a detached head."""
    head = tree / ".git" / "HEAD"
    head.unlink()
    head.symlink_to("refs/heads/main")
    assert branch(str(tree)) == "main"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"", ""),
        (b"ref: refs/heads/\n", ""),
        (b"ref: refs/heads/a\x1b[31m\x07b\n", "a[31mb"),
        (b"ref: refs/heads/\xff\xfe\n", "\ufffd\ufffd"),
        (b"ref: refs/heads/" + b"x" * 100, "x" * 31 + "…"),
        (b"ref: refs/heads/x" + b"y" * 5000, ""),
        (b"ref: refs/remotes/origin/main\n", "remotes/origin/main"),
        (HASH.encode() + b"\n", HASH[:7]),
        (HASH.encode() + b"0\n", ""),
        (b"\0" * 100, ""),
        ("ref: refs/heads/\u202emain\n".encode(), "main"),
    ],
)
def test_a_hostile_head_is_harmless(tmp_path: Path, content: bytes, shown: str) -> None:
    """A repository that was unpacked from somewhere can hold anything."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_bytes(content)
    assert branch(str(tmp_path)) == shown


def test_a_head_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """A FIFO, a directory, a loop of `gitdir:` files: a prompt never waits."""
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".git" / "HEAD")
    assert branch(str(tmp_path)) == ""
    loop = tmp_path / "loop"
    loop.mkdir()
    (loop / ".git").write_text(f"gitdir: {loop}/.git\n")
    assert branch(str(loop)) == ""


def test_without_a_repository_there_is_no_branch(tmp_path: Path) -> None:
    """Also of a directory that is gone, and of a name that no path can have."""
    assert branch(str(tmp_path / "gone" / "deeper")) in ("", branch(str(tmp_path)))
    assert branch("/x\0y") == ""
    assert branch("/") == ""
