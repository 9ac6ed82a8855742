"""tmux shows what was installed, behind what was there."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.capabilities import needs_tmux
from tests.support.house import House
from tests.support.launcher import make_launcher
from tests.support.odd_house import house
from tests.support.patience import HANG_S
from tests.support.real_line import NUMBERS
from tests.support.screen import Screen

__all__ = ["house"]  # pytest finds the fixture by its name here

#: The user's own tmux, in the pane of ours.
TMUX = ["sh", "-c", 'cd "$HOME" && exec tmux -S s new-session -n w sleep 3600']


def tmux_in(house: House, *words: str, text: str = "") -> str:
    """One command of the house's tmux server, with `text` on stdin; what it prints."""
    done = subprocess.run(
        ["tmux", "-S", "s", *words],
        cwd=house.home,
        env=house.environment,
        input=text,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    return done.stdout


@needs_tmux
@pytest.mark.parametrize(
    ("text", "left", "length"),
    [
        ("", r"\d\d:\d\d \d\d-\w+-\d\d", "100"),
        ("set -g status-right 'mine %H'\nset -g status-right-length 20\n", r"mine \d\d", "100"),
        ("set -g status-right-length 150", r"\d\d:\d\d \d\d-\w+-\d\d", "150"),
        ("# mine\r\nset -g status-right 'a#[bold]b'\r\n", "ab", "100"),
    ],
)
def test_tmux_shows_the_segment_behind_what_was_there(
    house: House, text: str, left: str, length: str
) -> None:
    """`status-right` is extended, once however often the file is read; length only grows."""
    path = house.home / ".tmux.conf"
    if text:
        path.write_bytes(text.encode())
    house.ok("install", "tmux", "--yes")
    with Screen(TMUX, house.environment, columns=160) as screen:
        try:
            seen = screen.wait_for(rf"{left} \| {NUMBERS}")
            for _ in range(2):  # from stdin: as a pattern an odd name does not match itself
                tmux_in(house, "source-file", "-", text=path.read_text())
            assert tmux_in(house, "show", "-gv", "status-right").count("hooks/tmux.sh") == 1
            assert tmux_in(house, "show", "-gv", "status-right-length").strip() == length
            assert tmux_in(house, "show", "-gv", "status-interval").strip() == "15"
            assert seen.count(NUMBERS) == 1
        finally:
            tmux_in(house, "kill-server")
    house.ok("uninstall", "tmux", "--yes")
    assert (path.read_bytes() if text else b"") == text.encode()
    assert path.exists() == bool(text)


@needs_tmux
def test_the_file_that_tmux_reads_last_is_chosen(house: House) -> None:
    """With ~/.tmux.conf and the XDG one, the lines go where nothing comes after them."""
    for name in (".tmux.conf", ".config/tmux/tmux.conf"):
        house.write(name, "set -g status-right mine\n")
    house.ok("install", "tmux", "--yes")
    assert "statusline" not in (house.home / ".tmux.conf").read_text()
    with Screen(TMUX, house.environment, columns=160) as screen:
        try:
            screen.wait_for(rf"mine \| {NUMBERS}")
        finally:
            tmux_in(house, "kill-server")


@pytest.mark.parametrize(
    ("version", "status", "said"),
    [
        ("tmux 3.1c", 0, "WARNING: tmux before 3.2"),
        ("tmux 2.9a", 1, "tmux before 3.0"),
        ("tmux next-3.5", 0, "source-file"),
        ("tmux master", 0, "source-file"),
    ],
)
def test_an_old_tmux_is_named(house: House, version: str, status: int, said: str) -> None:
    """Before 3.2 tmux expands the output again (docs/hosts.md 1): the user is told."""
    program = house.write("bin/tmux", f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    house.environment["PATH"] = f"{program.parent}:{house.environment['PATH']}"
    done = house.run("install", "tmux", "--yes")
    assert done.returncode == status
    assert said in done.stdout + done.stderr
    assert ("WARNING" in done.stdout) == ("3.1" in version)
    assert (house.home / ".tmux.conf").exists() == (status == 0)


def test_parentheses_that_do_not_match_are_refused_for_tmux(house: House) -> None:
    """The first `)` without its partner would be the end of the command for tmux."""
    launcher = make_launcher(house.home / "a) b(")
    house.environment["STATUSLINE_BIN"] = str(launcher)
    done = house.run("install", "tmux", "--yes")
    assert done.returncode == 1
    assert "parentheses" in done.stderr
