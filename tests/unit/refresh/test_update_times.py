"""From which moment things count: attempts, waits, observations, accounts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from statusline.refresh import state_file
from statusline.refresh.outcome import Outcome
from statusline.system import clock
from statusline.usage.spend import Pool, Spend
from tests.support.login import TOKEN
from tests.support.server import usage_body
from tests.support.update_run import answer_with, asked, home, message, update_in, written

__all__ = ["home"]  # pytest finds the fixture by its name here


@pytest.fixture
def pass_time() -> Iterator[Callable[[float], None]]:
    """A clock that stands still until it is told how many seconds have passed."""
    moment = [time.time()]
    clock.use(lambda: moment[0])

    def step(seconds: float) -> None:
        moment[0] += seconds

    yield step
    clock.use(None)


def test_an_attempt_counts_from_the_request_not_from_the_reading_before_it(
    home: Path, pass_time: Callable[[float], None]
) -> None:
    """P5: a large .claude.json takes seconds to read, and the 60 s begin after that."""
    update = update_in(home)
    pass_time(5)
    update.stamp_attempt()
    assert written(home, "state.json")["attempts"][-1]["wall_s"] == clock.now()


def test_e02_a_retry_after_counts_from_the_answer(
    home: Path, monkeypatch: pytest.MonkeyPatch, pass_time: Callable[[float], None]
) -> None:
    """E02: a server that answers after six seconds means a hundred from then on."""

    def answer(*_arguments: object, **_named: object) -> Outcome:
        pass_time(6)
        return Outcome("rate_limited", 429, None, 100.0, "")

    monkeypatch.setattr("statusline.refresh.api.fetch_usage", answer)
    update = asked(home)
    assert update.when_allowed().wait_s >= 100


@pytest.mark.parametrize("back_s", [5, 3600])
def test_g02_a_clock_set_back_lets_no_second_request_out(home: Path, back_s: float) -> None:
    """G02, H14: where nothing tells the time since boot, the floor begins anew."""
    now = clock.Stamp(time.time(), None, None)
    attempt = {"wall_s": now.wall_s + back_s, "boot_s": None, "boot_id": None}
    path = home / "cache" / "state.json"
    path.write_text(json.dumps({"schema": 1, "attempts": [attempt]}))
    path.chmod(0o600)
    assert state_file.load(str(home / "cache"), now).state.attempts[-1].at.wall_s == now.wall_s


def test_a_clock_set_back_takes_every_moment_along(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money, the last success and what sessions said stayed in the future and looked fresh."""
    ahead_s = time.time() + 7200
    answer_with(monkeypatch, Outcome("ok", 200, usage_body(61, 22), None, ""))
    clock.use(lambda: ahead_s)
    try:
        update = update_in(home)
        update.take_local(message(40))
        update.stamp_attempt()
        update.ask()
        update.snapshot.spend = Spend(1, None, "USD", 2, None, True, ahead_s)
        update.snapshot.pools = {"nimbus_quill": Pool(12.0, None, None, None, ahead_s)}
        update.publish()
    finally:
        clock.use(None)
    snapshot = update_in(home).snapshot
    moments = (
        *(each.observed_at for each in snapshot.windows.values()),
        *(each.observed_at for each in snapshot.pools.values()),
        *(heard[0] for heard in snapshot.memory.sessions.values()),
        *(snapshot.attempted_at, snapshot.succeeded_at),
        snapshot.spend.observed_at if snapshot.spend else None,
    )
    assert len(moments) == 7
    assert all(moment is not None and moment <= time.time() for moment in moments)


def test_an_older_copy_of_an_answer_brings_nothing_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claude Code's cache from before our own answer is no news, whatever it lists."""
    cached = {
        "fetchedAtMs": (time.time() - 60) * 1000,
        "accountUuid": "one",
        "utilization": {**usage_body(61, 22), "seven_day_opus": {"utilization": 93}},
    }
    document = {"oauthAccount": {"accountUuid": "one"}, "cachedUsageUtilization": cached}
    (home / ".claude.json").write_text(json.dumps(document))
    answer_with(monkeypatch, Outcome("ok", 200, usage_body(61, 22), None, ""))
    asked(home)
    update = update_in(home)
    update.take_local(None)
    assert "seven_day_opus" not in update.snapshot.windows


def test_f14_an_idle_session_of_the_old_account_is_no_news(home: Path) -> None:
    """F14: it goes on repeating the old account's numbers after the switch."""
    first = update_in(home, CLAUDE_CODE_OAUTH_TOKEN=TOKEN)
    first.take_local(message(90))
    first.publish()
    second = update_in(home, CLAUDE_CODE_OAUTH_TOKEN=TOKEN + "2")
    second.take_local(message(90))
    assert second.snapshot.windows == {}
