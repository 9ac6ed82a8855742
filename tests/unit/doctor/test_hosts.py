"""tmux and starship: whether they leave the segment room and time."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.doctor import hosts
from tests.support.checkup import context, stand_in


@pytest.mark.parametrize(
    ("text", "result"),
    [("", "ok"), ("command_timeout = 50\n", "warn"), ("command_timeout = 1000\n", "ok")],
)
def test_a_short_patience_of_starship_is_a_warning(home: Path, text: str, result: str) -> None:
    """A module that is late is left out of the prompt; the fix names the key."""
    path = stand_in(home, "starship", "echo starship 1.25.0")
    (home / ".config").mkdir()
    module = "[custom.usage]\ncommand = 'statusline starship'\n"
    (home / ".config" / "starship.toml").write_text(f"{text}{module}")
    (check,) = hosts.prompt(context(home, PATH=path))
    assert check.result == result
    assert "1.25.0" in check.what


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[ $1 = -V ] && echo tmux 2.9a", ["warn"]),
        ("[ $1 = -V ] && echo tmux 3.3a && exit; exit 1", ["ok"]),
        ("[ $1 = -V ] && echo tmux 3.3a && exit; echo 40", ["warn"]),
        ("[ $1 = -V ] && echo tmux 3.3a && exit; echo 100", ["ok"]),
        (
            "case $1$3 in -V) echo tmux 3.4;; *interval) echo 0;; *) echo 100;; esac",
            ["ok", "warn"],
        ),
    ],
)
def test_what_tmux_leaves_the_segment_is_told(home: Path, script: str, expected: list[str]) -> None:
    """Before 3.2 it is not safe, below 60 columns cut, with interval 0 it stands still."""
    (home / ".tmux.conf").write_text("set -ag status-right '#(statusline tmux)'\n")
    checks = hosts.multiplexer(context(home, PATH=stand_in(home, "tmux", script)))
    assert [check.result for check in checks] == expected


@pytest.mark.parametrize("name", ["tmux", "starship"])
def test_a_host_that_does_not_show_the_segment_is_no_concern(home: Path, name: str) -> None:
    """Everybody with an old tmux was warned of it, whether the segment was in there or not."""
    path = stand_in(home, name, f"[ $1 = -V ] || [ $1 = --version ] && echo {name} 2.9; exit 1")
    look = {"tmux": hosts.multiplexer, "starship": hosts.prompt}[name]
    ((_name, result, what, fix, _after),) = look(context(home, PATH=path))
    assert (result, what, fix) == ("skip", "It does not show the segment.", "")
