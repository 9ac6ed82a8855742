"""What each placeholder shows: fresh, old, reset, missing, and with every choice of the user."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from statusline.agents import AGENTS
from statusline.segment import session_values
from statusline.segment.clock_time import clock_time
from statusline.segment.layout import lay_out
from statusline.segment.view import View
from statusline.settings.load import compile_text
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.settings.settings import Settings
from statusline.usage.forecast import Forecast
from statusline.usage.observation import HOUR_S, Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Spend
from statusline.usage.token_count import TokenCount
from tests.support.distorted import documents

#: Tuesday, 2026-11-17 12:00 UTC.
NOON = 1_794_916_800
STDIN: dict[str, Any] = {
    "model": {"display_name": "Opus 5.5"},
    "effort": {"level": "medium"},
    "context_window": {"used_percentage": 12.4},
    "cost": {
        "total_cost_usd": 0.00834,
        "total_duration_ms": 1_500_000,
        "total_lines_added": 12,
        "total_lines_removed": 3,
    },
}


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own zone is UTC, whatever machine this is."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def known(*, age_s: float = 0, left_s: int = 2 * HOUR_S, used_pct: float = 61) -> Snapshot:
    """Two windows, two models' weekly limits and extra usage, all seen `age_s` ago."""
    made = Snapshot()
    made.state, made.plan = "ok", "Max 5x"
    for window, label, pct, ahead_s in (
        ("five_hour", "5h", used_pct, left_s),
        ("seven_day", "7d", 22.0, 4 * 24 * HOUR_S),
        ("weekly:Fable", "Fable", 85.0, 4 * 24 * HOUR_S),
        ("seven_day_opus", "Opus", 0.0, 4 * 24 * HOUR_S),
    ):
        made.windows[window] = Observation(window, label, pct, NOON + ahead_s, NOON - age_s, "api")
    for agent, (_title, short, *_more) in AGENTS.items():
        made.sources[agent] = {
            name: Observation(name, label, pct, NOON + ahead_s, NOON - age_s, agent)
            for name, label, pct, ahead_s in (
                (f"{agent}.five_hour", f"{short} 5h", 27.5, left_s),
                (f"{agent}.seven_day", f"{short} 7d", 4.0, 4 * 24 * HOUR_S),
            )
        }
    made.spend = Spend(5090, None, "USD", 2, 50.9, enabled=True, observed_at=NOON - age_s)
    return made


def parts(
    form: str, snapshot: Snapshot, *, config: str = "", stdin: object = None
) -> list[tuple[str, str]]:
    """The parts that a format gives at noon under the settings of `config`."""
    head, _bracket, tables = config.partition("[")
    text = f"{head}\nformat.default = {form!r}\n" + (f"[{tables}" if tables else "")
    loaded = compile_text(text)
    assert not loaded.problems
    loaded.settings.account = "work"
    view = View(snapshot, STDIN if stdin is None else stdin, loaded.settings, NOON)
    return lay_out(view, "plain", 200)[0]


def text(form: str, snapshot: Snapshot, *, config: str = "", stdin: object = None) -> str:
    """The text of the same."""
    found = parts(form, snapshot, config=config, stdin=stdin)
    return "".join(part for _role, part in found)


