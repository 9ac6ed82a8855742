"""The window that binds, the label of an account, variables of the environment."""

from __future__ import annotations

import pytest

from statusline.segment.layout import lay_out
from statusline.segment.view import View
from statusline.settings.load import compile_text
from statusline.system.environ import Environment
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support.laid_out import (
    DAY_S,
    HOUR_S,
    NOON,
    both,
    chosen,
    formatted,
    holding,
    line,
    window,
)

FABLE = {"model": {"display_name": "Fable 5"}}


def five(used_pct: float, left_s: float = 2 * HOUR_S) -> Observation:
    """The 5-hour window."""
    return window("five_hour", used_pct, left_s)


def week(used_pct: float, left_s: float = 3 * DAY_S) -> Observation:
    """The 7-day window."""
    return window("seven_day", used_pct, left_s)


def model(used_pct: float) -> Observation:
    """A model's weekly limit."""
    return window("weekly:Fable", used_pct, 3 * DAY_S)


@pytest.mark.parametrize(
    ("windows", "stdin", "shown"),
    [
        ((five(0), week(100)), None, "7d 100% 3d0h"),
        ((five(61), week(22)), None, "5h 61% 2h00m"),
        ((five(100), week(100)), None, "7d 100% 3d0h"),
        ((five(100), week(99)), None, "5h 100% 2h00m"),
        ((five(90, -60), week(22)), None, "7d 22% 3d0h"),
        ((five(90, -60),), None, "5h ↻"),
        ((five(61), week(22), model(100)), None, "5h 61% 2h00m"),
        ((five(61), week(22), model(100)), FABLE, "Fable 100% 3d0h"),
        ((model(85),), None, "Fable 85% 3d0h"),
        ((five(61), window("spend_limit", 80, 9 * DAY_S)), None, "spend 80% 9d0h"),
    ],
)
def test_the_binding_window_is_the_one_that_stops_first(
    windows: tuple[Observation, ...], stdin: object, shown: str
) -> None:
    """A week at 100 % hid behind `5h 0%`; of two that are used up the later reset counts."""
    settings = formatted("{binding}")
    assert line(holding(*windows), settings=settings, stdin=stdin) == shown


def test_nothing_binds_where_nothing_is_known() -> None:
    """The state is shown instead."""
    assert line(holding(state="missing"), settings=formatted("{binding}")) == "usage: sign in"


def test_the_label_is_that_of_the_claude_directory() -> None:
    """Two accounts in two directories, `~` and slashes as users write them."""
    text = 'format.default = "[{account} ]{five_hour.pct}"\n[accounts]\n"~/.claude-work/" = "work"'
    for claude, shown in (("/home/u/.claude-work", "work 61%"), ("/home/u/.claude", "61%")):
        env = Environment({"HOME": "/home/u", "CLAUDE_CONFIG_DIR": claude})
        assert line(both(), settings=compile_text(text, env).settings) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("prod", "61% prod"),
        ("", "61%"),
        (None, "61%"),
        ("a\x1b[31m\nb", "61% a[31mb"),
        ("x" * 99, f"61% {'x' * 31}…"),
    ],
)
def test_a_variable_is_shown_harmless(value: str | None, shown: str) -> None:
    """Absent and empty ones take their group with them."""
    settings = formatted("{five_hour.pct}[ {env.STAGE}]")
    view = View(both(), None, settings, NOON)
    view.env = Environment({} if value is None else {"STAGE": value})
    (parts,) = lay_out(view, "plain", 200)
    assert "".join(text for _role, text in parts) == shown


@pytest.mark.parametrize(
    "name", ["ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "my_secret", "PGPASSWORD", "Auth"]
)
def test_a_variable_that_may_hold_a_secret_is_refused(name: str) -> None:
    """A prompt is seen by whoever looks at the screen."""
    (problem,) = compile_text(f'format.tmux = "{{env.{name}}}"').problems
    assert "secret" in problem.what


def test_thresholds_of_one_window_leave_the_others_alone() -> None:
    """A week is to be spared at 50 %, the five hours are not."""
    settings = chosen(
        'format.default = "{five_hour}{sep}{seven_day}{sep}{context}{sep}{weekly}"\n'
        "[thresholds.seven_day]\nwarning = 50\n[thresholds.weekly]\ncritical = 80"
    )
    snapshot = holding(five(60), week(60), model(85))
    stdin = {"context_window": {"used_percentage": 60}}
    (parts,) = lay_out(View(snapshot, stdin, settings, NOON), "plain", 200)
    roles = [role for role, text in parts if "%" in text]
    assert roles == ["normal", "warning", "normal", "critical"]
    assert "7d 60% 3d0h" in "".join(text for _role, text in parts)


def test_an_empty_cache_has_no_binding_window() -> None:
    """Before the first answer."""
    assert line(Snapshot(), settings=formatted("{binding.bar}{sep}{status}"))
