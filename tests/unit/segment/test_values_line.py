"""A line as a whole: one age, each reset once, the other windows, what goes for want of room."""

from __future__ import annotations

import re

import pytest

from statusline.settings.presets import PRESETS
from statusline.settings.settings import Settings
from statusline.usage.observation import Observation
from statusline.usage.spend import Spend
from tests.support.laid_out import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    NOON,
    both,
    chosen,
    formatted,
    holding,
    line,
    lines,
    parts,
    window,
)

OLD_S = 15 * MINUTE_S
FABLE = window("weekly:Fable", 85, 4 * DAY_S)
#: What stands around a capsule is no part of a word.
ENDS = dict.fromkeys(map(ord, "\ue0b6\ue0b4"), " ")
SPEND_LIMIT = window("spend_limit", 31, 12 * DAY_S + 4 * HOUR_S)
STDIN = {"model": {"display_name": "Opus 5.5"}, "context_window": {"used_percentage": 12.4}}


def test_an_old_number_keeps_its_reset() -> None:
    """`5h 61% ~15m` read as "resets in 15 minutes", and the reset, still true, was gone."""
    assert line(both(age_s=OLD_S)) == "5h 61% 2h11m · 7d 22% · 15m old"


def test_the_age_of_a_line_is_that_of_its_oldest_number() -> None:
    """One age for all; the number of a window that has reset is not shown, and has none."""
    hours, week = window("five_hour", 61, 2 * HOUR_S), window("seven_day", 22, DAY_S, HOUR_S)
    assert line(holding(hours, week)) == "5h 61% 2h00m · 7d 22% · 1h old"
    gone = window("five_hour", 61, -60, 3 * HOUR_S)
    assert line(holding(gone, week)) == "5h ↻ · 7d 22% · 1h old"
    assert line(holding(gone)) == "5h ↻"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{five_hour.pct}", "61% · 15m old"),
        ("{five_hour.bar}", "████▉░░░ · 15m old"),
        ("{five_hour}{sep}{status}", "5h 61% 2h11m · 15m old · usage: offline"),
        ("{five_hour} {status}", "5h 61% 2h11m · 15m old usage: offline"),
        ("{status}{sep}{five_hour}", "usage: offline · 5h 61% 2h11m · 15m old"),
        ("{five_hour}{sep}[{status}]", "5h 61% 2h11m · usage: offline · 15m old"),
        ("[{five_hour.pct}[ of {cost}]]", "61% · 15m old"),
        ("{plan}[ {five_hour.pct} of {cost}]", "Max"),
        ("{five_hour.pct} ({five_hour.age})", "61% (15m old)"),
        ("{five_hour.pct} ({five_hour.age}){sep}{seven_day}", "61% (15m old) · 7d 22% · 15m old"),
        ("{five_hour.pct}[ {five_hour.age} {cost}]", "61% · 15m old"),
        ("{five_hour.label} {five_hour.reset}", "5h 2h11m"),
    ],
)
def test_every_format_tells_the_age_of_its_numbers(form: str, shown: str) -> None:
    """A number alone would lie, whatever a user's format says; only what is in the line counts."""
    snapshot = both(age_s=OLD_S, state="unreachable", plan="Max")
    assert line(snapshot, settings=formatted(form)) == shown


@pytest.mark.parametrize(
    ("used_pct", "week_pct", "shown"),
    [
        (61, 74.9, "5h 61% 2h11m · 7d 74%"),
        (61, 75, "5h 61% 2h11m · 7d 75% 4d0h"),
        (95, 95, "5h 95% 2h11m · 7d 95% 4d0h"),
    ],
)
def test_the_week_shows_its_reset_from_warning_on(
    used_pct: float, week_pct: float, shown: str
) -> None:
    """Near the limit the reset is what one looks for; it came at 90 % only."""
    assert line(both(used_pct, week_pct)) == shown


