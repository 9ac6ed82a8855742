"""What the tests of the shell hooks share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shells.prompts import EVERY_SHELL, SHELLS, Scene
from tests.support.real_line import close_gate


@pytest.fixture(params=EVERY_SHELL)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A home per shell; its refreshers have ended when the test has."""
    made = Scene(tmp_path / "home", SHELLS[request.param])
    close_gate(made.directory)  # nothing here is about refreshing
    yield made
    assert made.profile.wait_until_quiet()
