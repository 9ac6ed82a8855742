"""What tests of real processes share: a server and a home that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import House
from tests.support.launcher import make_launcher
from tests.support.profile import Profile
from tests.support.server import UsageServer, usage_answer


@pytest.fixture
def server() -> Iterator[UsageServer]:
    """A server that answers well until a test says otherwise."""
    with UsageServer([usage_answer()]) as running:
        yield running


@pytest.fixture
def profile(server: UsageServer, tmp_path: Path) -> Profile:
    """A signed-in home that asks `server`."""
    return Profile(tmp_path, server.url)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty home with a launcher beside it."""
    return House(tmp_path / "home", make_launcher(tmp_path / "bin"))