#: placeholder -> what it shows: fresh, after 14 minutes, after the reset ("-": nothing).
SHOWN = {
    "five_hour": ("5h 61% 2h00m", "5h 61% 2h00m · 14m old", "5h ↻"),
    "five_hour.pct": ("61%", "61% · 14m old", "↻"),
    "five_hour.bar": ("████▉░░░", "████▉░░░ · 14m old", "-"),
    "five_hour.reset": ("2h00m", "2h00m", "-"),
    "five_hour.clock": ("14:00", "14:00", "-"),
    "five_hour.label": ("5h", "5h", "5h"),
    "five_hour.age": ("<1m old", "14m old", "-"),
    "five_hour.pace": ("→110%", "-", "-"),
    "five_hour.full": ("full 50m", "-", "-"),
    "seven_day": ("7d 22%", "7d 22% · 14m old", "7d 22%"),
    "seven_day.pct": ("22%", "22% · 14m old", "22%"),
    "seven_day.bar": ("█▊░░░░░░", "█▊░░░░░░ · 14m old", "█▊░░░░░░"),
    "seven_day.reset": ("4d0h", "4d0h", "4d0h"),
    "seven_day.clock": ("Sat 12:00", "Sat 12:00", "Sat 12:00"),
    "seven_day.label": ("7d", "7d", "7d"),
    "seven_day.age": ("<1m old", "14m old", "<1m old"),
    "seven_day.pace": ("-", "-", "-"),
    "seven_day.full": ("-", "-", "-"),
    "binding": ("5h 61% 2h00m", "5h 61% 2h00m · 14m old", "7d 22% 4d0h"),
    "binding.pct": ("61%", "61% · 14m old", "22%"),
    "binding.bar": ("████▉░░░", "████▉░░░ · 14m old", "█▊░░░░░░"),
    "binding.reset": ("2h00m", "2h00m", "4d0h"),
    "binding.clock": ("14:00", "14:00", "Sat 12:00"),
    "binding.label": ("5h", "5h", "7d"),
    "binding.age": ("<1m old", "14m old", "<1m old"),
    "binding.pace": ("→110%", "-", "-"),
    "binding.full": ("full 50m", "-", "-"),
    "pace": ("→110%", "-", "-"),
    "full": ("full 50m", "-", "-"),
    "weekly": ("Fable 85%", "Fable 85% · 14m old", "Fable 85%"),
    "extra": ("extra $50.90", "extra $50.90 · 14m old", "extra $50.90"),
    "codex.five_hour": ("Codex 5h 27% 2h00m", "Codex 5h 27% 2h00m 14m old", "Codex 5h ↻"),
    "codex.five_hour.pct": ("27%", "27% · 14m old", "↻"),
    "codex.five_hour.bar": ("██▎░░░░░", "██▎░░░░░ · 14m old", "-"),
    "codex.five_hour.reset": ("2h00m", "2h00m", "-"),
    "codex.five_hour.clock": ("14:00", "14:00", "-"),
    "codex.five_hour.label": ("Codex 5h", "Codex 5h", "Codex 5h"),
    "codex.five_hour.age": ("<1m old", "14m old", "-"),
    "codex.seven_day": ("Codex 7d 4% 4d0h", "Codex 7d 4% 4d0h 14m old", "Codex 7d 4% 4d0h"),
    "codex.seven_day.pct": ("4%", "4% · 14m old", "4%"),
    "codex.seven_day.bar": ("▍░░░░░░░", "▍░░░░░░░ · 14m old", "▍░░░░░░░"),
    "codex.seven_day.reset": ("4d0h", "4d0h", "4d0h"),
    "codex.seven_day.clock": ("Sat 12:00", "Sat 12:00", "Sat 12:00"),
    "codex.seven_day.label": ("Codex 7d", "Codex 7d", "Codex 7d"),
    "codex.seven_day.age": ("<1m old", "14m old", "<1m old"),
    "antigravity.five_hour": (
        "Agy 5h 27% 2h00m",
        "Agy 5h 27% 2h00m 14m old",
        "Agy 5h ↻",
    ),
    "antigravity.five_hour.pct": ("27%", "27% · 14m old", "↻"),
    "antigravity.five_hour.bar": ("██▎░░░░░", "██▎░░░░░ · 14m old", "-"),
    "antigravity.five_hour.reset": ("2h00m", "2h00m", "-"),
    "antigravity.five_hour.clock": ("14:00", "14:00", "-"),
    "antigravity.five_hour.label": ("Agy 5h", "Agy 5h", "Agy 5h"),
    "antigravity.five_hour.age": ("<1m old", "14m old", "-"),
    "antigravity.seven_day": (
        "Agy 7d 4% 4d0h",
        "Agy 7d 4% 4d0h 14m old",
        "Agy 7d 4% 4d0h",
    ),
    "antigravity.seven_day.pct": ("4%", "4% · 14m old", "4%"),
    "antigravity.seven_day.bar": ("▍░░░░░░░", "▍░░░░░░░ · 14m old", "▍░░░░░░░"),
    "antigravity.seven_day.reset": ("4d0h", "4d0h", "4d0h"),
    "antigravity.seven_day.clock": ("Sat 12:00", "Sat 12:00", "Sat 12:00"),
    "antigravity.seven_day.label": ("Agy 7d", "Agy 7d", "Agy 7d"),
    "antigravity.seven_day.age": ("<1m old", "14m old", "<1m old"),
    "tokens.block": ("48.2M", "48.2M", "48.2M"),
    "tokens.today": ("1B", "1B", "1B"),
    "cost.today": ("~$41.20", "~$41.20", "~$41.20"),
    "plan": ("Max 5x", "Max 5x", "Max 5x"),
    "status": ("-", "-", "-"),
    "model": ("Opus 5.5", "Opus 5.5", "Opus 5.5"),
    "context": ("12%", "12%", "12%"),
    "account": ("work", "work", "work"),
}


