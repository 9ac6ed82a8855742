"""The editor's working copy: what is typed, taken back and not yet right."""

from __future__ import annotations

import tomllib

import pytest

from statusline.editor.draft import Draft
from statusline.settings.keys import KEYS


def typing(draft: Draft, key: str, text: str) -> None:
    """Type a text character by character, as a person does."""
    for end in range(1, len(text) + 1):
        draft.type(key, text[:end])


@pytest.mark.parametrize("key", KEYS)
def test_what_is_shown_and_typed_again_changes_nothing(key: str) -> None:
    """A field that is visited would have set its own default."""
    for text in ("", 'preset = "full"\n'):
        draft = Draft(text)
        draft.type(key, draft.shown(key))
        assert draft.text == text
        assert not draft.mistakes


def test_one_undo_takes_back_a_word_not_a_letter() -> None:
    """Nobody presses Ctrl+Z forty times for one format."""
    draft = Draft("# mine\n")
    typing(draft, "width", "60")
    draft.close()
    typing(draft, "separator", " | ")
    assert draft.text == '# mine\nwidth = 60\nseparator = " | "\n'
    assert draft.undo()
    assert draft.text == "# mine\nwidth = 60\n"
    assert draft.undo()
    assert not draft.undo()
    assert not draft.is_changed
    assert draft.redo()
    assert draft.redo()
    assert not draft.redo()
    assert draft.shown("separator") == " | "


def test_a_new_step_forgets_what_was_taken_back() -> None:
    """A redo into a text that never was would mix two histories."""
    draft = Draft("")
    draft.set("show", "remaining")
    draft.undo()
    draft.set("reset", "clock")
    assert not draft.redo()
    assert draft.text == 'reset = "clock"\n'


def test_what_is_wrong_is_said_and_not_written() -> None:
    """The text that would be saved is sound at every moment."""
    draft = Draft("")
    typing(draft, "format.tmux", "{five_hour} {seven")
    assert draft.mistakes["format.tmux"][0] == "{five_hour} {seven"
    assert draft.mistakes["format.tmux"][1].startswith("{ without its }")
    assert draft.shown("format.tmux") == "{five_hour} {seven"
    assert not draft.loaded.problems
    draft.type("format.tmux", "{five_hour} {seven_day}")
    assert not draft.mistakes
    assert draft.text == '[format]\ntmux = "{five_hour} {seven_day}"\n'


def test_a_value_that_fits_only_with_another_is_tried_again() -> None:
    """Warning above critical is a mistake until critical is raised as well."""
    draft = Draft("")
    draft.type("thresholds.warning", "95")
    assert "warning (95) is above critical (90)" in draft.mistakes["thresholds.warning"][1]
    draft.type("thresholds.critical", "97")
    assert not draft.mistakes
    assert draft.text == "[thresholds]\ncritical = 97\nwarning = 95\n"


def test_undo_takes_back_the_last_step_and_redo_what_is_typed_wrongly() -> None:
    """Undo left the last change and threw away every text that was not right yet."""
    draft = Draft("")
    typing(draft, "format.default", "{five_huor")
    draft.close()
    typing(draft, "width", "60")
    wrong = dict(draft.mistakes)
    assert wrong.keys() == {"format.default"}
    assert draft.undo()
    assert (draft.text, draft.mistakes) == ("", wrong)
    assert draft.undo()
    assert (draft.text, draft.mistakes) == ("", {})
    assert not draft.undo()
    assert draft.redo()
    assert draft.shown("format.default") == "{five_huor"
    assert draft.redo()
    assert (draft.text, draft.mistakes) == ("width = 60\n", wrong)
    assert not draft.redo()


def test_what_is_typed_wrongly_would_be_lost() -> None:
    """The file is not changed by it, yet somebody has typed it."""
    draft = Draft("")
    assert not draft.is_unsaved
    draft.type("format.default", "{five_huor}")
    assert not draft.is_changed
    assert draft.is_unsaved


def test_a_value_that_fits_once_another_is_unset_is_tried_again() -> None:
    """The mistake stayed although nothing was wrong any longer."""
    draft = Draft("[thresholds]\ncritical = 80\n")
    draft.type("thresholds.warning", "85")
    assert draft.mistakes
    draft.unset("thresholds.critical")
    assert not draft.mistakes
    assert tomllib.loads(draft.text) == {"thresholds": {"warning": 85}}
    assert draft.undo()
    assert draft.shown("thresholds.warning") == "85"
    assert draft.value("thresholds.critical") == 80


def test_a_key_that_could_not_be_unset_is_unset_once_that_fits() -> None:
    """It was tried as the value "", which no threshold can have."""
    draft = Draft("[thresholds]\nwarning = 92\ncritical = 95\n")
    draft.unset("thresholds.critical")
    assert "above critical (90)" in draft.mistakes["thresholds.critical"][1]
    draft.type("thresholds.warning", "80")
    assert not draft.mistakes
    assert tomllib.loads(draft.text) == {"thresholds": {"warning": 80}}


def test_an_empty_field_takes_the_key_out() -> None:
    """There would be no way back to the default but the file itself."""
    draft = Draft("width = 60 # cells\n")
    assert draft.origin("width") == "yours"
    draft.type("width", "")
    assert draft.text == "# cells\n"
    assert draft.shown("width") == "40"
    assert draft.origin("width") == "preset default"


def test_a_surface_without_a_format_shows_the_one_that_all_share() -> None:
    """An empty field would say that the surface shows nothing."""
    draft = Draft('[format]\ndefault = "{five_hour}"\n')
    assert draft.shown("format.zsh") == "{five_hour}"
    assert draft.origin("format.zsh") == "format.default"


def test_text_is_typed_without_quotes() -> None:
    """`203` is a colour where a style is wanted, and quotes are characters in a separator."""
    draft = Draft("")
    draft.type("style.text", "203")
    draft.type("separator", ' "" ')
    draft.type("bar.width", "5")
    assert draft.text == 'separator = " \\"\\" "\n\n[style]\ntext = "203"\n\n[bar]\nwidth = 5\n'


def test_a_list_that_is_no_format_stands_on_one_line() -> None:
    """Its field has one line: two thresholds would have been two lines in it."""
    draft = Draft("")
    assert draft.shown("notify.at") == "[80, 95]"
    draft.type("notify.at", "[50, 90]")
    draft.type("notify.via", "tmux")
    draft.type("notify.command", '["~/bin/tell-me"]')
    assert not draft.mistakes
    assert tomllib.loads(draft.text)["notify"] == {
        "at": [50, 90],
        "via": "tmux",
        "command": ["~/bin/tell-me"],
    }
    assert draft.shown("notify.at") == "[50, 90]"
    draft.type("notify.command", "tell me")
    assert "must be a list" in draft.mistakes["notify.command"][1]


def test_the_diff_is_what_saving_changes() -> None:
    """What is asked about is what is written."""
    draft = Draft('# mine\npreset = "full"\n')
    draft.set("preset", "minimal")
    assert draft.diff("config.toml") == [
        "--- config.toml",
        "+++ config.toml",
        "@@ -1,2 +1,2 @@",
        " # mine",
        '-preset = "full"',
        '+preset = "minimal"',
    ]
