"""A branch changes without a word on stdin: the hook looks for itself before it prints again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from statusline.segment.branch_files import compared
from tests.support.look import EVERY_AWK, Looks, awk_path
from tests.support.real_line import SAMPLE


def test_the_line_has_the_branch_of_now(tmp_path: Path) -> None:
    """It would have caught the branch of a minute ago, in a line with one and in a worktree's."""
    tree, other = tmp_path / "tree", tmp_path / "other"
    head = tree / ".git/worktrees/other/HEAD"
    head.parent.mkdir(parents=True)
    other.mkdir()
    (other / ".git").write_text(f"gitdir: {head.parent}\n")
    for place, file in ((tree, tree / ".git/HEAD"), (other, head)):
        file.write_text("ref: refs/heads/main\n")
        document = json.loads(SAMPLE)
        document["workspace"]["current_dir"] = str(place)
        data = json.dumps(document, separators=(",", ":")).encode() + b"\n"
        looks = Looks(tmp_path / f"home-{place.name}", config='preset = "two-line"\n', data=data)
        assert b"main" in looks.line
        assert looks.asked == ["claude"]
        assert looks.look() == looks.line
        assert looks.asked == []
        file.write_text("ref: refs/heads/feature\n")
        assert b"feature" in looks.look()
        assert looks.asked == ["claude"]


@pytest.mark.parametrize("awk", EVERY_AWK)
def test_another_branch_is_asked_for(tmp_path: Path, awk: str) -> None:
    """`git switch` changes nothing on stdin: the line of the other branch would have stood."""
    looks = Looks(tmp_path / "home", awk=awk_path(awk, tmp_path))
    looks.use_echo()
    place = tmp_path / "tree/in/it's \\n"
    place.mkdir(parents=True)
    git = tmp_path / "tree/.git"
    git.mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    before, start, pieces = looks.segment.read_bytes().partition(b"\ns{")
    looks.segment.write_bytes(before + b"\n" + compared(str(place)) + start[1:] + pieces)

    def is_asked() -> bool:
        looks.let_be_true()
        return looks.look() != looks.line

    assert not is_asked()
    (git / "HEAD").write_text("ref: refs/heads/dev\n")
    assert is_asked()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert not is_asked()
    (place / ".git").write_text("gitdir: /x\n")
    assert is_asked()
    (place / ".git").unlink()
    (place / ".git").mkdir()
    (place / ".git/HEAD").write_text("ref: refs/heads/main\n")
    assert is_asked()
