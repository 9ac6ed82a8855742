"""Documents of Claude Code's stdin that are almost a recorded one: what a matcher may fall for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from hypothesis import strategies as st

Edit = Callable[[bytes], bytes]

_NUMBER = re.compile(rb"(?<=[:,\[])-?\d[\d.eE+-]*")
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"')
_MEMBER = re.compile(rb'"\w+":(?:"[^"]*"|[\d.]+|\{[^{}]*\}|true|false|null)')
#: What JSON calls a number, and what it does not.
NUMBERS = (b"0", b"-0", b"7", b"14478", b"1.25", b"2E9", b"-3.25e-7", b"1e400", b"9" * 19)
NO_NUMBERS = (
    *(b"", b"-", b"00", b"01", b"1.", b".5", b"+1", b"1e", b"1e+", b"--1", b"0x1", b"NaN", b"1_0"),
    *(
        b"Infinity",
        b"null",
        b"true",
        b'"1"',
        b"[1]",
        b"{}",
        b"1 ",
        b" 1",
        b"1\n",
        b"1,2",
        b"9" * 40,
    ),
    *(b"1}", b'1},"cost":{"total_cost_usd":1', b'1,"model":{"display_name":"Sonnet"}', b"9" * 5000),
)
TEXTS = (
    *(b'"x"', b'""', b'"\\u0031"', b'"\\"', b'"total_duration_ms"', b'"\xc3\xa9"', b'"\xff"', b"1"),
    *(b'"056B89A3-C3D0-4BB7-8368-A506072213BE"', b'"056b89a3-c3d0-4bb7-8368-a506072213b\\"'),
    *(b'"-----------------0123456789abcdef---"', b'"{\\"total_cost_usd\\":1}"'),
)
BYTES = (
    b" ",
    b"\n",
    b"\r",
    b"\t",
    b"\0",
    b"\x1b[2J",
    b'"',
    b"\\",
    b",",
    b"}",
    b"{",
    b"\xef\xbb\xbf",
    b"1",
)


def _at(pattern: re.Pattern[bytes], new: Sequence[bytes]) -> st.SearchStrategy[Edit]:
    """Put one of `new` in the place of what the pattern finds somewhere."""

    def edit(place: int, put: bytes) -> Edit:
        def change(data: bytes) -> bytes:
            found = list(pattern.finditer(data))
            if not found:
                return data + put
            start, end = found[place % len(found)].span()
            return data[:start] + put + data[end:]

        return change

    return st.builds(edit, st.integers(0, 99), st.sampled_from(new))


def _swap(one: int, other: int) -> Edit:
    """Let two members change places, or one stand twice."""

    def change(data: bytes) -> bytes:
        found = [each.span() for each in _MEMBER.finditer(data)]
        if len(found) < 2:
            return data
        (start, end), (from_, to) = found[one % len(found)], found[other % len(found)]
        if one % 2:
            return data[:start] + data[from_:to] + b"," + data[start:]
        if end > from_:
            return data
        return data[:start] + data[from_:to] + data[end:from_] + data[start:end] + data[to:]

    return change


def _insert(place: int, put: bytes) -> Edit:
    return lambda data: data[: place % (len(data) + 1)] + put + data[place % (len(data) + 1) :]


def _cut(place: int, count: int) -> Edit:
    def change(data: bytes) -> bytes:
        start = place % (len(data) + 1)
        return data[:start] + data[start + count :]

    return change


_PLACES = st.integers(0, 4000)


def mutations(documents: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """A document after a few edits; half of them only put numbers in the place of numbers."""
    number = _at(_NUMBER, NUMBERS)
    other = st.one_of(
        _at(_NUMBER, NO_NUMBERS),
        _at(_TEXT, TEXTS),
        st.builds(_swap, _PLACES, _PLACES),
        st.builds(_insert, _PLACES, st.sampled_from(BYTES)),
        st.builds(_cut, _PLACES, st.integers(1, 50)),
        st.just(lambda data: data + data),
        st.builds(lambda put: lambda data: data.rstrip(b"\n") + put, st.sampled_from(BYTES)),
        st.just(lambda data: data[:-2] + b"," + data[1:]),
    )
    edits = st.one_of(
        st.lists(number, min_size=1, max_size=2), st.lists(number | other, min_size=1, max_size=3)
    )

    def apply(data: bytes, changes: list[Edit]) -> bytes:
        for change in changes:
            data = change(data)
        return data

    return st.builds(apply, st.sampled_from(documents), edits)


def sweep(document: bytes) -> Iterator[bytes]:
    """The document with each of its numbers, words and members changed alone, and with a tail."""
    for pattern, new in ((_NUMBER, b"7"), (_TEXT, b'"7"'), (_MEMBER, b'"a":7')):
        for found in pattern.finditer(document):
            yield document[: found.start()] + new + document[found.end() :]
    for tail in BYTES:
        yield document.rstrip(b"\n") + tail
