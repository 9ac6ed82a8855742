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


def test_a_launcher_that_is_not_isolated_is_a_warning(home: Path) -> None:
    """A pip script starts with site-packages and PYTHONPATH."""
    path = Path(stand_in(home, "statusline", "exec python3 -m statusline").partition(":")[0])
    (check,) = install.launcher(context(home, STATUSLINE_BIN=str(path / "statusline")))
    assert check.result == "warn"
    assert [each.result for each in install.launcher(context(home))] == ["ok"]
