"""The launcher that an installation ends with, and the switch to a new generation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from statusline.wiring.launcher import MARK, activate, program


def activated(prefix: Path, generation: str = "venv.a") -> Path:
    """The launcher below a prefix after one switch."""
    share, launcher = prefix / "share" / "statusline", prefix / "bin" / "statusline"
    share.mkdir(parents=True, exist_ok=True)
    launcher.parent.mkdir(exist_ok=True)
    activate(str(share), generation, str(launcher))
    return launcher


def test_a_usual_path_stands_behind_the_hash_bang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interpreter itself is started, without a shell before it."""
    monkeypatch.chdir(tmp_path)  # whose own name may be too long
    prefix = Path("p")
    launcher = activated(prefix)
    venv = prefix / "share/statusline/venv"
    assert launcher.read_text() == f"#!{venv}/bin/python -IS\n{MARK}{program(f'{venv}/site')}"
    assert launcher.stat().st_mode & 0o777 == 0o755
    assert not (prefix / "share/statusline/launch.py").exists()


@pytest.mark.parametrize("name", ["with space", "a\nb", "p" * 130, "é" * 65])
def test_any_other_path_stands_in_a_line_for_sh(tmp_path: Path, name: str) -> None:
    """A #! line takes no whitespace and 127 bytes: the program would not start at all."""
    prefix = tmp_path / name
    launcher = activated(prefix)
    first, second, third = launcher.read_text().split("\n", 2)
    assert (first, f"{second}\n") == ("#!/bin/sh", MARK)
    assert third.startswith("exec ")
    assert third.endswith(' "$@"\n')
    script = prefix / "share/statusline/launch.py"
    assert script.read_text() == MARK + program(f"{prefix}/share/statusline/venv/site")


def test_the_switch_leaves_nothing_else_behind(tmp_path: Path) -> None:
    """Also not what a run that was killed half-way has left."""
    activated(tmp_path, "venv.a")
    share = tmp_path / "share/statusline"
    (share / "venv.new").symlink_to("gone")
    (tmp_path / "bin/statusline.new").write_text("half")
    activated(tmp_path, "venv.b")
    assert os.readlink(share / "venv") == "venv.b"
    assert [path.name for path in share.iterdir()] == ["venv"]
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["statusline"]


def test_the_mark_is_the_one_that_install_sh_looks_for() -> None:
    """Else a second run would refuse the launcher of the first as another program's."""
    script = (Path(__file__).parents[3] / "install.sh").read_text("utf-8")
    assert f"'^{MARK.strip()}$'" in script
