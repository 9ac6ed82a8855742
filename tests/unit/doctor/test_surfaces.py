"""What is quoted of a segment."""

from __future__ import annotations

import pytest

from statusline.doctor.surfaces import seen


@pytest.mark.parametrize(
    ("output", "notation", "text"),
    [
        (b"#[fg=green]5h 61%#[default] 2h11m", "tmux", "5h 61% 2h11m"),
        (b"\x1b[32m5h 61%\x1b[0m\n", "claude", "5h 61%"),
        (b"theirs\n\x1b[32m5h 61%\x1b[0m\n\n", "claude", "5h 61%"),
        (b"%{\x1b[32m%}5h 61%%%{\x1b[0m%}", "zsh", "5h 61%"),
        (b"\x1b]0;title\x07x\x9b", "plain", "]0;titlex�"),
        (b"", "plain", ""),
    ],
)
def test_a_segment_is_quoted_as_people_see_it(output: bytes, notation: str, text: str) -> None:
    """Styles and wrappers go, and nothing that a terminal would obey stays."""
    assert seen(output, notation) == text
