"""Bodies of the usage API, real and hostile, become observations and spend."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.model import MAX_UTILIZATION_PCT, clean, number
from statusline.refresh.body import FLAT_LABELS, IGNORED_KEYS, ParsedBody, parse_body

DATA = Path(__file__).resolve().parent.parent / "data"
NOW_S = 1_795_168_800.0  # 2026-11-20 10:00 UTC
RESET = "2026-11-20T12:11:00+00:00"
RESET_S = 1_795_176_660

Row = tuple[str, str, float, int | None]


def sample(name: str) -> dict[str, object]:
    """A real body, as somebody pasted it (contract.md 2.3)."""
    body = json.loads((DATA / f"usage-{name}.json").read_text(encoding="utf-8"))
    assert isinstance(body, dict)
    return body


def rows(parsed: ParsedBody) -> list[Row]:
    """The observations without what the caller gave."""
    return [(o.window, o.label, o.utilization_pct, o.resets_at) for o in parsed.observations]


def parsed(**body: object) -> ParsedBody:
    """A made-up body, read at `NOW_S`."""
    return parse_body(body, observed_at=NOW_S)


def bucket(utilization: object = 61, resets_at: object = RESET) -> dict[str, object]:
    """A flat bucket with 61 % and a reset 2 h 11 min ahead."""
    return {"utilization": utilization, "resets_at": resets_at}


def limit(kind: str, percent: object = 61, name: object = None) -> dict[str, object]:
    """An entry of `limits[]`, for the model `name` where one is given."""
    scope = None if name is None else {"model": {"id": None, "display_name": name}, "surface": None}
    return {"kind": kind, "percent": percent, "resets_at": RESET, "scope": scope}


SAMPLES: dict[str, tuple[float, list[Row]]] = {
    "2026-01-20": (
        1768888800.0,  # 06:00
        [
            ("five_hour", "5h", 7.0, 1768896000),
            ("seven_day", "7d", 38.0, 1769047200),
            ("seven_day_sonnet", "Sonnet", 36.0, 1769324400),
        ],
    ),
    "2026-03-19": (
        1773943200.0,  # 18:00
        [
            ("five_hour", "5h", 35.0, 1773946800),
            ("seven_day", "7d", 71.0, 1774004400),
            ("seven_day_sonnet", "Sonnet", 27.0, 1774008000),
        ],
    ),
    "2026-07-03": (
        1783080000.0,  # 12:00
        [
            ("five_hour", "5h", 20.0, 1783090800),
            ("seven_day", "7d", 60.0, 1783382400),
            ("weekly:Fable", "Fable", 85.0, 1783382400),
        ],
    ),
    "2026-09-29": (
        1790688772.0,  # 13:32:52
        [
            ("five_hour", "5h", 11.0, 1790689800),
            ("seven_day", "7d", 70.0, 1790812800),
            ("weekly:Fable", "Fable", 0.0, 1790812800),
        ],
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_body_gives_its_windows(name: str) -> None:
    """All four generations of the body are read whole: nothing dropped, nothing unknown."""
    observed_at, expected = SAMPLES[name]
    result = parse_body(sample(name), observed_at=observed_at)
    assert rows(result) == expected
    assert {(o.observed_at, o.source) for o in result.observations} == {(observed_at, "api")}
    assert (result.unknown_keys, result.dropped) == ([], 0)


def test_the_source_is_the_callers() -> None:
    """The copy in .claude.json has the same shape and names its own source."""
    result = parse_body({"five_hour": bucket()}, observed_at=NOW_S, source="claude_json")
    assert [o.source for o in result.observations] == ["claude_json"]


@pytest.mark.parametrize(
    "value",
    [None, {}, [], "61", 61, True, bucket(None), bucket("61"), bucket(True), bucket([]), bucket({})]
    + [bucket(float(word)) for word in ("nan", "inf", "-inf")],
    ids=repr,
)
def test_f05_a_window_without_a_number_is_absent(value: object) -> None:
    """F01, F03: null, a bool, text, NaN are unknown; not 0 %, and nothing to complain about."""
    result = parsed(five_hour=value, seven_day=bucket(22))
    assert rows(result) == [("seven_day", "7d", 22.0, RESET_S)]
    assert result.dropped == 0


def test_zero_without_a_reset_is_a_real_value() -> None:
    """`utilization 0` with `resets_at null` says that no window is running."""
    assert rows(parsed(five_hour=bucket(0, None))) == [("five_hour", "5h", 0.0, None)]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(bucket(-5), id="F02-negative"),
        pytest.param(bucket(1000.1), id="F02-1000"),
        pytest.param(bucket(1e308), id="F02-huge"),
        pytest.param(bucket(61, "2026-11-20T09:59:00Z"), id="F06-past"),
        pytest.param(bucket(61, "2026-11-20T16:01:00Z"), id="F06-7h"),
        pytest.param(bucket(61, "2036-11-20T12:11:00Z"), id="F06-10y"),
        pytest.param(bucket(61, 0), id="F06-0"),
        pytest.param(bucket(61, -1), id="F06-negative"),
        pytest.param(bucket(61, 1e18), id="F06-1e18"),
        pytest.param(bucket(61, float("nan")), id="F06-NaN"),
        pytest.param(bucket(61, True), id="F06-true"),
        pytest.param(bucket(61, "2026-02-30T12:00:00Z"), id="F07-30-February"),
        pytest.param(bucket(61, "soon"), id="F07-text"),
        pytest.param(bucket(61, {}), id="F07-object"),
    ],
)
def test_a_value_that_cannot_be_true_is_dropped_and_counted(value: object) -> None:
    """The other window is untouched by it."""
    result = parsed(five_hour=value, seven_day=bucket(22))
    assert rows(result) == [("seven_day", "7d", 22.0, RESET_S)]
    assert result.dropped == 1


@pytest.mark.parametrize(
    "resets_at",
    [
        RESET,
        "2026-11-20T12:11:00Z",
        "2026-11-20t12:11:00z",
        "2026-11-20T12:11:00",
        "2026-11-20T14:11:00+02:00",
        "2026-11-20T12:10:59.9997661+00:00",
        RESET_S,
        RESET_S * 1000,
        float(RESET_S),
    ],
)
def test_f07_every_form_of_a_reset_is_the_same_minute(resets_at: object) -> None:
    """Zone or none, seven digits, seconds or milliseconds."""
    assert rows(parsed(five_hour=bucket(61, resets_at))) == [("five_hour", "5h", 61.0, RESET_S)]


def test_limits_stand_in_for_flat_keys_that_are_missing() -> None:
    """Where a flat key has numbers it decides; where it is missing or null `limits[]` does."""
    limits = [limit("session", 10), limit("weekly_all", 20)]
    assert [row[2] for row in rows(parsed(limits=limits))] == [10.0, 20.0]
    assert [row[2] for row in rows(parsed(five_hour=None, limits=limits))] == [10.0, 20.0]
    assert [row[2] for row in rows(parsed(five_hour=bucket(61), limits=limits))] == [61.0, 20.0]


def test_a_dropped_flat_value_is_not_replaced_nor_counted_twice() -> None:
    """The same window in `limits[]` repeats it and is no second chance."""
    result = parsed(five_hour=bucket(2000), limits=[limit("session", 10)])
    assert (rows(result), result.dropped) == ([], 1)


def test_a_weekly_limit_is_named_by_its_model() -> None:
    """The display name is the identity, cleaned; `is_active` decides nothing."""
    limits = [
        {**limit("weekly_scoped", 85, "Fable"), "is_active": False},
        {**limit("weekly_scoped", 5, "Opus\x1b[31m #(id)"), "is_active": True},
    ]
    assert [row[:3] for row in rows(parsed(limits=limits))] == [
        ("weekly:Fable", "Fable", 85.0),
        (f"weekly:{clean('Opus[31m #(id)')}", clean("Opus[31m #(id)"), 5.0),
    ]


def test_a_model_has_one_window() -> None:
    """A model that has a flat key and a scoped limit, or two of these, is shown once."""
    limits = [limit("weekly_scoped", 5, "Sonnet"), limit("weekly_scoped", 7, "Fable")]
    limits.append(limit("weekly_scoped", 9, "Fable"))
    result = parsed(seven_day_sonnet=bucket(27), limits=limits)
    assert [row[:3] for row in rows(result)] == [
        ("seven_day_sonnet", "Sonnet", 27.0),
        ("weekly:Fable", "Fable", 7.0),
    ]


@pytest.mark.parametrize("name", [None, "", 5, ["Fable"], {}, "\x1b\x07", "\u202e"])
def test_a_scoped_limit_without_a_usable_name_is_drift(name: object) -> None:
    """Nothing is shown under an empty label; `doctor` hears of it."""
    entry = {**limit("weekly_scoped"), "scope": {"model": {"display_name": name}}}
    result = parsed(limits=[entry])
    assert (rows(result), result.unknown_keys) == ([], ["limits.weekly_scoped"])


def test_an_account_without_windows_is_a_valid_state() -> None:
    """Enterprise and dollar-budget accounts: nothing dropped, nothing unknown (contract.md 2.3)."""
    result = parsed(five_hour=None, seven_day=None, limits=[], cinder_cove={"used_dollars": 3})
    assert result == ParsedBody([], None, [], 0)


def test_drift_is_named_once_cleaned_and_bounded() -> None:
    """New keys and kinds are reported; the known code names are not."""
    body: dict[str, object] = dict.fromkeys(IGNORED_KEYS)
    body |= {"new_window": bucket(), "bad\x1b[31mkey": 1, "\x07": 1}
    body["limits"] = [limit("monthly"), limit("monthly"), limit("session")]
    result = parse_body(body, observed_at=NOW_S)
    assert result.unknown_keys == ["new_window", clean("bad[31mkey"), "limits.monthly"]
    assert len(parsed(**{f"key{n}": None for n in range(1000)}).unknown_keys) == 20


def test_a_long_list_of_limits_is_cut() -> None:
    """A hostile body cannot make the cache grow."""
    limits = [limit("weekly_scoped", 5, f"M{n}") for n in range(10_000)]
    assert len(parsed(limits=limits).observations) <= 32


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from([RESET, "2026-11-20T12:11:00", "session", "weekly_scoped", "USD"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("utilization", "resets_at", "kind", "percent", "scope", "model"),
                    *("display_name", "used", "limit", "amount_minor", "currency", "exponent"),
                    *("used_credits", "monthly_limit", "decimal_places", "enabled"),
                ]
            )
            | st.text(max_size=8),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
KEYS = st.sampled_from([*FLAT_LABELS, "limits", "spend", "extra_usage"]) | st.text(max_size=8)


@given(st.dictionaries(KEYS, JSON, max_size=8))
def test_no_body_raises_or_yields_what_cannot_be_true(body: dict[str, object]) -> None:
    """Whatever JSON can hold: finite, bounded and clean values or none."""
    result = parse_body(body, observed_at=NOW_S)
    for observation in result.observations:
        assert 0 <= observation.utilization_pct <= MAX_UTILIZATION_PCT
        assert observation.resets_at is None or observation.resets_at > NOW_S
        assert observation.label == clean(observation.label) != ""
    assert len({o.window for o in result.observations}) == len(result.observations)
    assert all(name == clean(name, 40) != "" for name in result.unknown_keys)
    if result.spend is not None:
        assert number(result.spend.used_minor) is not None


@given(
    st.sampled_from(list(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 127)), max_size=6),
)
def test_a_real_body_with_a_few_bytes_changed_never_raises(
    name: str, changes: list[tuple[int, int]]
) -> None:
    """Near-misses of real input, as far as they are still JSON objects."""
    data = bytearray(json.dumps(sample(name)).encode())
    for place, byte in changes:
        data[place % len(data)] = byte
    try:
        body = json.loads(data)
    except ValueError:
        return
    if isinstance(body, dict):
        assert parse_body(body, observed_at=NOW_S).dropped <= len(FLAT_LABELS) + 32