def test_every_placeholder_is_tested() -> None:
    """A new placeholder comes with what it shows."""
    assert SHOWN.keys() | session_values.VALUES.keys() == PLACEHOLDERS.keys()


@pytest.mark.parametrize("name", SHOWN)
def test_each_placeholder_fresh_old_and_reset(name: str) -> None:
    """Never an old number without its age, never a number of a window that has reset."""
    states = (known(), known(age_s=14 * 60), known(left_s=-60))
    for each in states:
        each.token_counts = {
            "block": TokenCount(NOON - 3 * HOUR_S, NOON + 2 * HOUR_S, NOON - 60, 48_260_000, 32.6),
            "today": TokenCount(NOON - 12 * HOUR_S, NOON + 12 * HOUR_S, NOON - 60, 1 << 30, 41.2),
        }
    if name.rpartition(".")[2] in ("pace", "full"):  # else the windows themselves would tell it
        for each in states:
            full = (NOON + 3000, None, None)
            made = Forecast("five_hour", NOON + 2 * HOUR_S, NOON, 1.5, 110, None, full)
            each.forecasts = {"five_hour": made}
    shown = [text(f"{{model}}<[{{{name}}}]", state) for state in states]
    assert tuple(one.partition("<")[2] or "-" for one in shown) == SHOWN[name]


def test_an_age_of_its_own_is_not_said_twice() -> None:
    """The line's age leaves out a window whose age the format shows itself, and no other."""
    form = "[{five_hour.pct} {five_hour.age}] {seven_day.pct}"
    assert text(form, known(age_s=14 * 60)) == "61% 14m old 22% · 14m old"
    assert text(form, known(age_s=120)) == "61% 2m old 22%"
    both = "{five_hour} ({five_hour.age})"
    assert text(both, known(age_s=14 * 60)) == "5h 61% 2h00m (14m old)"
    assert compile_text(f"format.tmux = {form!r}").settings.shows_age


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        ("", "5h 61% 2h00m"),
        ('show = "remaining"', "5h 39% left 2h00m"),
        ('reset = "clock"', "5h 61% 14:00"),
        ('reset = "clock"\nclock = 12', "5h 61% 2:00pm"),
        ('reset = "clock"\ntime_zone = "Asia/Kolkata"', "5h 61% 19:30"),
        ('reset = "clock"\ntime_zone = "Pacific/Kiritimati"', "5h 61% 04:00"),
        ('reset = "clock"\ntime_zone = "America/New_York"\nclock = 12', "5h 61% 9:00am"),
    ],
)
def test_the_choices_of_a_user(config: str, shown: str) -> None:
    """Used or remaining, countdown or clock time, 12 or 24 hours, any zone."""
    assert text("{five_hour}", known(), config=config) == shown


def test_a_zone_of_ones_own_leaves_the_process_as_it_was() -> None:
    """The zone is put back after each look, so that nothing else shows another time."""
    before = (time.localtime(NOON), os.environ.get("TZ"))
    assert text("{five_hour.clock}", known(), config='time_zone = "Asia/Tokyo"') == "23:00"
    assert text("{five_hour.clock}", known()) == "14:00"
    assert (time.localtime(NOON), os.environ.get("TZ")) == before


DAY_S = 24 * HOUR_S


@pytest.mark.parametrize(
    ("zone", "ahead_s", "shown"),
    [
        ("UTC", 11 * HOUR_S + 59 * 60, "23:59"),
        ("UTC", 12 * HOUR_S, "Wed 00:00"),
        ("Europe/Berlin", 11 * HOUR_S, "Wed 00:00"),
        ("UTC", 7 * DAY_S - 60, "Tue 11:59"),
        ("UTC", 7 * DAY_S, "11-24 12:00"),
        ("UTC", -13 * HOUR_S, "Mon 23:00"),
        ("UTC", -7 * DAY_S + 60, "Tue 12:01"),
        ("UTC", -7 * DAY_S, "11-10 12:00"),
        ("UTC", -30 * DAY_S, "10-18 12:00"),
        ("Europe/Berlin", 130 * DAY_S, "2027-03-27 13:00"),
        ("Europe/Berlin", 132 * DAY_S, "2027-03-29 14:00"),
        ("UTC", -365 * DAY_S, "2025-11-17 12:00"),
    ],
)
def test_another_day_is_named(zone: str, ahead_s: int, shown: str) -> None:
    """G08: today needs no name, a week has weekdays, else a date, on both sides of a DST change."""
    chosen = Settings()
    chosen.time_zone = zone
    assert clock_time(NOON + ahead_s, View(None, None, chosen, NOON)) == shown


