"""A member is spliced into JSON text; every other byte stays (I09)."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from statusline.wiring.jsonsplice import SpliceError, drop, parse, put, put_raw

KEY = "statusLine"
VALUE = {"type": "command", "command": "a 'b' \"c\" ü", "padding": 0}
SPACE = st.text(" \t\r\n", max_size=4)
SCALAR = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False)
)
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@st.composite
def objects(draw: st.DrawFn, *, least: int = 0) -> str:
    """A JSON object with white space wherever it may stand, and keys that may repeat."""
    pairs = draw(st.lists(st.tuples(st.text(max_size=4), JSON), min_size=least, max_size=4))
    members = (
        f"{draw(SPACE)}{json.dumps(key)}{draw(SPACE)}:{draw(SPACE)}"
        f"{json.dumps(value, ensure_ascii=draw(st.booleans()))}{draw(SPACE)}"
        for key, value in pairs
    )
    inside = ",".join(members) or draw(SPACE)
    return f"{draw(SPACE)}{{{inside}}}{draw(SPACE)}"


@given(objects())
def test_a_spliced_object_means_the_old_one_and_the_member(text: str) -> None:
    """What comes out is JSON, with the new value and every other one."""
    assert json.loads(put(text, KEY, VALUE)) == {**json.loads(text), KEY: VALUE}


@given(objects(least=1))
def test_dropping_what_was_put_gives_the_same_text(text: str) -> None:
    """A member that came last goes without a trace, however the text is laid out."""
    document = parse(put(text, KEY, VALUE))
    member = document.find(KEY)
    assert member is not None
    assert drop(document, member) == text


@given(objects(least=1))
def test_what_is_added_meanwhile_stays_as_it_was_written(text: str) -> None:
    """Our member goes without a trace also from a file that was changed behind it."""
    assume(KEY not in text)
    document = parse(put(put(text, KEY, VALUE), "later", 1))
    member = document.find(KEY)
    assert member is not None
    assert drop(document, member) == put(text, "later", 1)


@given(objects(least=1), st.integers(0, 3))
def test_a_value_comes_back_as_it_was_written(text: str, which: int) -> None:
    """Replacing a value and putting the old text back is no change at all."""
    document = parse(text)
    key = document.members[which % len(document.members)].key
    old = document.find(key)
    assert old is not None
    changed = parse(put(text, key, VALUE))
    new = changed.find(key)
    assert new is not None
    assert new.value == VALUE
    assert put_raw(changed, new, document.raw(old)) == text


@given(st.text('{}[]":,/ \n\\at1', max_size=30))
def test_what_is_not_an_object_is_refused_and_the_rest_is_not(text: str) -> None:
    """The check agrees with the standard library about what a JSON object is."""
    try:
        is_object = isinstance(json.loads(text), dict)
    except ValueError:
        is_object = False
    if is_object:
        assert parse(text).text == text
    else:
        with pytest.raises(SpliceError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("{\n  // mine\n}", 2, "comment"),
        ('{\n  "a": 1 /* one */\n}', 2, "comment"),
        ('{\n  "a": 1,\n}', 3, "extra comma"),
        ('{\n  "a": 1\n  "b": 2\n}', 3, "comma or"),
        ('{"a": 1} {}', 1, "something follows"),
        ("[1]", 1, "object"),
        ('{\n"a": 1,\n', 3, "too early"),
        ('{"a": ' + "[" * 100_000, 1, "nested"),
        ("{\n\n'a': 1}", 3, "key"),
        ('{"a": \n"x\ny"}', 2, "control character"),
    ],
)
def test_a_refusal_names_the_line(text: str, line: int, word: str) -> None:
    """The error says where, counted from 1, and what."""
    with pytest.raises(SpliceError, match=word) as caught:
        parse(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{\n  "k": {\n    "v": 1\n  }\n}'),
        ("{\n}\n", '{\n  "k": {\n    "v": 1\n  }\n}\n'),
        ('{"a":1}', '{"a":1,"k":{"v": 1}}'),
        ('{\n\t"a": 1\n}\n', '{\n\t"a": 1,\n\t"k": {\n\t\t"v": 1\n\t}\n}\n'),
        ('{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "k": {\r\n    "v": 1\r\n  }\r\n}'),
        ('{"k": 0, "k": 1}', '{"k": 0, "k": {"v": 1}}'),
    ],
)
def test_a_new_member_looks_like_its_neighbours(before: str, after: str) -> None:
    """Indentation, tabs, line ends and the last of two equal keys are respected."""
    assert put(before, "k", {"v": 1}) == after
