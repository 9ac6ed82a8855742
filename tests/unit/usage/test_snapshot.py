"""`usage.json` in memory: round trip, any garbage, newer and older schemas."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given

from statusline.usage.forecast import Forecast
from statusline.usage.memory import MAX_SESSIONS
from statusline.usage.observation import Observation
from statusline.usage.snapshot import MAX_WINDOWS, SCHEMA, Snapshot
from statusline.usage.spend import Pool, Spend
from statusline.usage.token_count import TokenCount
from tests.support.distorted import NOW, distorted, documents


def full() -> Snapshot:
    """A snapshot in which every field says something."""
    snapshot = Snapshot()
    snapshot.written_at = NOW + 1.0
    snapshot.windows = {
        "five_hour": Observation("five_hour", "5h", 61.0, NOW + 60, NOW, "api"),
        "weekly Opus": Observation("weekly Opus", "Opus", 22.5, None, NOW, "claude_json"),
    }
    snapshot.spend = Spend(5090.0, None, "USD", 2, None, True, NOW)
    snapshot.pools = {"cinder_cove": Pool(42.0, 420.0, 1000.0, NOW + 60, NOW)}
    snapshot.absent = ["seven_day"]
    snapshot.forecasts = {
        "five_hour": Forecast("five_hour", NOW + 60, NOW, 0.6, 61.5, (60.0, 70.25)),
        "weekly Opus": Forecast("weekly Opus", NOW + 60, NOW, 2, 120, None, (NOW + 9, NOW, None)),
    }
    snapshot.token_counts = {
        "today": TokenCount(NOW - 9000.0, NOW + 9000.0, NOW, 61_000_000, None),
        "block": TokenCount(NOW - 900.0, NOW + 900.0, NOW, 4_000_000, 32.6),
    }
    snapshot.plan = "Max 5x"
    snapshot.state = "rate_limited"
    snapshot.detail = "The usage API asks us to wait (429)."
    snapshot.http_status = 429
    snapshot.attempted_at = snapshot.succeeded_at = NOW - 1.0
    snapshot.next_refresh_at = snapshot.next_allowed_at = NOW + 60.0
    snapshot.account = "0123abcd"
    snapshot.claude_version = "2.1.328"
    snapshot.account_since = NOW - 900.0
    snapshot.login = "1795170000000000000-512-33 - 1795170000000000000-9000-34"
    snapshot.memory.sessions = {"25719877-56d4": (NOW - 5.0, 1500.0, None)}
    snapshot.memory.told = {"five_hour": {NOW + 60: 61.0, NOW - 18000: 93.5}}
    snapshot.unlimited_at = NOW - 9000.0
    snapshot.requests = 4
    snapshot.errors = {"rate_limited": 1}
    snapshot.dropped = {"stdin": 2}
    snapshot.unknown_keys = ["seven_day_cowork"]
    return snapshot


DOCUMENT: dict[str, Any] = full().to_json()


def through_the_file(document: object) -> Snapshot | None:
    """The snapshot that a reader makes of this document."""
    return Snapshot.from_json(json.loads(json.dumps(document)))


def test_a_snapshot_survives_the_file() -> None:
    """Every field is read again as it was written."""
    again = through_the_file(DOCUMENT)
    assert again is not None
    assert again.to_json() == DOCUMENT
    assert not again.is_newer_than_us()


def test_an_empty_snapshot_survives_the_file() -> None:
    """A cache that knows nothing yet is a whole document too."""
    again = through_the_file(Snapshot().to_json())
    assert again is not None
    assert again.to_json() == Snapshot().to_json()


@given(distorted(DOCUMENT))
def test_no_document_makes_it_raise(value: object) -> None:
    """P4: any JSON is a snapshot or none, and what came in can be written again."""
    snapshot = Snapshot.from_json(value)
    if snapshot is not None:
        json.dumps(snapshot.to_json(), allow_nan=False)
        assert snapshot.to_json() == Snapshot.from_json(snapshot.to_json()).to_json()  # type: ignore[union-attr]


@given(documents)
def test_a_damaged_part_leaves_the_rest(value: object) -> None:
    """One unsound window, spend, session or memory costs only itself."""
    windows = {**DOCUMENT["windows"], "seven_day": value}
    names = (
        "spend",
        "sessions",
        "told",
        "login",
        "dropped",
        "absent",
        "forecasts",
        "tokens",
        "sources",
    )
    parts = dict.fromkeys(names, value)
    pools = {"x": value, **DOCUMENT["pools"]}
    snapshot = Snapshot.from_json({**DOCUMENT, "windows": windows, "pools": pools, **parts})
    assert snapshot is not None
    assert snapshot.windows["five_hour"].utilization_pct == 61
    json.dumps(snapshot.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    "heard",
    [
        [math.inf, 1, 2],
        [NOW, math.nan, math.inf],
        [NOW],
        "61",
        {"deep": [[[[math.inf]]]]},
        ["\x1b[31m", 1, 2],
    ],
)
def test_unsound_memories_of_a_session_do_not_come_back(heard: object) -> None:
    """A poisoned session could otherwise never be written again, and no refresh would end well."""
    told = {"five_hour": {"\x1b[31m": 5, str(NOW): heard}}
    snapshot = Snapshot.from_json({**DOCUMENT, "sessions": {"a": heard}, "told": told})
    assert snapshot is not None
    json.dumps(snapshot.to_json(), allow_nan=False)
    assert "\x1b" not in repr(snapshot.to_json())


@pytest.mark.parametrize("value", [None, [], "x", 1, True, {}, {"schema": None}, {"schema": "1"}])
def test_what_is_no_document_of_ours_is_none(value: object) -> None:
    """A file without our schema is nobody's cache."""
    assert Snapshot.from_json(value) is None


