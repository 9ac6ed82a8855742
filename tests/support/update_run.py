"""One refresher's work, in this process: a signed-in home, and answers without a network."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from statusline.refresh.outcome import Outcome
from statusline.refresh.update import Update
from statusline.system.environ import Environment
from tests.support.login import sign_in

NOW = time.time()
RESET = int(NOW // 60) * 60 + 3 * 3600


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A signed-in home with a cache directory."""
    (tmp_path / ".claude").mkdir(mode=0o700)
    (tmp_path / "cache").mkdir(mode=0o700)
    sign_in(tmp_path)
    return tmp_path


def update_in(home: Path, **variables: str) -> Update:
    """An update of the cache below `home`, which says its steps to nobody."""
    said: list[str] = []
    return Update(environment(home, **variables), str(home / "cache"), said.append)


def environment(home: Path, **variables: str) -> Environment:
    """The environment of `home`."""
    return Environment({"HOME": str(home), **variables})


def written(home: Path, name: str = "usage.json") -> dict[str, Any]:
    """What a file of the cache holds."""
    document = json.loads((home / "cache" / name).read_text())
    assert isinstance(document, dict)
    return document


def message(used_pct: object = 40, *, session: str = "one", **fields: object) -> dict[str, object]:
    """What a render hands over about the 5-hour window."""
    limits = {"five_hour": [used_pct, RESET]}
    return {
        "session": session,
        "version": "2.1.400",
        "said_at": time.time(),
        "limits": limits,
        "counters": [1000, None],
        **fields,
    }


def answer_with(monkeypatch: pytest.MonkeyPatch, *outcomes: Outcome) -> None:
    """Let the API client return these, one after the other."""
    given = iter(outcomes)
    monkeypatch.setattr(
        "statusline.refresh.api.fetch_usage", lambda *_arguments, **_named: next(given)
    )


def asked(home: Path) -> Update:
    """An update that has asked and published."""
    update = update_in(home)
    update.stamp_attempt()
    update.ask()
    update.publish()
    return update
