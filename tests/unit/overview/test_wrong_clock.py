"""A clock that cannot be right is said to be wrong, and no wait of decades is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusline.cli import credentials, show
from statusline.doctor import api_state, cache, login
from statusline.doctor.context import Context
from statusline.overview import wrong_clock
from statusline.overview.overview import Overview, look
from statusline.system import clock, environ
from statusline.usage.snapshot import Snapshot
from tests.support import sample

DECADES_S = 20_000 * 86400


@pytest.fixture(autouse=True)
def _own_clock() -> Iterator[None]:
    yield
    clock.use(None)


def told(env: environ.Environment, now: float) -> dict[str, str]:
    """What `show`, `credentials` and `doctor` say at `now`."""
    clock.use(lambda: now)
    context = Context(env, now, "/", False, "/nonexistent")
    found = [cache.clock(context), login.login(context), api_state.schedule(context)]
    said = {each.name: f"{each.what} {each.fix}" for checks in found for each in checks}
    for command, words in ((show.command, ["-v"]), (credentials.command, [])):
        said[command.name or ""] = CliRunner().invoke(command, words).output
    return said


@pytest.mark.parametrize("years", [20, 54])
def test_g02_a_clock_set_back_by_decades_makes_no_wait_of_decades(
    years: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said "request allowed in 20779d", and not a word of the clock."""
    env = sample.home(tmp_path)
    monkeypatch.setattr(environ, "current", lambda: env)
    said = told(env, sample.NOW - years * 365 * 86400)
    assert "in 1 minute" in said["show"]
    for text in (said["show"], said["clock"]):
        assert re.search(r"clock says \d{4}-\d\d-\d\d \d\d:\d\d, which is \d+d\d*h? behind", text)
        assert wrong_clock.FIX in " ".join(text.split())
    assert all(re.search(r"in \d{4,} ?d", text) is None for text in said.values())


def test_g02_a_clock_older_than_the_program_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a refresher has followed the clock, nothing of the cache lies ahead of it any more."""
    now = sample.NOW - DECADES_S
    snapshot = sample.snapshot()
    snapshot.written_at, snapshot.next_allowed_at = now - 15, now + 45
    snapshot.attempted_at = now - 15
    env = sample.home(tmp_path, snapshot)
    monkeypatch.setattr(environ, "current", lambda: env)
    said = told(env, now)
    assert "This machine's clock says 1971-" in said["show"]
    assert "This machine's clock says 1971-" in said["clock"]
    assert "next     in 45 seconds" in said["show"]
    assert all(re.search(r"in \d{4,} ?d", text) is None for text in said.values())


@pytest.mark.parametrize("back_s", [-86400.0, 0.0, 1.0])
def test_a_clock_that_may_be_right_is_not_spoken_of(back_s: float, tmp_path: Path) -> None:
    """A cache of yesterday, or a file's time a moment ahead, would be called a wrong clock."""
    env = sample.home(tmp_path)
    clock.use(lambda: sample.NOW - back_s)
    assert look(env).problems == ()


def test_g02_a_wait_is_never_longer_than_when_it_was_counted() -> None:
    """A clock set back by an hour would make a minute an hour and a minute."""
    snapshot = Snapshot()
    snapshot.written_at, snapshot.next_allowed_at = 1_795_000_000.0, 1_795_000_060.0
    waits = [wrong_clock.allowed_in_s(snapshot, 1_795_000_000.0 + s) for s in (-3600, 0, 20, 90)]
    assert waits == [60, 60, 40, 0]
    assert Overview(look(environ.Environment({})), 0.0).next_allowed_in_s is None
