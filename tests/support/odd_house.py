"""A home with known numbers below a path that every program would like to misread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.system.environ import Environment

from .canary import Scratch
from .house import House
from .launcher import make_launcher
from .quiet import wait_until_quiet
from .real_line import fill

#: Names that each shell, tmux, TOML and JSON would read as something else (S27).
ODD = 'it\'s a "b" $HOME %d #H #{x} \\n (1) ;`x`'


@pytest.fixture(params=["plain", ODD], ids=["plain", "odd"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """A home with known numbers, itself and its launcher below a plain or an odd path."""
    with Scratch(prefix="house-") as base:
        home = House(Path(base, request.param), make_launcher(Path(base, request.param, "bin")))
        home.environment["TERM"] = "xterm-256color"
        directory = Environment(home.environment).profile_dir
        assert directory is not None
        fill(Path(directory))
        yield home
        assert wait_until_quiet(home.home)  # a refresher would write into what is cleared away