@pytest.mark.parametrize("reset", ["countdown", "clock"])
@pytest.mark.parametrize("name", ["five_hour", "five_hour.reset", "five_hour.clock"])
def test_a_reset_is_not_dim_from_critical_on(name: str, reset: str) -> None:
    """It was as dim at 99 % as at 5 %, in every form."""
    settings = chosen(f'reset = "{reset}"\ntime_zone = "UTC"\nformat.default = "{{{name}}}"')
    for used_pct, role in ((89.9, "muted"), (90, ""), (100, "")):
        assert parts(both(used_pct), settings=settings)[-1][0] == role


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{five_hour}[ ({five_hour.reset})]", "5h 61% (2h11m)"),
        ("{five_hour}[ until {five_hour.clock}]", "5h 61% until 14:11"),
        ("{seven_day}[ until {seven_day.clock}]", "7d 95% until Sat 12:00"),
        ("{five_hour}{sep}{seven_day}[ {seven_day.reset}]", "5h 61% 2h11m · 7d 95% 4d0h"),
    ],
)
def test_a_reset_stands_in_a_line_once(form: str, shown: str) -> None:
    """`7d 95% 4d0h (4d0h)`: a format that shows the reset itself got it twice near the limit."""
    settings = chosen(f'time_zone = "UTC"\nformat.default = "{form}"')
    assert line(both(61, 95), settings=settings) == shown


@pytest.mark.parametrize(
    ("name", "left_s", "shown"),
    [
        ("five_hour", 6 * HOUR_S, "5h 95% 6h00m"),
        ("five_hour", 6 * HOUR_S + 1, "5h 95%"),
        ("five_hour", 365 * DAY_S, "5h 95%"),
        ("seven_day", 8 * DAY_S, "7d 95% 8d0h"),
        ("seven_day", 8 * DAY_S + 1, "7d 95%"),
        ("spend_limit", 32 * DAY_S, "spend 95% 32d0h"),
        ("spend_limit", 32 * DAY_S + 1, "spend 95%"),
    ],
)
def test_no_reset_is_shown_that_lies_beyond_its_window(
    name: str, left_s: float, shown: str
) -> None:
    """After a clock was set back a year the line said `5h 95% 365d2h`; the percentage stays."""
    snapshot = holding(window(name, 95, left_s))
    assert line(snapshot) == shown
    at_a_time = line(snapshot, settings=chosen('reset = "clock"\ntime_zone = "UTC"'))
    assert at_a_time.count(":") == (len(shown.split()) == 3)


@pytest.mark.parametrize("surface", ["tmux", "claude", "plain", "zsh"])
@pytest.mark.parametrize(
    ("windows", "shown"),
    [
        ((FABLE,), "Fable 85% 4d0h"),
        ((window("weekly:Fable", 0, 4 * DAY_S),), "Fable 0%"),
        ((window("weekly:Fable", 9, -60),), "Fable ↻"),
        ((SPEND_LIMIT,), "spend 31% 12d4h"),
        ((FABLE, SPEND_LIMIT), "Fable 85% 4d0h · spend 31% 12d4h"),
        ((window("weekly:Fable", 85, 4 * DAY_S, OLD_S),), "Fable 85% 4d0h · 15m old"),
    ],
)
def test_other_windows_alone_are_shown(
    surface: str, windows: tuple[Observation, ...], shown: str
) -> None:
    """With only a model's weekly limit known, the segment was the bare word `claude`."""
    assert line(holding(*windows), surface) == shown
    assert line(holding(*windows), surface, settings=formatted("{five_hour.pct}")) == shown


def test_a_format_without_windows_stays_without_them() -> None:
    """What is shown in place of the main windows is shown where those would be."""
    settings = formatted("{model}{sep}{cost}")
    assert line(holding(FABLE), settings=settings, stdin=STDIN) == "Opus 5.5"


