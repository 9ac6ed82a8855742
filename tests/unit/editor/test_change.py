"""A change of the settings: what is typed becomes a value, or a sentence with the fix."""

from __future__ import annotations

import re

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


@pytest.mark.parametrize("text", ["a = \n", "\ufeff\ufeffwidth = 3\n", "[a]\n[a]\n"])
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


def uncommented() -> str:
    """The template with every key in it set."""
    return re.sub(r"^#(?! )", "", template(), flags=re.MULTILINE)


def test_the_template_changes_nothing() -> None:
    """A default that moves on while `config init` still writes the old one."""
    for text in (template(), uncommented()):
        loaded, empty = compile_text(text), compile_text("")
        assert not loaded.problems
        ours, theirs = loaded.settings, empty.settings
        for surface in (*SURFACES, "chained"):
            assert ours.format_of(surface) == theirs.format_of(surface)
        settings = ours.to_json(), theirs.to_json()
        for each in settings:
            del each["formats"]
        assert settings[0] == settings[1]


def test_the_template_says_every_key() -> None:
    """Each below its meaning; only what others decide is an example, and can be set as it is."""
    lines = template().splitlines()
    values = compile_text(uncommented()).effective
    for key, known in KEYS.items():
        assert f"# {known.what}" in lines
        example = f"# {known.what}\n# for example: {key.rpartition('.')[2]} = {known.example}\n"
        if known.default is None and key not in values:
            assert example in template()
            assert not compile_text(with_value("", key, value_of(key, known.example))).problems
        else:
            assert values[key][1].startswith("config.toml line ")


def test_a_key_that_is_set_stands_where_the_template_says_it() -> None:
    """At the end of its table it would be far from the line that explains it."""
    text = with_value(template(), "bar.full", "x")
    assert f'# for example: full = {KEYS["bar.full"].example}\nfull = "x"\n' in text
    assert "#width = 40\nwidth = 50\n" in with_value(template(), "width", 50)


def test_a_table_of_the_user_s_own_takes_one_entry_at_a_time() -> None:
    """`accounts` has Claude directories for keys, which hold dots and slashes."""
    key = 'accounts."~/.claude-work"'
    text = with_value("# mine\n", key, value_of(key, "work"))
    assert text == '# mine\n\n[accounts]\n"~/.claude-work" = "work"\n'
    more = with_value(text, "accounts", {"~/.claude-work": "job", "~/.claude": "home"})
    assert compile_text(more).effective["accounts"][0] == {
        "~/.claude-work": "job",
        "~/.claude": "home",
    }
    assert more.startswith(text.replace('work"\n', 'job"\n'))
    assert without_value(more, "accounts") == "# mine\n"
    with pytest.raises(ValueRefusedError):
        with_value("", key, 3)
