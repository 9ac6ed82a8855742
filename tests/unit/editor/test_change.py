"""A change of the settings: what is typed becomes a value, or a sentence with the fix."""

from __future__ import annotations

import tomllib

import pytest

from statusline.editor.change import (
    ChangeError,
    UnknownKeyError,
    ValueRefusedError,
    path_of,
    value_of,
    with_value,
    without_value,
)
from statusline.editor.choices import choices
from statusline.editor.template import template
from statusline.settings.keys import KEYS
from statusline.settings.load import compile_text
from statusline.settings.presets import PRESETS
from statusline.surfaces import SURFACES


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("preset", "full", "full"),
        ("preset", '"full"', "full"),
        ("thresholds.warning", "60", 60),
        ("ascii", "true", True),
        ("style.normal", "203", "203"),
        ("separator", "true", "true"),
        ("separator", " # ", " # "),
        ("format.tmux", "[{five_hour.pct}]", "[{five_hour.pct}]"),
    ],
)
def test_text_needs_no_quotes_where_the_key_takes_text(key: str, typed: str, value: object) -> None:
    """In a shell `"full"` is `full`, and nobody types '"full"'."""
    assert value_of(key, typed) == value


@pytest.mark.parametrize(
    ("key", "typed", "told"),
    [
        ("width", "wide", ["width", '"wide"', "1 to 1000", "40"]),
        ("width", "3\nascii = true", ["width", "whole number"]),
        ("preset", "ful", ["preset", '"ful"', 'Write, for example, "full".']),
        ("format.tmux", "{five_huor}", ["format.tmux", "five_huor", "{five_hour}"]),
        ("ascii", "yes", ["ascii", '"yes"', "true"]),
    ],
)
def test_a_value_that_is_refused_names_key_value_and_fix(
    key: str, typed: str, told: list[str]
) -> None:
    """A mere "invalid value" would leave the reader to guess."""
    with pytest.raises(ValueRefusedError) as caught:
        value_of(key, typed)
    assert all(part in str(caught.value) for part in told)


def test_a_value_that_disagrees_with_another_key_is_refused() -> None:
    """Both thresholds would have been ignored from then on, and `set` would have said "done"."""
    with pytest.raises(ValueRefusedError, match=r"warning \(95\) is above critical \(90\)"):
        with_value("", "thresholds.warning", 95)
    text = with_value("", "thresholds.critical", 97)
    assert not compile_text(with_value(text, "thresholds.warning", 95)).problems


def test_mistakes_that_were_there_stop_nothing() -> None:
    """A typing error elsewhere in the file is no reason to refuse a sound key."""
    text = 'widht = 3\n[format]\ntmux = "{"\n'
    assert with_value(text, "preset", "full") == text.replace("[", 'preset = "full"\n[', 1)


@pytest.mark.parametrize("text", ["a = \n", "\ufeffwidth = 3\n", "[a]\n[a]\n"])
def test_what_toml_cannot_read_is_left_alone(text: str) -> None:
    """The line and the fix are told; a guess would damage more."""
    for value in (3, None):
        with pytest.raises(ChangeError, match=r"line \d+: not TOML.*Fix this line"):
            _ = without_value(text, "width") if value is None else with_value(text, "width", value)


@pytest.mark.parametrize("key", ["widht", "", "a.b.c", "thresholds", "x = 1\ny", "\x1b[31m"])
def test_a_key_that_there_is_not_is_named(key: str) -> None:
    """Whatever is typed, the message can be shown."""
    with pytest.raises(UnknownKeyError) as caught:
        path_of(key)
    assert str(caught.value).isprintable()


def test_the_nearest_key_is_offered() -> None:
    """`warning` alone is what people type."""
    with pytest.raises(UnknownKeyError, match=r"Did you mean thresholds\.warning\?"):
        path_of("warning")


def test_what_can_be_chosen_is_what_the_key_takes() -> None:
    """A choice that the program refuses would be a trap."""
    assert choices("preset") == tuple(PRESETS)
    assert choices("ascii") == (True, False)
    assert choices("width") == ()
    for key in KEYS:
        for value in choices(key):
            assert not compile_text(with_value("", key, value)).problems


def test_the_template_says_every_key_and_changes_nothing() -> None:
    """A default that moves on while `config init` still writes the old one."""
    text = template()
    assert not compile_text(text).problems
    lines = [
        line[1:] if line.startswith("#") and not line.startswith("# ") else line
        for line in text.splitlines()
    ]
    uncommented = "\n".join(lines)
    loaded, empty = compile_text(uncommented), compile_text("")
    assert not loaded.problems
    assert set(loaded.effective) == set(KEYS)
    assert all(origin.startswith("config.toml") for _value, origin in loaded.effective.values())
    ours, theirs = loaded.settings, empty.settings
    assert {surface: ours.format_of(surface) for surface in SURFACES} == {
        surface: theirs.format_of(surface) for surface in SURFACES
    }
    settings = ours.to_json(), theirs.to_json()
    for each in settings:
        del each["formats"]
    assert settings[0] == settings[1]


def test_each_key_of_the_template_stands_below_its_meaning() -> None:
    """The file is its own documentation."""
    lines = template().splitlines()
    for known in KEYS.values():
        assert f"# {known.what}" in lines
    assert tomllib.loads(template()).keys() == {key.partition(".")[0] for key in KEYS if "." in key}
