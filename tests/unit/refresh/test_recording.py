"""What each refresher adds to the history, whatever fed it; and what comes out as a forecast."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from statusline.database.place import DatabaseError
from statusline.history import store
from statusline.history.cycles import Cycle, Seen
from statusline.history.schema import FILE_NAME
from statusline.history.store import History
from statusline.refresh import recording
from statusline.refresh.outcome import Outcome
from statusline.usage.forecast import Forecast
from statusline.usage.observation import DAY_S, Observation
from statusline.usage.snapshot import Snapshot
from tests.support.login import sign_in
from tests.support.profile import OTHER_TOKEN
from tests.support.server import usage_body
from tests.support.update_run import (
    NOW,
    RESET,
    answer_with,
    asked,
    home,
    message,
    update_in,
    written,
)

__all__ = ["home"]  # pytest finds the fixture by its name here


def kept(home: Path, window: str = "five_hour") -> dict[str, list[Seen]]:
    """What the history holds of a window, by account."""
    with store.reading(str(home / "cache")) as history:
        return {mark: history.seen(mark, window) for mark in history.accounts()}


def pcts(home: Path) -> list[list[float]]:
    """The numbers of the 5-hour window, a list for each account."""
    return [[each.used_pct for each in seen] for seen in kept(home).values()]


def told(home: Path, used_pct: float) -> None:
    """Let a refresher run that only hears a session."""
    update = update_in(home)
    update.take_local(message(used_pct))
    update.publish()


def answered(home: Path, monkeypatch: pytest.MonkeyPatch, used_pct: float) -> None:
    """Let a refresher run that asks the API."""
    answer_with(monkeypatch, Outcome("ok", 200, usage_body(used_pct, 22)))
    asked(home)


def sign_in_as(home: Path, uuid: str) -> None:
    """Name the account, as Claude Code does."""
    (home / ".claude.json").write_text(json.dumps({"oauthAccount": {"accountUuid": uuid}}))


def test_what_an_answer_says_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each window, under the mark of the account, before usage.json is there."""
    answer_with(monkeypatch, *(Outcome("ok", 200, usage_body(pct, 22)) for pct in (61, 61, 63)))
    for _turn in range(3):
        asked(home)
    (mark,) = kept(home)
    assert mark == written(home)["account"]
    assert [each.used_pct for each in kept(home)[mark]] == [61, 63]
    assert [each.used_pct for each in kept(home, "seven_day")[mark]] == [22]


def test_what_sessions_say_is_kept_while_the_api_is_off(home: Path) -> None:
    """Who never asks the API has a history as well."""
    config = home / ".config/statusline/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("api = false\n")
    for used_pct in (40, 41, 41):
        told(home, used_pct)
    assert pcts(home) == [[40, 41]]
    assert kept(home)[written(home)["account"]][0].resets_at == RESET


def test_nothing_is_made_where_nothing_is_known(home: Path) -> None:
    """A machine without a login has no empty history."""
    update_in(home).publish()
    assert not (home / "cache" / FILE_NAME).exists()


