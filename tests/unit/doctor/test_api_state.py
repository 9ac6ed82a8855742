"""What the cache knows of the usage API."""

from __future__ import annotations

from pathlib import Path

from statusline.doctor import api_state
from tests.support.checkup import context, publish


def test_what_was_dropped_and_what_is_new_is_named(home: Path) -> None:
    """Impossible values by source, unknown keys of the API by name."""
    publish(home, dropped={"api": 3, "stdin": 1}, unknown_keys=["velvet_moon"])
    checks = api_state.dropped(context(home))
    assert [check.name for check in checks] == ["values", "API drift"]
    assert "api 3, stdin 1" in checks[0].what
    assert "velvet_moon" in checks[1].what
