"""``show --all``: what its rows say, in a table, in lines and in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from statusline.cli.accounts import NOTHING, AllAccounts, look_at_all
from statusline.login import credentials
from statusline.system import clock
from statusline.system.environ import Environment
from statusline.usage.forecast import Forecast
from tests.support import sample


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    """It is always the sample's moment."""
    clock.use(lambda: sample.NOW)
    yield
    clock.use(None)


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    """One account with numbers, and one without."""
    (tmp_path / ".claude-new/projects").mkdir(parents=True)
    return sample.home(tmp_path)


def drawn(table: AllAccounts, width: int) -> list[str]:
    """The lines on a terminal of this width."""
    console = Console(width=width, force_terminal=True, color_system=None, _environ={})
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_no_login_is_read(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would have caught every account's token in memory, and a Keychain that asks for each."""

    def refuse(*_words: object, **_options: object) -> credentials.Credentials:
        raise AssertionError

    monkeypatch.setattr(credentials, "find", refuse)
    assert len(look_at_all(env).rows) == 2


@pytest.mark.parametrize("width", [76, 80, 120])
def test_a_row_says_what_the_cache_does(env: Environment, width: int) -> None:
    """It would have caught 0 % where nothing is known, and an age that is left out."""
    lines = drawn(look_at_all(env), width)
    assert max(map(len, lines)) <= width
    head, present, other = lines[2:]
    assert head.split() == ["plan", "5h", "resets", "in", "7d", "resets", "in", "seen", "state"]
    assert present.startswith("~/.claude *")
    assert present.split()[2:] == ["Max", "5x", "61%", "2h11m", "82%", "4d1h", "3m", "ago", "ok"]
    assert "%" not in other
    assert other.endswith("no numbers yet")


def test_a_window_that_will_be_full_is_said(env: Environment) -> None:
    """It would have caught "ok" beside a window that is used up before its reset."""
    found = sample.snapshot()
    resets_at = found.windows["five_hour"].resets_at or 0
    full = (sample.NOW + 3000, None, None)
    forecast = Forecast("five_hour", resets_at, sample.NOW, 1.4, 120.0, None, full)
    found.forecasts["five_hour"] = forecast
    (Path(env.profile_dir or "") / "usage.json").write_text(json.dumps(found.to_json()))
    first = next(look_at_all(env).plain_lines())
    assert "5h 61% →120% resets in 2h11m" in first
    assert first.endswith("5h full 50m)")


def test_nothing_found_is_said() -> None:
    """It would have caught an empty screen."""
    table = look_at_all(Environment({}))
    assert drawn(table, 100) == [NOTHING]
    assert table.to_json() == []
