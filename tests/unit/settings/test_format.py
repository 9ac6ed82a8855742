"""Formats: what compiles, what is refused and where, and what a prompt makes of the nodes."""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statusline.agents import AGENTS
from statusline.segment import session_values
from statusline.segment.custom_values import COUNTED, OTHERS, WINDOW
from statusline.segment.layout import DROP_ORDER, cells, lay_out
from statusline.segment.values import MAIN_WINDOWS, VALUES
from statusline.segment.view import View
from statusline.settings.display_text import sift
from statusline.settings.format import FormatError, compile_format, names
from statusline.settings.load import sentence
from statusline.settings.placeholders import AGENT_ATTRIBUTES, PLACEHOLDERS
from statusline.settings.settings import Settings
from statusline.settings.settings_json import MAX_DEPTH, MAX_TEXT, read
from statusline.system.bounded_read import parse
from statusline.system.text import is_shown
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support import examples as number_of
from tests.support.distorted import NOW, distorted
from tests.support.examples import examples

STDIN = {
    "model": {"display_name": "Opus 5.5"},
    "effort": {"level": "medium"},
    "context_window": {"used_percentage": 12},
    "cost": {
        "total_cost_usd": 0.01,
        "total_duration_ms": 1000,
        "total_lines_added": 1,
        "total_lines_removed": 2,
    },
}
#: Formats of every kind, most of them sound.
words = st.sampled_from([*(f"{{{name}}}" for name in PLACEHOLDERS), "{sep}", "[", "]", "{{", "]]"])
formats = st.lists(st.one_of(words, st.text(max_size=4)), max_size=12).map("".join)


def line(text: str, *windows: str, stdin: object = None, width: int = 200) -> str:
    """What a format shows with these windows at 50 %."""
    snapshot = Snapshot()
    snapshot.state = "ok"
    for window in windows:
        label = {"five_hour": "5h", "seven_day": "7d"}[window]
        snapshot.windows[window] = Observation(window, label, 50, None, NOW, "api")
    chosen = Settings()
    chosen.formats = {"default": compile_format(text)}
    (parts,) = lay_out(View(snapshot, stdin, chosen, NOW), "plain", width)
    return "".join(part for _role, part in parts)


def test_every_placeholder_is_shown_by_the_hot_path_and_no_other() -> None:
    """The compiler's allow-list and the tables of a prompt name the same things."""
    windows = (*MAIN_WINDOWS, "binding")
    attributes = {f"{window}.{name}" for window in windows for name in WINDOW if name != "number"}
    tables = VALUES.keys() | OTHERS.keys() | session_values.VALUES.keys() | set(COUNTED)
    agents = {f"{name}.{window}" for name, each in AGENTS.items() for window in each.windows}
    told = {f"{window}.{name}" for window in agents for name in AGENT_ATTRIBUTES}
    assert set(AGENT_ATTRIBUTES) <= WINDOW.keys()
    assert PLACEHOLDERS.keys() == tables | attributes | agents | told


def test_everything_that_can_be_dropped_is_a_placeholder() -> None:
    """A misspelt name in the drop order would never be dropped."""
    of_the_line = {"age", "status.passing", "status.subject"}
    groups = {"env", *(name.partition(".")[0] for name in PLACEHOLDERS)}
    assert set(DROP_ORDER) - of_the_line <= PLACEHOLDERS.keys() | groups
    assert len(set(DROP_ORDER)) == len(DROP_ORDER)


@pytest.mark.parametrize(
    ("text", "windows", "shown"),
    [
        ("{five_hour}{sep}{seven_day}", ("five_hour", "seven_day"), "5h 50% · 7d 50%"),
        ("{five_hour}{sep}{seven_day}", ("seven_day",), "7d 50%"),
        ("{five_hour}{sep}{seven_day}", ("five_hour",), "5h 50%"),
        ("{five_hour}{sep}{plan}{sep}{seven_day}", ("five_hour", "seven_day"), "5h 50% · 7d 50%"),
        ("[a {five_hour} b][ c {seven_day}]", ("five_hour",), "a 5h 50% b"),
        ("[a {five_hour} b][ c {seven_day}]", ("seven_day",), " c 7d 50%"),
        ("[{five_hour}[ and {seven_day}]!]", ("five_hour",), "5h 50%!"),
        ("[{five_hour}[ and {seven_day}]!]", ("five_hour", "seven_day"), "5h 50% and 7d 50%!"),
        ("[x [{plan}]]{five_hour}", ("five_hour",), "5h 50%"),
        ("[{five_hour}{sep}{seven_day}]", ("five_hour", "seven_day"), "5h 50% · 7d 50%"),
        ("[x[y {five_hour}]]", ("five_hour",), "xy 5h 50%"),
        ("{{[[{five_hour.pct}]]}}", ("five_hour",), "{[50%]}"),
        ("use: {five_hour}", (), "usage: not reported"),
    ],
)
def test_what_is_missing_leaves_no_trace(text: str, windows: tuple[str, ...], shown: str) -> None:
    """Separators stand between two things, groups go with their values, brackets can be shown."""
    assert line(text, *windows) == shown