def test_a_change_of_the_account_begins_its_own_numbers(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one account has used is no past of the other's, and each comes back to its own."""
    for uuid, used_pct in (("a-1", 80), ("b-2", 3), ("a-1", 81)):
        sign_in_as(home, uuid)
        answered(home, monkeypatch, used_pct)
    assert len(kept(home)) == 2
    assert sorted(len(each) for each in pcts(home)) == [1, 2]
    assert "a-1" not in repr(kept(home).keys())


def test_an_account_that_gets_its_name_keeps_its_numbers(home: Path) -> None:
    """First only the token stood for it, then .claude.json was there."""
    told(home, 40)
    sign_in_as(home, "a-1")
    told(home, 41)
    assert pcts(home) == [[40, 41]]


@pytest.mark.parametrize("name", ["named", "unnamed"])
def test_a_lost_cache_costs_no_history(name: str, home: Path) -> None:
    """usage.json has a new salt then, and the mark of the same account is another one."""
    if name == "named":
        sign_in_as(home, "a-1")
    told(home, 40)
    (home / "cache/usage.json").unlink()
    told(home, 41)
    assert pcts(home) == [[40, 41]]


def cut_short(home: Path) -> None:
    """Let `.claude.json` be in the middle of a write."""
    path = home / ".claude.json"
    path.write_text(path.read_text()[:20])


def test_a_lost_cache_while_nobody_names_the_account_costs_no_history(home: Path) -> None:
    """Two marks are its own then: the fragment got its name, and a year was asked for by nobody."""
    sign_in_as(home, "a-1")
    told(home, 10)
    told(home, 20)
    (home / "cache/usage.json").unlink()
    cut_short(home)
    told(home, 30)
    assert pcts(home) == [[30], [10, 20]]
    sign_in_as(home, "a-1")
    told(home, 40)
    assert pcts(home) == [[10, 20, 30, 40]]
    assert list(kept(home)) == [written(home)["account"]]


def test_an_account_keeps_what_it_used_while_it_had_no_name(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its old mark is known when its name returns, and the time in between is its own."""
    sign_in_as(home, "a-1")
    answered(home, monkeypatch, 10)
    (home / ".claude.json").unlink()
    sign_in(home, OTHER_TOKEN)
    answered(home, monkeypatch, 20)
    assert pcts(home) == [[20], [10]]
    sign_in_as(home, "a-1")
    answered(home, monkeypatch, 30)
    assert pcts(home) == [[10, 20, 30]]


def test_another_login_behind_a_half_written_claude_json_is_not_mixed_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its token is present then, and the name is still that of the account before."""
    sign_in(home, OTHER_TOKEN)
    answered(home, monkeypatch, 5)
    sign_in(home)
    sign_in_as(home, "a-1")
    answered(home, monkeypatch, 40)
    cut_short(home)
    sign_in(home, OTHER_TOKEN)
    answered(home, monkeypatch, 41)
    assert pcts(home) == [[40, 41], [5]]


def test_the_history_is_looked_through_once_a_day(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a pause every refresh read all of it: what is old is told by a clock that stood."""
    looks: list[float] = []
    monkeypatch.setattr(History, "check", lambda _history: looks.append(now[0]))
    now: list[float] = [NOW // DAY_S * DAY_S - 200 * DAY_S]
    snapshot = Snapshot()
    snapshot.account = "salt-mine"

    def seen(pct: float) -> None:
        reset = int(now[0]) + 7200
        seen = Observation("five_hour", "5h", pct, reset, now[0], "api")
        snapshot.windows = {"five_hour": seen}
        recording.record(str(home / "cache"), snapshot, lambda _mark: False, now[0])
        snapshot.written_at = now[0]

    for number in range(150):
        now[0] += 60
        seen(number % 100)
    assert len(looks) == 1
    now[0] += 200 * DAY_S
    for _turn in range(6):
        now[0] += 300
        seen(50)
    assert len(looks) == 2
    now[0] += DAY_S
    seen(51)
    assert len(looks) == 3


def test_forecasts_are_made_of_the_past_and_published(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One for each running window, of the moment at which its number was true."""
    given: list[tuple[Cycle, float, Sequence[Cycle]]] = []

    def predict(cycle: Cycle, now: float, past: Sequence[Cycle]) -> Forecast:
        given.append((cycle, now, past))
        return Forecast(cycle.window, cycle.resets_at, now, 1.5, 120.0)

    monkeypatch.setattr(recording, "PREDICT", predict)
    told(home, 40)
    told(home, 43)
    ((cycle, moment, past),) = given[1:]
    assert [point.pct for point in cycle.points] == [40, 43]
    assert (cycle.resets_at, cycle.is_closed, past) == (RESET, False, [])
    assert abs(moment - time.time()) < 60
    assert cycle.seen_at == moment
    assert written(home)["forecasts"]["five_hour"]["projected_pct"] == 120


def test_a_running_window_gets_its_forecast(home: Path) -> None:
    """The forecaster was written and asked by nobody: two numbers of a window are enough for it."""
    told(home, 40)
    assert written(home)["forecasts"] == {}
    told(home, 43)
    said = written(home)["forecasts"]["five_hour"]
    assert said["resets_at"] == RESET
    assert said["projected_pct"] >= 43


def test_no_forecast_outlives_its_history(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged history, a forecaster that fails: the numbers are published, and no old promise."""
    monkeypatch.setattr(
        recording,
        "PREDICT",
        lambda cycle, now, _past: Forecast(cycle.window, cycle.resets_at, now, 1, 90),
    )
    told(home, 40)
    assert written(home)["forecasts"]
    monkeypatch.setattr(recording, "PREDICT", lambda *_given: 1 / 0)
    told(home, 41)
    assert (written(home)["forecasts"], pcts(home)) == ({}, [[40, 41]])
    monkeypatch.setattr(store, "writing", _refuse)
    told(home, 42)
    assert written(home)["windows"]["five_hour"]["utilization_pct"] == 42
    assert written(home)["forecasts"] == {}


def _refuse(_directory: str) -> None:
    raise DatabaseError("busy", "Another program is using it.")


def test_another_program_that_holds_it_costs_one_run(home: Path) -> None:
    """The refresher does not wait for it, and the next one keeps what is known then."""
    told(home, 40)
    other = sqlite3.connect(home / "cache" / FILE_NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    told(home, 41)
    assert time.monotonic() - began < 10
    other.execute("ROLLBACK")
    other.close()
    told(home, 41)
    assert pcts(home) == [[40, 41]]
