"""Every format of `show --format`: what each program is told, and that no text breaks it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, ProfileData
from statusline.settings.settings import Settings
from statusline.status_bars.colors import hexadecimal
from statusline.status_bars.formats import FORMATS
from statusline.status_bars.status_bar import StatusBar, status_bar_of
from statusline.system.environ import Environment
from statusline.usage.snapshot import Snapshot
from tests.support.laid_out import DAY_S, NOON, both, holding, window

#: What each host reads as its own: markup, tags, parameters, quotation marks, escapes.
NASTY = 'x <b>&"\\ %{F#f00} | --- ${y} \\u0041'


def bar(snapshot: Snapshot | None, settings: Settings | None = None) -> StatusBar:
    """What a bar is told at noon."""
    known = ProfileData(
        snapshot or Snapshot(), settings or Settings(), Credentials(state="found"), ()
    )
    return status_bar_of(Overview(known, NOON), Environment({}))


def line(name: str, snapshot: Snapshot | None, settings: Settings | None = None) -> str:
    """The line of one format at noon."""
    return FORMATS[name].line(bar(snapshot, settings))


def document(name: str, snapshot: Snapshot | None, settings: Settings | None = None) -> Any:
    """The same, for a format that is JSON."""
    return json.loads(line(name, snapshot, settings))


def nasty() -> Settings:
    """Settings whose text would be markup, a tag or the end of a string."""
    made = Settings()
    made.formats["default"] = (("t", f"{NASTY} "), ("v", "five_hour"))
    made.width = 100
    return made


@pytest.mark.parametrize(
    ("used_pct", "expected"), [(61, "normal"), (80, "warning"), (97, "critical")]
)
def test_each_bar_is_told_how_bad_it_is(used_pct: float, expected: str) -> None:
    """A bar that shows 97 % like 6 % is not looked at in time."""
    seen = both(used_pct)
    assert document("waybar", seen)["class"] == [expected]
    assert document("waybar", seen)["percentage"] == used_pct
    wanted = {"normal": "Idle", "warning": "Warning", "critical": "Critical"}[expected]
    assert document("i3status-rust", seen)["state"] == wanted
    assert (document("i3blocks", seen).get("urgent") == "true") is (expected == "critical")
    for name in ("i3blocks", "polybar", "xbar"):
        assert bool(re.search(r"#[0-9a-f]{6}", line(name, seen))) is (expected != "normal")


def test_unknown_is_no_zero() -> None:
    """A percentage of 0 would draw an empty bar where nobody knows anything."""
    found = document("waybar", None)
    assert "percentage" not in found
    assert found["class"][0] == "unknown"
    assert found["text"]


@pytest.mark.parametrize(("api", "who"), [(True, "usage API is being asked"), (False, "Claude")])
def test_a_tooltip_says_what_is_going_on_before_the_first_number(*, api: bool, who: str) -> None:
    """`usage: …` had an empty tooltip, and with no network nobody knew what it waited for."""
    settings = Settings()
    settings.api = api
    found = document("waybar", None, settings)
    assert (found["class"], found["text"]) == (["unknown"], "usage: …")
    assert who in found["tooltip"]
    assert "statusline doctor" in found["tooltip"]


def test_a_window_that_has_reset_has_no_percentage() -> None:
    """Its old number is not true any more, in a tooltip either."""
    found = document("waybar", holding(window("five_hour", 88, -60, 120)))
    assert "percentage" not in found
    assert "88" not in found["text"] + found["tooltip"]


def test_old_numbers_and_troubles_are_classes() -> None:
    """A style sheet greys out what is old, whatever its number."""
    found = document("waybar", both(61, age_s=1200, state="offline"))
    assert found["class"] == ["normal", "old", "offline"] or "offline" in found["class"]
    assert "old" in found["class"]


def test_a_tooltip_names_moments_and_no_ages() -> None:
    """An age in it was wrong a minute later, and nothing made the line anew."""
    said = document("waybar", both(61, age_s=1200))["tooltip"]
    assert said.count("seen ") == 2
    assert "ago" not in said


@pytest.mark.parametrize("name", FORMATS)
def test_no_text_breaks_a_format(name: str) -> None:
    """A quotation mark ended the text of i3blocks 1.4, an ampersand empties Waybar's label."""
    text = line(name, both(97), nasty())
    shown = bar(both(97), nasty()).text
    assert NASTY in shown
    if name in ("waybar", "i3status-rust"):
        value = json.loads(text)["text"]
        assert not re.search(r"<|>|&(?!(?:amp|lt|gt|quot|#x27);)", value)
    elif name == "i3blocks":
        assert "\\" not in text
        assert text.count('"') == 4 * len(json.loads(text))
        assert len(json.loads(text)["full_text"]) == len(shown)
    elif name == "polybar":
        assert all(re.fullmatch(r"%\{F(?:#[0-9a-f]{6}|-)\}", each) for each in tags(text))
    elif name == "xbar":
        assert all(each.count("|") == 1 for each in text.splitlines() if each != "---")
    assert name == "xbar" or "\n" not in text


def tags(text: str) -> list[str]:
    """Everything in a line that polybar reads as a tag."""
    return re.findall(r"%\{[^}]*\}", text)


def test_two_parts_make_no_tag_of_polybars() -> None:
    """Each was harmless by itself; together `%` and `{x` began a tag."""
    made = bar(both(61))
    told = made._replace(parts=[("normal", "61%"), ("muted", ""), ("", "{x}")], colors={})
    assert FORMATS["polybar"].line(told) == "61% {x}"
    colored = told._replace(colors={"normal": "#ff0000"})
    assert FORMATS["polybar"].line(colored) == "%{F#ff0000}61%%{F-}{x}"


def test_a_model_opens_no_submenu_of_xbars() -> None:
    """Two dashes at the begin of a menu's line make a submenu, three a line between two parts."""
    for label in ("--Fable", "---", "~~~"):
        seen = window("weekly:Fable", 40, DAY_S)
        seen.label = label
        made = line("xbar", holding(seen))
        assert made.splitlines()[2].startswith(f" {label}")


@pytest.mark.parametrize(
    ("sgr", "expected"),
    [
        *(("38;5;166", "#d75f00"), ("38;5;196;1", "#ff0000"), ("38;5;244", "#808080")),
        *(("31", "#cd0000"), ("92", "#00ff00"), ("38;2;255;136;0", "#ff8800")),
        *(("48;5;1;97", "#ffffff"), ("1", ""), ("39", ""), ("", ""), ("38;5", "")),
    ],
)
def test_a_terminals_colour_is_one_for_a_bar(sgr: str, expected: str) -> None:
    """A bar reads #rrggbb, never a terminal's sequence; a background is not its foreground."""
    assert hexadecimal(sgr) == expected
