"""Bodies of the usage API, real and hostile, become observations and spend."""

from __future__ import annotations

import pytest

from statusline.refresh.body import OTHER_KEYS, ParsedBody, parse_body
from statusline.system.text import clean
from tests.support.bodies import NOW_S, RESET, RESET_S, bucket, limit, parsed, sample

Row = tuple[str, str, float, int | None]


def rows(parsed: ParsedBody) -> list[Row]:
    """The observations without what the caller gave."""
    return [(o.window, o.label, o.utilization_pct, o.resets_at) for o in parsed.observations]


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


@pytest.mark.parametrize("value", [None, bucket(None, None)], ids=repr)
def test_f05_a_window_of_null_is_absent(value: object) -> None:
    """F05: not 0 %, and nothing to complain about."""
    result = parsed(five_hour=value, seven_day=bucket(22))
    assert rows(result) == [("seven_day", "7d", 22.0, RESET_S)]
    assert (result.dropped, result.absent) == (0, ["five_hour"])


@pytest.mark.parametrize(
    "value",
    [{}, [], "61", 61, True, bucket(None), bucket("61"), bucket(True), bucket([]), bucket({})]
    + [bucket(float(word)) for word in ("nan", "inf", "-inf")]
    + [bucket(number) for number in (-5, -0.1, 1000.1, 1e308)],
    ids=repr,
)
def test_a_number_that_cannot_be_read_or_true_is_dropped_and_counted(value: object) -> None:
    """F01, F02, F03: a bool, text, NaN, 5000 % are unknown; not 0 %, and the others stand."""
    result = parsed(five_hour=value, seven_day=bucket(22))
    assert rows(result) == [("seven_day", "7d", 22.0, RESET_S)]
    assert (result.dropped, result.absent) == (1, [])


def test_zero_without_a_reset_is_a_real_value() -> None:
    """`utilization 0` with `resets_at null` says that no window is running."""
    assert rows(parsed(five_hour=bucket(0, None))) == [("five_hour", "5h", 0.0, None)]


@pytest.mark.parametrize(
    "resets_at",
    [
        pytest.param("2026-11-20T09:54:00Z", id="F06-past"),
        pytest.param("2026-11-20T16:01:00Z", id="F06-7h"),
        pytest.param("2036-11-20T12:11:00Z", id="F06-10y"),
        pytest.param(0, id="F06-0"),
        pytest.param(-1, id="F06-negative"),
        pytest.param(1e18, id="F06-1e18"),
        pytest.param(float("nan"), id="F06-NaN"),
        pytest.param(True, id="F06-true"),
        pytest.param("2026-02-30T12:00:00Z", id="F07-30-February"),
        pytest.param("soon", id="F07-text"),
        pytest.param({}, id="F07-object"),
        pytest.param("", id="F07-empty"),
    ],
)
def test_an_odd_reset_costs_the_countdown_and_not_the_number(resets_at: object) -> None:
    """A good percentage was thrown away with a reset that could not be read or be true."""
    result = parsed(five_hour=bucket(61, resets_at), seven_day=bucket(22))
    assert rows(result) == [("five_hour", "5h", 61.0, None), ("seven_day", "7d", 22.0, RESET_S)]
    assert (result.dropped, result.keeps("five_hour")) == (1, False)


@pytest.mark.parametrize("resets_at", ["2026-11-20T09:59:54Z", "2026-11-20T10:00:00Z"])
def test_a_number_of_the_run_that_has_just_ended_is_none_of_the_new_one(resets_at: str) -> None:
    """It would have caught "100 %" where the segment had to say that the window has reset."""
    result = parsed(five_hour=bucket(100, resets_at), seven_day=bucket(22))
    assert rows(result) == [("seven_day", "7d", 22.0, RESET_S)]
    assert (result.dropped, result.absent, result.keeps("five_hour")) == (0, [], True)


def test_a_length_that_is_no_number_is_no_error() -> None:
    """`isdigit` takes a superscript for a digit, and `int` does not."""
    result = parsed(**{"x.²m": bucket(5), "x.9999999999m": bucket(5), "seven_day": bucket(22)})
    assert rows(result)[0] == ("seven_day", "7d", 22.0, RESET_S)


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


@pytest.mark.parametrize("value", [bucket(5000), bucket(-3), bucket("42"), {}, "x"], ids=repr)
def test_a_flat_value_that_cannot_be_true_gives_way_to_limits(value: object) -> None:
    """The good number of the same window in `limits[]` was ignored; the bad one still counts."""
    limits = [limit("session", 10), limit("weekly_scoped", 99, "Sonnet")]
    result = parsed(five_hour=value, seven_day=bucket(22), seven_day_sonnet=value, limits=limits)
    assert [row[:3] for row in rows(result)] == [
        ("five_hour", "5h", 10.0),
        ("seven_day", "7d", 22.0),
        ("weekly:Sonnet", "Sonnet", 99.0),
    ]
    assert result.dropped == 2
    assert not any(map(result.keeps, ("five_hour", "seven_day_sonnet", "weekly:Sonnet")))


