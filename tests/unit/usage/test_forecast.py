"""A forecast in `usage.json`: round trip, any garbage, which run of a window it is about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.system.environ import Environment
from statusline.usage.forecast import Forecast
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support.distorted import NOW, distorted

RESET = NOW + 7200
EARNED = Forecast(
    *("five_hour", RESET, NOW, 1.25, 118.0, (96.0, 140.0)),
    full=(NOW + 3600.0, NOW + 2400.0, None),
)
DOCUMENT: dict[str, Any] = EARNED.to_json()


def read(**fields: object) -> Forecast | None:
    """The documented forecast with other fields, as a reader has it."""
    return Forecast.from_json("five_hour", {**DOCUMENT, **fields})


def test_a_forecast_survives_the_file() -> None:
    """Every field is read again as it was written, also where nothing is earned yet."""
    early = Forecast("five_hour", RESET, NOW, 0.5, 40.0)
    for each in (EARNED, early):
        assert Forecast.from_json("five_hour", json.loads(json.dumps(each.to_json()))) == each
    assert early != EARNED


@given(distorted(DOCUMENT))
def test_no_value_makes_a_forecast_raise(value: object) -> None:
    """Whatever stands there: none, or one whose numbers can be shown as they are."""
    found = Forecast.from_json("five_hour", value)
    if found is None:
        return
    assert Forecast.from_json("five_hour", found.to_json()) == found
    assert (found.low_pct is None) == (found.high_pct is None)
    if found.low_pct is not None and found.high_pct is not None:
        assert 0 <= found.low_pct <= found.projected_pct <= found.high_pct
    if found.full_at is None:
        assert found.full_from is found.full_to is None
    else:
        assert (found.full_from or 0) <= found.full_at <= (found.full_to or found.resets_at)


@pytest.mark.parametrize(
    "fields",
    [{"resets_at": None}, {"made_at": -1}, {"pace": None}, {"pace": -1}, {"projected_pct": "95"}],
    ids=str,
)
def test_a_forecast_without_its_core_is_none(fields: dict[str, object]) -> None:
    """Half a forecast would be shown as a number that nobody made."""
    assert read(**fields) is None


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"low_pct": 119.0}, {"low_pct": None, "high_pct": None}),
        ({"high_pct": None}, {"low_pct": None, "high_pct": None}),
        ({"full_at": RESET + 1.0}, {"full_at": None, "full_from": None}),
        ({"full_at": None}, {"full_at": None, "full_from": None}),
        ({"full_from": NOW + 4000.0}, {"full_from": None}),
        ({"full_to": RESET + 60.0}, {"full_to": None}),
    ],
    ids=str,
)
def test_an_unsound_range_costs_only_itself(
    fields: dict[str, object], kept: dict[str, object]
) -> None:
    """A range that does not hold its number, or ends past the reset, says nothing."""
    found = read(**fields)
    assert found is not None
    assert found.to_json() == {**DOCUMENT, **kept}


@given(st.integers(-600, 600))
def test_a_forecast_is_about_one_run_of_its_window(off_s: int) -> None:
    """Beside the next run's number it would promise what was said of the last one."""
    seen = Observation("five_hour", "5h", 61.0, RESET + off_s, NOW, "api")
    assert EARNED.is_about(seen) is (abs(off_s) <= 60)
    seen.window = "seven_day"
    assert not EARNED.is_about(seen)
    seen.window, seen.resets_at = "five_hour", None
    assert not EARNED.is_about(seen)


def test_another_accounts_forecasts_go_with_its_numbers(tmp_path: Any) -> None:
    """What the old account was heading for is nothing to the new one."""
    from statusline.login import identity

    env = Environment({"HOME": str(tmp_path)})
    (tmp_path / ".claude.json").write_text('{"oauthAccount": {"accountUuid": "a-1"}}')
    snapshot = Snapshot()
    snapshot.forecasts = {"five_hour": EARNED}
    snapshot.login, snapshot.account = "1-1-1 -", "salt-of-another"
    identity.reconcile(env, snapshot)
    assert (snapshot.state, snapshot.forecasts) == ("new_login", {})