@pytest.mark.parametrize(
    ("text", "column", "what", "fix"),
    [
        ("{five_huor}", 1, 'unknown placeholder "five_huor"', "Did you mean {five_hour}?"),
        ("ab {five_hour.pc}", 4, 'unknown placeholder "five_hour.pc"', "{five_hour.pct}"),
        ("{}", 1, "unknown placeholder", "statusline config show"),
        ("{ five_hour }", 1, "unknown placeholder", "{five_hour}"),
        ("{five_hour", 1, "{ without its }", "{{"),
        ("five_hour}", 10, "} without its {", "}}"),
        ("[{five_hour}", 1, "[ without its ]", "[["),
        ("{five_hour}]", 12, "] without its [", "]]"),
        ("{five_hour}[0]", 12, "a group without a placeholder", "[["),
        ("no placeholder", 1, "no placeholder", "{five_hour}"),
        ("", 1, "no placeholder", "{five_hour}"),
        ("{five_hour}\u202e", 12, "U+202E cannot be shown", "Remove"),
        ("a\x1b[31m{five_hour}", 2, "U+001B cannot be shown", "Remove"),
        ("{five_hour}\u200b", 12, "U+200B cannot be shown", "Remove"),
        ("\u05d0{five_hour}", 1, "U+05D0 cannot be shown", "Remove"),
        ("e\u0301{five_hour}", 2, "U+0301 cannot be shown", "Remove"),
        ("{plan}" * MAX_TEXT, MAX_TEXT, "longer than", "Shorten"),
        ("{plan}{five_hour.__class__}", 7, "unknown placeholder", ""),
        ("{0.__class__.__init__.__globals__}", 1, "unknown placeholder", ""),
        ("{view.settings}", 1, "unknown placeholder", ""),
        ("{five_hour!r}", 1, "unknown placeholder", ""),
        ("{five_hour:>99999999}", 1, "unknown placeholder", ""),
        ("{five_hour.number}", 1, "unknown placeholder", ""),
    ],
)
def test_a_bad_format_is_refused_with_its_place(
    text: str, column: int, what: str, fix: str
) -> None:
    """S10: unknown names, walks along attributes, conversions and unbalanced signs.

    Each fix is a sentence: for two it said "Write, for example, add a }, or write {{ for a brace."
    """
    with pytest.raises(FormatError) as caught:
        compile_format(text)
    assert caught.value.column == column
    assert what in str(caught.value)
    assert fix in caught.value.fix
    assert sentence(caught.value.fix) == caught.value.fix, (
        "it would stand behind 'Write, for example'"
    )


def test_too_many_groups_in_one_another_are_refused() -> None:
    """A prompt walks groups by recursion; the depth is bounded where the format is read."""
    deep = "[x" * MAX_DEPTH + "{plan}" + "]" * MAX_DEPTH
    with pytest.raises(FormatError, match="too many groups") as caught:
        compile_format(deep)
    assert caught.value.fix == "Use fewer."
    fits = "[x" * (MAX_DEPTH - 1) + "{plan} " + "] " * (MAX_DEPTH - 1)
    assert names(compile_format(fits)) == ["plan"]


def test_variation_selectors_go_without_a_word() -> None:
    """An emoji is often pasted with a selector, which has no width of its own."""
    assert compile_format("⚡\ufe0f{five_hour}")[0] == ("t", "⚡")


@given(text=formats, stdin=distorted(STDIN), width=st.integers(1, 120), wide=st.booleans())
@example(text="{five_hour}\ue000", stdin={}, width=40, wide=True)
@settings(max_examples=examples(400))
def test_every_accepted_format_gives_a_whole_line(
    text: str, stdin: object, width: int, *, wide: bool
) -> None:
    """S09, S10, S30: never raises, never empty, printable, within the width."""
    try:
        nodes = compile_format(text)
    except FormatError:
        return
    chosen = Settings()
    chosen.formats = {"default": nodes}
    chosen.show, chosen.reset = ("remaining", "clock") if wide else ("used", "countdown")
    chosen.ascii = not wide
    snapshot = Snapshot()
    for window in MAIN_WINDOWS:
        snapshot.windows[window] = Observation(window, "5h", 61, NOW + 600, NOW - 700, "api")
    (parts,) = lay_out(View(snapshot, stdin, chosen, NOW), "plain", width)
    shown = "".join(part for _role, part in parts)
    assert all(map(is_shown, shown))
    assert 0 < cells(parts) <= width
    assert wide or shown.isascii()


@given(text=formats)
def test_what_compiles_survives_the_way_through_the_file(text: str) -> None:
    """settings.json brings back every format that the compiler accepts, unchanged."""
    chosen = Settings()
    with contextlib.suppress(FormatError):
        chosen.formats = {**chosen.formats, "tmux": compile_format(text)}
    document = parse(json.dumps(chosen.to_json()).encode())
    assert read(document).formats == chosen.formats


@given(text=st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=40))
def test_literal_text_is_shown_as_it_was_written(text: str) -> None:
    """Doubled braces and brackets at the top are themselves."""
    doubled = "".join(char * 2 if char in "{}[]" else char for char in text)
    if sift(text)[1]:
        with pytest.raises(FormatError, match="cannot be shown"):
            compile_format(doubled + "{five_hour}")
        return
    nodes = compile_format(doubled + "{five_hour}")
    assert "".join(content for kind, content in nodes if kind == "t") == text


def test_no_character_is_wider_than_it_is_counted() -> None:
    """S08: of all that a format may hold, what a terminal draws two cells wide counts as two.

    Beyond the first two planes it is ideographs alone: on ordinary days every 64th of them.
    """
    step = 1 if number_of.is_full else 64
    looked_at = (range(0x80, 0x20000), range(0x20000, sys.maxunicode + 1, step))
    wide = [
        char
        for char in map(chr, itertools.chain(*looked_at))
        if unicodedata.east_asian_width(char) in "WF" and sift(char)[0]
    ]
    assert len(wide) > 1000
    assert not [hex(ord(char)) for char in wide if cells([("", char)]) != 2]