def test_a_flat_value_without_a_readable_reset_gives_way_to_a_whole_one() -> None:
    """Number and reset are taken together, from the one that has both; a null reset is whole."""
    limits = [limit("session", 10), limit("weekly_all", 20)]
    result = parsed(five_hour=bucket(61, "soon"), seven_day=bucket(22, None), limits=limits)
    assert rows(result) == [("five_hour", "5h", 10.0, RESET_S), ("seven_day", "7d", 22.0, None)]
    odd = [{**limit("session", 10), "resets_at": "soon"}]
    assert rows(parsed(five_hour=bucket(61, "soon"), limits=odd)) == [
        ("five_hour", "5h", 61.0, None)
    ]


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


@pytest.mark.parametrize("names", [("Sonnet", "sonnet"), ("sonnet", "SONNET")])
def test_labels_are_the_same_in_any_case(names: tuple[str, str]) -> None:
    """`Sonnet` 44 of a flat key and `sonnet` 99 of `limits[]` were two rows."""
    limits = [limit("weekly_scoped", 99, name) for name in names]
    result = parsed(seven_day_sonnet=bucket(44), limits=limits)
    assert rows(result) == [("seven_day_sonnet", "Sonnet", 44.0, RESET_S)]
    assert [row[:3] for row in rows(parsed(limits=limits))] == [
        (f"weekly:{names[0]}", names[0], 99.0)
    ]
    assert not any(map(result.keeps, ("weekly:Sonnet", "weekly:sonnet")))


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ({"model": None, "surface": "cowork"}, "cowork"),
        ({"surface": {"display_name": "Claude Code"}}, "Claude Code"),
        ({"surface": {"name": "Chats"}}, "Chats"),
        ({"model": {"display_name": None}, "label": "Agents"}, "Agents"),
        ({"label": {"label": "Agents"}}, "Agents"),
        ({"model": {"name": "Fable"}, "surface": "cowork"}, "Fable"),
        ({"model": "Fable"}, "Fable"),
        ("Fable", "Fable"),
    ],
    ids=repr,
)
def test_a_scoped_limit_keeps_the_name_that_it_has(scope: object, name: str) -> None:
    """A limit at 99 % was not shown because a surface or a label named it, and no model."""
    result = parsed(limits=[{**limit("weekly_scoped", 99), "scope": scope}])
    assert [row[:3] for row in rows(result)] == [(f"weekly:{name}", name, 99.0)]
    assert result.unknown_keys == []


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("seven_day_cowork", "Cowork"),
        ("seven_day_omelette", "Design"),
        ("seven_day_oauth_apps", "OAuth apps"),
        ("seven_day_sonnet_max", "Sonnet max"),
        ("seven_day_xyz_abc", "Xyz abc"),
    ],
)
def test_a_flat_weekly_limit_is_shown_under_its_own_name(key: str, label: str) -> None:
    """Its number was ignored, or at best named as drift, whatever it said."""
    result = parse_body({key: bucket(77), "five_hour": bucket(5)}, observed_at=NOW_S)
    assert rows(result) == [("five_hour", "5h", 5.0, RESET_S), (key, label, 77.0, RESET_S)]
    assert (result.unknown_keys, result.keeps(key)) == ([], False)
    null = parse_body({key: None, "five_hour": bucket(5)}, observed_at=NOW_S)
    assert (len(null.observations), null.keeps(key)) == (1, False)


@pytest.mark.parametrize("key", ["seven_day_", "seven_day_\x1b[31m", "seven_day_" + "x" * 40])
def test_a_flat_key_that_names_nothing_harmless_is_drift(key: str) -> None:
    """A window's id is its key: one that cannot be an id is none."""
    result = parse_body({key: bucket(77), "five_hour": bucket(5)}, observed_at=NOW_S)
    assert [row[0] for row in rows(result)] == ["five_hour"]
    assert result.unknown_keys == [clean(key, 40)]


@pytest.mark.parametrize("name", [None, "", 5, ["Fable"], {}, "\x1b\x07", "\u202e", "5h", "7d"])
def test_a_scoped_limit_without_a_usable_name_is_drift(name: object) -> None:
    """Nothing is shown under an empty label; `doctor` hears of it."""
    entry = {**limit("weekly_scoped"), "scope": {"model": {"display_name": name}}}
    result = parsed(limits=[entry])
    assert (rows(result), result.unknown_keys) == ([], ["limits.weekly_scoped"])


def test_an_account_without_windows_is_a_valid_state() -> None:
    """Enterprise and dollar-budget accounts: nothing dropped, nothing unknown."""
    result = parsed(five_hour=None, seven_day=None, limits=[])
    assert (result.observations, result.spend, result.pools) == ([], None, {})
    assert (result.unknown_keys, result.dropped) == ([], 0)
    assert (result.is_usage, result.absent) == (True, ["five_hour", "seven_day"])


def test_drift_is_named_once_cleaned_and_bounded() -> None:
    """New keys and kinds are reported; the known code names are not."""
    body: dict[str, object] = dict.fromkeys(OTHER_KEYS)
    body |= {"new_window": bucket(), "bad\x1b[31mkey": 1, "\x07": 1}
    body["limits"] = [limit("monthly"), limit("monthly"), limit("session")]
    result = parse_body(body, observed_at=NOW_S)
    assert result.unknown_keys == ["new_window", clean("bad[31mkey"), "limits.monthly"]
    assert len(parsed(**{f"key{n}": None for n in range(1000)}).unknown_keys) == 20


def test_a_long_list_of_limits_is_cut() -> None:
    """A hostile body cannot make the cache grow."""
    limits = [limit("weekly_scoped", 5, f"M{n}") for n in range(10_000)]
    assert len(parsed(limits=limits).observations) <= 32
