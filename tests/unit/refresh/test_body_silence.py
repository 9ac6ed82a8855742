"""What a body says, what it leaves open, and what is no answer at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.refresh.body import FLAT_LABELS, MAIN_LABELS, OTHER_KEYS, ParsedBody, parse_body
from statusline.refresh.outcome import decoded
from statusline.system.text import clean
from statusline.usage.observation import MAX_UTILIZATION_PCT
from statusline.usage.snapshot import MAX_POOLS
from tests.support.bodies import (
    AT_THE_CAP,
    ENTERPRISE,
    FREE,
    NOW_S,
    OUT_OF_CREDITS,
    RESET,
    SAMPLES,
    bucket,
    extra,
    limit,
    money,
    parsed,
    pool,
    sample,
)

#: One of every kind of window that a cache can hold.
WINDOWS = (
    *("five_hour", "seven_day", "seven_day_opus", "seven_day_xyz_abc"),
    *("weekly:Fable", "spend_limit", "of a later version"),
)
NO_USAGE: dict[str, dict[str, object]] = {
    "nothing": {},
    "error": {"type": "error", "error": {"type": "api_error", "message": "no"}},
    "captive portal": {"status": "login_required", "url": "http://10.0.0.1/", "session": 1},
    "text": {"five_hour": bucket("42"), "seven_day": bucket("7")},
    "NaN": {"five_hour": bucket(float("nan")), "seven_day": bucket(float("inf"))},
    "empty": {"five_hour": {}, "seven_day": {}},
    "no objects": {"five_hour": 42, "seven_day": [42]},
    "impossible": {"five_hour": bucket(5000), "seven_day": bucket(-3)},
    "renamed keys": {"session": bucket(42), "weekly": bucket(7)},
    "renamed fields": {"five_hour": {"used": 42}, "seven_day": {"used": 7}, "limits": []},
    "one null": {"five_hour": None, "seven_day": bucket("7")},
    "only null": {"five_hour": None},
    "only a list": {"limits": []},
    "limits in text": {**FREE, "limits": [limit("session", "42")]},
    "limits renamed": {**FREE, "limits": [{"type": "session", "used": 42}]},
    "limits no list": {**FREE, "limits": {"session": 42}},
    "only that money is off": {"extra_usage": extra(None, is_enabled=False)},
    "unreadable money": {"spend": {"used": "5", "percent": "3"}, "extra_usage": []},
    "share without a switch": {"spend": {"percent": 3}},
    "only a code name": {"cinder_cove": pool(5.0, 10, utilization=50)},
}
USAGE: dict[str, dict[str, object]] = {
    **{name: sample(name) for name in SAMPLES},
    "enterprise": ENTERPRISE,
    "at the cap": AT_THE_CAP,
    "out of credits": OUT_OF_CREDITS,
    "free": FREE,
    "null alone": {"five_hour": None, "seven_day": None},
    "buckets of null": {"five_hour": bucket(None, None), "seven_day": bucket(None, None)},
    "one window": {"five_hour": bucket(0, None), "seven_day": bucket("7")},
    "limits alone": {"limits": [limit("weekly_all", 7)]},
    "money alone": {"extra_usage": extra(100)},
}


@pytest.mark.parametrize("body", NO_USAGE.values(), ids=NO_USAGE)
def test_what_holds_no_usage_in_a_known_shape_is_no_answer(body: dict[str, object]) -> None:
    """Any 200 with JSON was taken for "there are no windows", and erased the last good numbers."""
    result = parse_body(body, observed_at=NOW_S)
    assert not result.is_usage
    assert (result.observations, result.spend, result.pools, result.absent) == ([], None, {}, [])
    assert all(map(result.keeps, WINDOWS))
    assert result.keeps_spend


@pytest.mark.parametrize("body", USAGE.values(), ids=USAGE)
def test_what_says_something_in_a_known_shape_is_an_answer(body: dict[str, object]) -> None:
    """Numbers, money, or the plain word that there are no windows."""
    result = parse_body(body, observed_at=NOW_S)
    assert result.is_usage
    assert not any(result.keeps(seen.window) for seen in result.observations)
    assert result.keeps("spend_limit")


def test_what_json_does_not_know_is_not_null() -> None:
    """NaN became null on its way in, and null means that there is no such window."""
    body = decoded(b'{"five_hour": {"utilization": NaN, "resets_at": null}, "seven_day": null}')
    assert body is not None
    result = parse_body(body, observed_at=NOW_S)
    assert not result.is_usage
    result = parse_body({**body, "seven_day": bucket(7)}, observed_at=NOW_S)
    assert (result.is_usage, result.keeps("five_hour"), result.absent) == (True, True, [])


def kept(result: ParsedBody) -> set[str]:
    """The windows of which a body leaves open how they stand."""
    return {window for window in WINDOWS if result.keeps(window)}


ALWAYS = {"spend_limit", "of a later version"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(FREE, {"seven_day_opus", "seven_day_xyz_abc"}, id="no windows"),
        pytest.param(
            {"five_hour": None, "seven_day": None},
            {"seven_day_opus", "seven_day_xyz_abc", "weekly:Fable"},
            id="no list",
        ),
        pytest.param(
            dict.fromkeys(("five_hour", "seven_day_opus", "seven_day_xyz_abc"))
            | {"seven_day": bucket(7), "limits": [limit("weekly_scoped", 5, "Other")]},
            set(),
            id="all null but one",
        ),
        pytest.param(
            {"seven_day": bucket(7), "limits": [limit("weekly_all", 7)]},
            {"five_hour", "seven_day_opus", "seven_day_xyz_abc"},
            id="missing",
        ),
        pytest.param(
            {
                "five_hour": bucket("42"),
                "seven_day": bucket(7),
                "seven_day_opus": {},
                "limits": [limit("weekly_scoped", "85", "Fable")],
            },
            {"five_hour", "seven_day_opus", "seven_day_xyz_abc", "weekly:Fable"},
            id="unreadable",
        ),
        pytest.param(
            {"five_hour": None, "seven_day": bucket(7), "limits": [limit("session", "42")]},
            {"five_hour", "seven_day_opus", "seven_day_xyz_abc"},
            id="disputed",
        ),
        pytest.param(
            {"five_hour": bucket(0, None), "limits": [limit("weekly_all", 7), "x"]},
            {"seven_day_opus", "seven_day_xyz_abc", "weekly:Fable"},
            id="odd list",
        ),
        pytest.param(
            {"five_hour": bucket(1), "limits": [{**limit("weekly_scoped"), "scope": None}]},
            {"seven_day", "seven_day_opus", "seven_day_xyz_abc", "weekly:Fable"},
            id="unnamed limit",
        ),
    ],
)
def test_only_what_a_body_says_replaces_what_was_known(
    body: dict[str, object], expected: set[str]
) -> None:
    """One unreadable bucket of two took its old number along, and so did a missing key."""
    assert kept(parse_body(body, observed_at=NOW_S)) == expected | ALWAYS


@pytest.mark.parametrize("value", [None, bucket(None, None)], ids=["null", "bucket of null"])
def test_a_window_that_is_said_not_to_be_there_is_absent(value: object) -> None:
    """So that `guard` can tell "no such window" from "not told this time"."""
    assert parsed(five_hour=value, seven_day=bucket(7)).absent == ["five_hour"]
    assert parsed(five_hour=value, seven_day=bucket(7), limits=[limit("session", 5)]).absent == []
    assert parsed(seven_day=bucket(7)).absent == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, True, id="missing"),
        pytest.param({"spend": None}, False, id="null"),
        pytest.param({"extra_usage": None, "spend": None}, False, id="both null"),
        pytest.param({"extra_usage": extra(None, is_enabled=False)}, False, id="off"),
        pytest.param({"extra_usage": extra(5)}, False, id="known"),
        pytest.param({"spend": {"enabled": False, "used": None}}, False, id="spend off"),
        pytest.param({"spend": {}}, True, id="empty"),
        pytest.param({"spend": {"used": money("5"), "enabled": True}}, True, id="unreadable"),
        pytest.param({"spend": {"used": 5}, "extra_usage": None}, True, id="unreadable and null"),
        pytest.param({"spend": [], "extra_usage": extra(5)}, False, id="the other is known"),
        pytest.param({"extra_usage": {"is_enabled": "yes"}}, True, id="switch in text"),
    ],
)
def test_money_that_is_not_spoken_of_stays(more: dict[str, object], expected: bool) -> None:
    """An `extra_usage` in a new shape is no word that there is no money."""
    result = parse_body({"five_hour": bucket(1), **more}, observed_at=NOW_S)
    assert (result.is_usage, result.keeps_spend) == (True, expected)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from([RESET, "2026-11-20T12:11:00", "session", "weekly_scoped", "USD", 61]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("utilization", "resets_at", "kind", "percent", "scope", "model", "surface"),
                    *("display_name", "used", "limit", "amount_minor", "currency", "exponent"),
                    *("used_credits", "monthly_limit", "decimal_places", "enabled", "is_enabled"),
                    *("used_dollars", "limit_dollars", "disabled_reason", "spend_limit_reached"),
                ]
            )
            | st.text(max_size=8),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
KEYS = st.one_of(
    st.sampled_from([*FLAT_LABELS, "limits", "spend", "extra_usage", "seven_day_new"]),
    st.sampled_from(sorted(OTHER_KEYS)),
    st.text(max_size=8),
)


def check(result: ParsedBody) -> None:
    """What holds for every body."""
    for seen in result.observations:
        assert 0 <= seen.utilization_pct <= MAX_UTILIZATION_PCT
        assert seen.resets_at is None or seen.resets_at > NOW_S
        assert seen.label == clean(seen.label) != ""
        assert not result.keeps(seen.window)
    assert len({seen.window for seen in result.observations}) == len(result.observations)
    assert len({seen.label.casefold() for seen in result.observations}) == len(result.observations)
    assert all(name == clean(name, 40) != "" for name in result.unknown_keys)
    assert set(result.absent) <= set(MAIN_LABELS) - {seen.window for seen in result.observations}
    assert len(result.pools) <= MAX_POOLS
    assert all(name == clean(name, 40) != "" for name in result.pools)
    said = [result.spend, *result.pools.values()]
    json.dumps([each.to_json() for each in said if each is not None], allow_nan=False)
    if not result.is_usage:
        assert (result.observations, result.spend, result.pools) == ([], None, {})
        assert result.keeps_spend
        assert all(map(result.keeps, WINDOWS))


@given(st.dictionaries(KEYS, JSON, max_size=8))
def test_no_body_raises_or_yields_what_cannot_be_true(body: dict[str, object]) -> None:
    """Whatever JSON can hold: finite, bounded and clean values or none."""
    check(parse_body(body, observed_at=NOW_S))


@given(
    st.sampled_from([*USAGE.values()]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 127)), max_size=6),
)
def test_a_real_body_with_a_few_bytes_changed_never_raises(
    body: dict[str, object], changes: list[tuple[int, int]]
) -> None:
    """Near-misses of real input, as far as they are still JSON objects."""
    data = bytearray(json.dumps(body).encode())
    for place, byte in changes:
        data[place % len(data)] = byte
    changed = decoded(bytes(data))
    if changed is not None:
        check(parse_body(changed, observed_at=NOW_S))


@given(st.sampled_from([*USAGE.values()]), st.lists(KEYS, max_size=4), JSON)
def test_a_real_body_with_keys_replaced_never_raises(
    body: dict[str, object], keys: list[str], value: object
) -> None:
    """The same for parts that are missing or something else."""
    check(parse_body({**body, **dict.fromkeys(keys, value)}, observed_at=NOW_S))
