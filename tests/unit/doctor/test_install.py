"""The program itself, as the user's PATH finds it."""

from __future__ import annotations

from pathlib import Path

from statusline.doctor import install
from tests.support.checkup import context, stand_in


def test_another_statusline_that_comes_first_is_named(home: Path) -> None:
    """The name belongs to another package too (docs/decisions.md 18)."""
    other = stand_in(home, "statusline", "echo not ours")
    assert [c.result for c in install.on_path(context(home))] == ["warn"]
    (check,) = install.on_path(context(home, PATH=other))
    assert check.result == "warn"
    assert "programs/statusline comes first" in check.what
    (check,) = install.on_path(context(home, PATH=f"{home}/bin:{other}"))
    assert check.result == "ok"


def test_a_launcher_is_a_warning_where_a_variable_leads_python_elsewhere(home: Path) -> None:
    """Whoever installed with uv or pipx was told to run install.sh, which they do not have."""
    path = Path(stand_in(home, "statusline", "exec python3 -m statusline").partition(":")[0])
    script = str(path / "statusline")
    assert [c.result for c in install.launcher(context(home, STATUSLINE_BIN=script))] == ["ok"]
    (check,) = install.launcher(context(home, STATUSLINE_BIN=script, PYTHONPATH="/x"))
    assert (check.result, check.what[:10]) == ("warn", "PYTHONPATH")
    (check,) = install.launcher(context(home, PYTHONPATH="/x"))
    assert (check.result, "isolated" in check.what) == ("ok", True)


def test_a_launcher_that_will_be_cleared_away_is_a_failure(home: Path) -> None:
    """It would have caught a line that names a directory of uv's cache."""
    directory = home / ".cache" / "uv" / "archive-v0" / "x"
    directory.mkdir(parents=True)
    (directory / "statusline").write_text("#!/bin/sh\n")
    (directory / "statusline").chmod(0o755)
    (check,) = install.launcher(context(home, STATUSLINE_BIN=str(directory / "statusline")))
    assert (check.result, check.fix) == ("fail", "uv tool install usage-statusline")
