"""Styles: one notation for terminals and tmux, and nothing else gets through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from statusline.settings.style import compile_style
from tests.support.distorted import texts


@pytest.mark.parametrize(
    ("text", "compiled"),
    [
        ("red", ("31", "fg=red")),
        ("bold red", ("31;1", "fg=red,bold")),
        ("Bright_Blue on black", ("94;40", "fg=brightblue,bg=black")),
        ("color:203", ("38;5;203", "fg=colour203")),
        ("203 on 17", ("38;5;203;48;5;17", "fg=colour203,bg=colour17")),
        ("#ff8800", ("38;2;255;136;0", "fg=#ff8800")),
        ("on #FF8800", ("48;2;255;136;0", "bg=#ff8800")),
        ("default", ("39", "fg=default")),
        ("dim italic underline reverse", ("2;3;4;7", "dim,italics,underscore,reverse")),
        ("none", None),
        ("", None),
    ],
)
def test_a_style_speaks_both_languages(text: str, compiled: tuple[str, str] | None) -> None:
    """One notation, for terminals and for tmux."""
    assert compile_style(text) == compiled


@given(text=texts)
def test_no_style_smuggles_anything(text: str) -> None:
    """S10: whatever is accepted is made of our own words."""
    try:
        compiled = compile_style(text)
    except ValueError:
        return
    assert compiled is None or re.fullmatch(r"[0-9;]+", compiled[0])
    assert compiled is None or re.fullmatch(r"[a-z0-9=,#]+", compiled[1])
