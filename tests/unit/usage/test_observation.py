"""The only place that validates: numbers, times and text from outside, of every kind."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.system.text import clean
from statusline.system.untrusted import MAX_EPOCH_S, mapping, number, timestamp
from statusline.usage.observation import Observation, instant, plausible, same_reset
from tests.support.distorted import NOW, distorted, documents, observations, texts

#: What `clean` may let through: one cell each, and nothing that any host interprets.
HARMLESS = re.compile(r"[\w .,:+\-/()]*")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(math.nan, id="F01-nan"),
        pytest.param(math.inf, id="F01-inf"),
        pytest.param(-math.inf, id="F01-minus-inf"),
        pytest.param(10**400, id="F01-400-digits"),
        pytest.param(True, id="F03-true"),
        pytest.param("42", id="F03-text"),
        pytest.param("42%", id="F03-percent"),
        pytest.param([], id="F03-list"),
        pytest.param({}, id="F03-object"),
        pytest.param(None, id="F03-null"),
    ],
)
def test_what_is_no_finite_number_is_unknown(value: object) -> None:
    """Unknown stays unknown: it becomes neither 0 % nor 100 %."""
    assert number(value) is None
    assert timestamp(value) is None


@pytest.mark.parametrize("value", [-5, -0.0, 0.42, 100.0001, 101, 250, 1e308])
def test_a_finite_number_is_taken_as_it_is(value: float) -> None:
    """F02, F04: nothing is clamped and no scale is guessed."""
    assert number(value) == value


@given(documents)
def test_no_value_makes_a_validator_raise(value: object) -> None:
    """F01-F03, F06-F08: each validator answers any JSON with a sound value or with nothing."""
    real = number(value)
    assert real is None or (type(real) is float and math.isfinite(real))
    moment = timestamp(value)
    assert moment is None or 1 <= moment <= MAX_EPOCH_S
    reset = instant(value)
    assert reset is None or (type(reset) is int and 1 <= reset <= MAX_EPOCH_S)
    assert reset is None or instant(reset) == reset
    assert isinstance(clean(value), str)
    assert mapping(value) == (value if isinstance(value, dict) else {})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(1_795_176_715, 1_795_176_715, id="F06-seconds"),
        pytest.param(1_795_176_715_250, 1_795_176_715.25, id="F06-milliseconds"),
        pytest.param(0, None, id="F06-zero"),
        pytest.param(-1, None, id="F06-negative"),
        pytest.param(1e18, None, id="F06-1e18"),
        pytest.param("2026-11-20T10:00:00Z", 1_795_168_800, id="F07-Z"),
        pytest.param("2026-11-20t10:00:00z", 1_795_168_800, id="F07-lower-case"),
        pytest.param("2026-11-20T10:00:00+00:00", 1_795_168_800, id="F07-offset"),
        pytest.param("2026-11-20T11:30:00+01:30", 1_795_168_800, id="F07-other-offset"),
        pytest.param("2026-11-20T10:00:00", 1_795_168_800, id="F07-no-zone"),
        pytest.param("2026-11-20T10:00:00.1234567Z", 1_795_168_800.123456, id="F07-7-digits"),
        pytest.param("2026-11-20T10:00:00.123456789+00:00", 1_795_168_800.123456, id="F07-9"),
        pytest.param("2026-02-30T10:00:00Z", None, id="F07-no-such-day"),
        pytest.param("2026-11-20T23:59:60Z", None, id="F07-leap-second"),
        pytest.param("2026-11-20", None, id="F07-date-only"),
        pytest.param("", None, id="F07-empty"),
        pytest.param("1795176715", None, id="F07-number-as-text"),
        pytest.param("0001-01-01T00:00:00+14:00", None, id="F07-before-the-calendar"),
        pytest.param("2026-11-20T10:00:00Z" + "0" * 10**6, None, id="F07-long"),
        pytest.param("2038-01-19T03:14:08Z", 2**31, id="F08-2038"),
        pytest.param("2100-01-01T00:00:00Z", 4_102_444_800, id="F08-2100"),
        pytest.param("9999-12-31T23:59:59Z", MAX_EPOCH_S, id="F08-9999"),
        pytest.param(MAX_EPOCH_S, MAX_EPOCH_S, id="F08-9999-as-it-is-kept"),
        pytest.param("9999-12-31T23:59:59-14:00", None, id="F08-after-9999"),
        pytest.param("1969-12-31T23:59:59Z", None, id="F08-1969"),
    ],
)
def test_a_time_is_utc_or_unknown(value: object, expected: float | None) -> None:
    """Seconds, milliseconds and ISO text mean the same moment, nonsense means none."""
    assert timestamp(value) == (None if expected is None else pytest.approx(expected, abs=1e-5))


@given(st.floats(-29.9, 29.9))
def test_resets_that_jitter_are_one_reset(jitter_s: float) -> None:
    """Two reads of one reset differ a little, and no second of a window is lost by rounding."""
    reset = instant(1_795_176_720 + jitter_s)
    assert reset is not None
    assert same_reset(reset, 1_795_176_720)
    assert abs(reset - (1_795_176_720 + jitter_s)) <= 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Opus 5.5", "Opus 5.5", id="as-it-is"),
        pytest.param("Modèle Ωmega", "Modèle Ωmega", id="letters"),
        pytest.param("a\x1b[31mb\x1b]0;title\x07c", "a31mb0titlec", id="F11-escapes"),
        pytest.param("a\r\nb\tc\x7f\x85\x00d", "abcd", id="F11-controls"),
        pytest.param("\u202eabc\u2066\u200b\ufeff\u2028", "abc", id="F11-bidi-zero-width"),
        pytest.param("e" + "\u0301" * 1000, "e", id="F11-combining"),
        pytest.param("👨‍👩‍👧‍👦x", "x", id="F11-emoji"),
        pytest.param("\ud800x", "x", id="F11-surrogate"),
        pytest.param("漢字שלום", "", id="F11-wide-and-right-to-left"),
        pytest.param("$(touch X)`id`#{E:@o}%n\\u!!<red>[x]'\"", "(touch X)idE:onuredx", id="S01"),
        pytest.param("x" * 10**6, "x" * 24, id="F11-1-MB"),
        pytest.param("  a   b  ", "a b", id="spaces"),
        pytest.param(b"bytes", "", id="no-text"),
    ],
)
def test_text_from_outside_becomes_harmless(text: object, expected: str) -> None:
    """F11, S01-S04, S07-S09: what a shell, a terminal or tmux interprets does not pass."""
    assert clean(text) == expected


@given(texts, st.integers(1, 40))
def test_clean_text_is_short_and_of_known_letters(text: str, limit: int) -> None:
    """Whatever comes in: at most `limit` characters of one cell, from the allow-list only."""
    harmless = clean(text, limit)
    assert len(harmless) <= limit
    assert HARMLESS.fullmatch(harmless)
    assert all(ord(char) < 0x0590 for char in harmless)
    assert harmless.isprintable()
    assert clean(harmless, limit) == harmless.strip()


@pytest.mark.parametrize(
    ("window", "used_pct", "reset_in_s", "expected"),
    [
        ("five_hour", 61.0, 7200, True),
        ("five_hour", 0.0, None, True),
        ("five_hour", 250.0, 7200, True),
        ("five_hour", 1001.0, 7200, False),
        ("five_hour", -0.1, 7200, False),
        ("five_hour", 61.0, 0, False),
        ("five_hour", 61.0, -60, False),
        ("five_hour", 61.0, 6 * 3600, True),
        ("five_hour", 61.0, 6 * 3600 + 60, False),
        ("seven_day", 61.0, 8 * 86400, True),
        ("seven_day", 61.0, 8 * 86400 + 60, False),
        ("weekly Opus", 61.0, 8 * 86400 + 60, False),
    ],
)
def test_only_what_can_be_true_is_plausible(
    window: str, used_pct: float, reset_in_s: int | None, expected: bool
) -> None:
    """Above 1000 %, below 0 %, a reset in the past or beyond the window is not true."""
    resets_at = None if reset_in_s is None else NOW + reset_in_s
    seen = Observation(window, "5h", used_pct, resets_at, NOW, "api")
    assert plausible(seen, NOW) is expected


@given(observations())
def test_an_observation_survives_the_file(seen: Observation) -> None:
    """What is written is read again as the same observation."""
    assert Observation.from_json(seen.window, seen.to_json()) == seen


SOUND = Observation("five_hour", "5h", 61.0, NOW + 60, NOW, "api").to_json()


@given(distorted(SOUND), texts)
def test_a_damaged_observation_is_sound_or_none(value: object, window: str) -> None:
    """Whatever a file says, an observation that comes out of it can be shown."""
    seen = Observation.from_json(window, value)
    if seen is not None:
        assert 0 <= seen.utilization_pct <= 1000
        assert seen.label == clean(seen.label) != ""
        assert seen.resets_at is None or seen.resets_at % 60 == 0


@pytest.mark.parametrize(
    "change",
    [
        {"utilization_pct": None},
        {"utilization_pct": 1e9},
        {"utilization_pct": True},
        {"observed_at": 0},
        {"label": "\x1b"},
        {"source": "somebody"},
        {"source": ["api"]},
        {"resets_at": "never"},
    ],
)
def test_an_unsound_observation_is_none(change: dict[str, object]) -> None:
    """One unsound field is enough: half an observation is not shown."""
    assert Observation.from_json("five_hour", SOUND) is not None
    assert Observation.from_json("five_hour", {**SOUND, **change}) is None