def test_a_spend_limit_is_shown_beside_the_windows_in_claude_code() -> None:
    """A gateway's sessions have one: always there, elsewhere only where nothing else is known."""
    snapshot = both()
    snapshot.windows["spend_limit"] = SPEND_LIMIT
    assert line(snapshot, "claude") == "5h 61% 2h11m · 7d 22% · spend 31% 12d4h"
    assert line(snapshot, "tmux") == "5h 61% 2h11m · 7d 22%"


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (
            "rate_limited",
            (
                "5h 61% 2h11m · 7d 22% · 15m old · usage: retry soon",
                "5h 61% 2h11m · 7d 22% · 15m old",
                "5h 61% · 7d 22% · 15m old",
                "5h 61% · 7d 22%",
                "5h 61%",
                "5h …",
                "…",
            ),
        ),
        (
            "missing",
            (
                "5h 61% 2h11m · 7d 22% · 15m old · usage: sign in",
                "5h 61% 2h11m · 7d 22% · 15m old · sign in",
                "5h 61% · 7d 22% · 15m old · sign in",
                "5h 61% · 7d 22% · 15m old",
                "5h 61% · 7d 22%",
                "5h 61%",
                "5h …",
                "…",
            ),
        ),
    ],
)
def test_the_age_goes_last_before_the_numbers(state: str, shown: tuple[str, ...]) -> None:
    """What passes by itself goes before a reset, what waits for its user after it."""
    snapshot = both(age_s=OLD_S, state=state)
    seen = [line(snapshot, width=width) for width in range(60, 0, -1)]
    assert tuple(dict.fromkeys(seen)) == shown


def test_the_claude_line_drops_the_least_important_first() -> None:
    """Model, context, models' limits and resets go before the two windows."""
    snapshot = both(age_s=OLD_S)
    snapshot.windows["weekly:Fable"] = FABLE
    wanted = (
        "Opus 5.5 · ctx 12% · 5h 61% 2h11m · 7d 22% · Fable 85% · 15m old",
        "ctx 12% · 5h 61% 2h11m · 7d 22% · Fable 85% · 15m old",
        "5h 61% 2h11m · 7d 22% · Fable 85% · 15m old",
        "5h 61% 2h11m · 7d 22% · 15m old",
        "5h 61% · 7d 22% · 15m old",
        "5h 61% · 7d 22%",
        "5h 61%",
        "5h …",
        "…",
    )
    seen = [line(snapshot, "claude", width, stdin=STDIN) for width in range(70, 0, -1)]
    assert tuple(dict.fromkeys(seen)) == wanted


WHOLE = [
    both(100, 250),
    both(100, 100, age_s=OLD_S),
    both(100, 95, age_s=3 * DAY_S, state="rate_limited", next_allowed_at=0.0),
    holding(FABLE, SPEND_LIMIT),
    holding(plan="Max 20x"),
    holding(spend=Spend(5090, None, "CHF", 2, None, enabled=True, observed_at=NOON - OLD_S)),
    *(both(100, 100, state=code, age_s=OLD_S) for code in ("missing", "unreachable", "new_login")),
]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("surface", ["tmux", "claude"])
def test_a_number_is_whole_or_not_there(preset: str, surface: str) -> None:
    """`5h 10…` of 100 %: at every width, what holds a digit is one of the whole line's words."""
    settings = chosen(f'preset = "{preset}"')
    for snapshot in WHOLE:
        whole = (
            "\n".join(lines(snapshot, surface, settings=settings, stdin=STDIN))
            .translate(ENDS)
            .split()
        )
        for width in range(1, 80):
            found = lines(snapshot, surface, width, settings=settings, stdin=STDIN)
            shown = "\n".join(found).translate(ENDS)
            numbers = re.findall(r"\S*\d\S*", shown)
            assert set(numbers) <= set(whole), shown
            assert not re.search(r"\b(15m|3d)(?! old)|50\.90(?! CHF)", shown), shown


def test_the_defaults_need_no_compiler() -> None:
    """The settings of an empty file show what the built-in ones do."""
    assert line(both(), settings=chosen("")) == line(both(), settings=Settings())