@pytest.mark.parametrize(
    ("schema", "is_read"),
    [
        pytest.param(0, False, id="A14-never-released"),
        pytest.param(-1, False, id="A14-negative"),
        pytest.param(True, False, id="A14-true"),
        pytest.param(1.0, False, id="A14-float"),
        pytest.param(SCHEMA, True, id="A14-ours"),
        pytest.param(999, True, id="A13-newer"),
    ],
)
def test_a_schema_is_ours_newer_or_none(schema: object, is_read: bool) -> None:
    """A13, A14: only versions that were or will be released are read."""
    snapshot = Snapshot.from_json({**DOCUMENT, "schema": schema})
    assert (snapshot is not None) is is_read


def test_a_newer_schema_is_read_as_far_as_possible() -> None:
    """A13: unknown fields are passed over, changed ones are unknown, the rest is shown."""
    newer = {
        **DOCUMENT,
        "schema": 999,
        "added_later": {"a": [1, 2, 3]},
        "spend": [5090, "USD"],
        "attempted_at": {"at": NOW},
        "windows": {**DOCUMENT["windows"], "seven_day": "22%"},
    }
    snapshot = Snapshot.from_json(newer)
    assert snapshot is not None
    assert snapshot.is_newer_than_us()
    assert set(snapshot.windows) == {"five_hour", "weekly Opus"}
    assert (snapshot.spend, snapshot.attempted_at) == (None, None)


def test_a_huge_document_is_bounded() -> None:
    """However many windows and sessions a file lists, only so many are kept."""
    one = DOCUMENT["windows"]["five_hour"]
    snapshot = Snapshot.from_json(
        {
            **DOCUMENT,
            "windows": {f"window {number}": one for number in range(1000)},
            "sessions": {f"s{number}": [1.0, None, None] for number in range(1000)},
            "unknown_keys": ["key"] * 1000,
        }
    )
    assert snapshot is not None
    assert len(snapshot.windows) == MAX_WINDOWS
    assert len(snapshot.memory.sessions) == MAX_SESSIONS
    assert len(snapshot.unknown_keys) == MAX_WINDOWS
