"""From roles to bytes: nothing in any text is interpreted by the host it is printed in."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statusline.segment.escaping import encode
from statusline.segment.unescape import as_shown
from statusline.settings.settings import Settings
from statusline.surfaces import SURFACES
from statusline.system.text import is_shown
from tests.support.distorted import texts
from tests.support.examples import examples

STYLES = Settings().styles
ROLES = ("", "normal", "warning", "critical", "muted", "model", "unheard-of")
#: What we ourselves add around a text, per surface.
OUR_STYLE = {
    "claude": rb"\x1b\[[0-9;]*m",
    "plain": rb"\x1b\[[0-9;]*m",
    "fish": rb"\x1b\[[0-9;]*m",
    "starship": rb"\x1b\[[0-9;]*m",
    "bash": rb"\x01\x1b\[[0-9;]*m\x02",
    "zsh": rb"%\{\x1b\[[0-9;]*m%\}",
    "tmux": rb"#\[(?:(?:[fb]g=[a-z]+|bold|dim|default)(?:,(?=[a-z])|(?=\])))+\]",
}
ALL = sorted(SURFACES)
line_parts = st.lists(
    st.tuples(st.sampled_from(ROLES), texts | st.text("$`\\#%{}[](!a1")), max_size=5
)
PAYLOADS = (
    "$(touch X)",
    "`touch X`",
    "${HOME}",
    "\\u \\$(id)",
    "%n %F{red} %(!.a.b) %{ %} %D{%H}",
    "#(touch X) #{E:@o} #[fg=red #H #",
    "\x1b]0;title\x07\x1b[31m\x9b31m\r\x08",
    "\u202e\u2066\u200b",
    "$$(id) $ $",
)


def shown(parts: list[tuple[str, str]], surface: str, *, colored: bool = True) -> bytes:
    """The line without our own style sequences."""
    line = encode(parts, surface, STYLES, colored=colored)
    return re.sub(OUR_STYLE[surface], b"", line) if colored else line


@pytest.mark.parametrize("surface", ALL)
@given(parts=line_parts)
@example(parts=[("normal", payload) for payload in PAYLOADS])
@settings(max_examples=examples(60))
def test_no_text_brings_a_control_character(surface: str, parts: list[tuple[str, str]]) -> None:
    """S07, S08, S30: beside our own styles the line is printable UTF-8, one line."""
    text = shown(parts, surface).decode("utf-8")
    assert all(map(is_shown, text))
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in text)


@pytest.mark.parametrize("surface", ["bash", "zsh", "starship"])
@given(parts=line_parts)
@example(parts=[("", payload) for payload in PAYLOADS])
@settings(max_examples=examples(60))
def test_no_text_runs_in_a_prompt(surface: str, parts: list[tuple[str, str]]) -> None:
    """S01, S02, S06: also where the value is expanded a second time by mistake."""
    text = shown(parts, surface)
    assert b"`" not in text
    assert b"\\" not in text
    amount = rb"%\{%\}[0-9]" if surface == "zsh" else rb"[0-9]"
    assert re.search(rb"\$(?!%b)" % amount, text) is None


@given(parts=line_parts)
@example(parts=[("", payload) for payload in PAYLOADS])
def test_zsh_expands_no_percent(parts: list[tuple[str, str]]) -> None:
    """S02: each % of a text is doubled; before an amount there is one empty pair of ours."""
    text = shown(parts, "zsh").replace(b"$%{%}", b"$")
    assert b"%" not in text.replace(b"%%", b"")


@given(parts=line_parts)
@example(parts=[("", payload) for payload in PAYLOADS])
def test_tmux_expands_no_format(parts: list[tuple[str, str]]) -> None:
    """S04: each # of a text is doubled."""
    text = shown(parts, "tmux", colored=False)
    assert b"#" not in text.replace(b"##", b"")


@given(parts=line_parts)
def test_tmux_formats_are_ours_alone(parts: list[tuple[str, str]]) -> None:
    """With colours too: a run of # before [ is odd only where the style is ours."""
    styled = encode(parts, "tmux", STYLES, colored=True)
    runs = [style for style, _parts in groupby(STYLES.get(role, ("", ""))[1] for role, _ in parts)]
    ours = sum(2 for style in runs if style)
    odd = [found for found in re.findall(rb"(#+)\[", styled) if len(found) % 2]
    assert len(odd) == ours


@given(text=st.text(st.characters(categories=("L", "N", "Zs"), include_characters="$%#`\\")))
def test_plain_without_colours_is_the_text(text: str) -> None:
    """Nothing is escaped where nothing interprets."""
    printable = "".join(filter(is_shown, text))
    for surface in ("plain", "claude", "fish"):
        assert encode([("normal", text)], surface, STYLES, colored=False).decode() == printable


@pytest.mark.parametrize(
    ("surface", "line"),
    [
        ("claude", b"\x1b[38;5;28m61%\x1b[0m"),
        ("plain", b"\x1b[38;5;28m61%\x1b[0m"),
        ("fish", b"\x1b[38;5;28m61%\x1b[0m"),
        ("starship", b"\x1b[38;5;28m61%\x1b[0m"),
        ("bash", b"\x01\x1b[38;5;28m\x0261%\x01\x1b[0m\x02"),
        ("zsh", b"%{\x1b[38;5;28m%}61%%%{\x1b[0m%}"),
        ("tmux", b"61%"),
    ],
)
def test_a_coloured_number_on_each_surface(surface: str, line: bytes) -> None:
    """The one place where the bytes of each host stand side by side."""
    assert encode([("normal", "61%")], surface, STYLES, colored=True) == line


def test_neighbours_of_one_style_share_its_sequences() -> None:
    """A countdown and the separator behind it are one run; a text without a style ends it."""
    parts = [("muted", "2h"), ("muted", " · "), ("", "7d "), ("muted", "4d")]
    muted = STYLES["muted"][0]
    line = f"\x1b[{muted}m2h · \x1b[0m7d \x1b[{muted}m4d\x1b[0m"
    assert encode(parts, "claude", STYLES, colored=True).decode() == line


@pytest.mark.parametrize("surface", ALL)
def test_a_sum_of_money_is_shown_whole(surface: str) -> None:
    """A dollar sign before digits is an amount, not a command; in zsh it is no parameter either.

    It would have caught $50.90 shown as 0.90 where PROMPT_SUBST reads the text again.
    """
    text = b"$%{%}50.90" if surface == "zsh" else b"$50.90"
    assert shown([("normal", "$50.90")], surface) == text
    assert as_shown(text, surface) == "$50.90"