@pytest.mark.parametrize("config", ["", 'show = "remaining"'])
@pytest.mark.parametrize(
    ("used_pct", "role"),
    [(10, "normal"), (59.9, "normal"), (60, "warning"), (80, "critical"), (120, "critical")],
)
def test_the_severity_is_that_of_what_is_used(config: str, used_pct: float, role: str) -> None:
    """Also where what remains is shown: 10 % left is critical, 90 % left is not."""
    config += "\n[thresholds]\nwarning = 60\ncritical = 80"
    found = parts("{five_hour.pct}{five_hour.bar}", known(used_pct=used_pct), config=config)
    assert {each for each, _text in found} - {"muted"} <= {role}
    assert found[0][0] == role


@pytest.mark.parametrize(
    ("used_pct", "used", "remaining"),
    [
        (0, "░░░░", "████"),
        (0.1, "▏░░░", "███▉"),
        (50, "██░░", "██░░"),
        (99.9, "███▉", "▏░░░"),
        (100, "████", "░░░░"),
    ],
)
def test_a_bar_is_full_only_at_the_end(used_pct: float, used: str, remaining: str) -> None:
    """F09 for bars: neither full nor empty before it is true."""
    snapshot = known(used_pct=used_pct)
    config = "[bar]\nwidth = 4"
    assert text("{five_hour.bar}", snapshot, config=config) == used
    other = f'show = "remaining"\n{config}'
    assert text("{five_hour.bar}", snapshot, config=other) == remaining


def test_several_models_are_separated() -> None:
    """Each model's weekly limit that is used stands for itself; one that has reset is gone."""
    snapshot = known()
    snapshot.windows["weekly:Big"] = Observation("weekly:Big", "Big", 3, NOON + 60, NOON, "api")
    snapshot.windows["weekly:Old"] = Observation("weekly:Old", "Old", 9, NOON - 60, NOON, "api")
    assert text("{weekly}", snapshot) == "Fable 85% · Big 3%"


@pytest.mark.parametrize(
    "spend",
    [
        None,
        Spend(0, None, "USD", 2, None, enabled=True, observed_at=NOON),
        Spend(5090, None, "USD", 2, None, enabled=False, observed_at=NOON),
    ],
)
def test_extra_usage_is_shown_only_where_there_is_some(spend: Spend | None) -> None:
    """Nothing used, or not enabled: nothing to say."""
    snapshot = known()
    snapshot.spend = spend
    assert text("{five_hour.label}{sep}{extra}", snapshot) == "5h"


def test_without_windows_the_spend_is_said_once() -> None:
    """The status says it then, with its age; `extra` keeps quiet."""
    snapshot = known()
    snapshot.windows = {}
    assert text("{extra}{sep}{status}", snapshot) == "claude $50.90"
    snapshot.spend = known(age_s=7200).spend
    assert text("{status}", snapshot) == "claude $50.90 · 2h old"


@pytest.mark.parametrize(
    ("cost_usd", "shown"), [(0, "$0.00"), (0.001, "<$0.01"), (0.005, "$0.01"), (12.346, "$12.35")]
)
def test_a_cost_never_says_nothing_where_there_is_some(cost_usd: float, shown: str) -> None:
    """Below a cent it says so."""
    stdin = {"cost": {"total_cost_usd": cost_usd}}
    assert text("{cost}", known(), stdin=stdin) == shown


@pytest.mark.parametrize("name", ["cost", "lines", "duration", "context", "context.bar"])
@pytest.mark.parametrize("value", [-1, 1e300, float("nan"), float("inf"), True, "7", None, [], {}])
def test_nonsense_on_stdin_shows_nothing(name: str, value: object) -> None:
    """F01-F03: a wrong type or an impossible number is missing, and never 0."""
    counters = ("total_cost_usd", "total_duration_ms", "total_lines_added", "total_lines_removed")
    stdin = {
        "cost": dict.fromkeys(counters, value),
        "context_window": {"used_percentage": value},
    }
    assert text(f"{{five_hour.label}}[{{{name}}}]", known(), stdin=stdin) == "5h"


@given(value=documents)
def test_text_on_stdin_is_harmless(value: object) -> None:
    """S09: whatever stdin calls model or effort."""
    stdin = {"model": {"display_name": value}, "effort": {"level": value}}
    shown = text("{five_hour.label}[{model}][{effort}]", known(), stdin=stdin)
    assert shown.isprintable()
    assert not set(shown) & set("`$\\#%{}[]<>;&|!\"'")
