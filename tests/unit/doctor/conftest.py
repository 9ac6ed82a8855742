"""The home that the checks look at."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty Claude directory."""
    (tmp_path / ".claude").mkdir()
    return tmp_path
