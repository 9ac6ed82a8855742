"""A block goes into a file of lines and out again; every byte of the user's stays (I11)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from statusline.wiring import block

LINES = ("if true; then", "  . hook", "fi")
ENDS = st.sampled_from([b"\n", b"\r\n"])
#: Lines of any bytes, empty ones and old Mac line ends among them.
LINE = st.binary(max_size=6).map(lambda data: data.replace(b"\n", b""))
NAMES = st.permutations(["zsh", "p10k"]).flatmap(
    lambda names: st.integers(1, 2).map(lambda count: names[:count])
)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A file of lines, with or without an end of its last one, and what an editor makes of it.

    The edit changes, adds or removes lines before the last one.
    """
    end = draw(ENDS)
    *lines, last = draw(st.lists(LINE, min_size=1, max_size=4))
    last += draw(st.sampled_from([b"", end]))
    edited = draw(st.just(lines) | st.lists(LINE, max_size=4))
    return (
        b"".join(line + end for line in lines) + last,
        b"".join(line + end for line in edited) + last,
    )


def installed(data: bytes, names: list[str]) -> bytes:
    """The file with the blocks, put in one after the other."""
    for name in names:
        data = block.put(data, name, LINES)
    return data


@given(pair=files(), names=NAMES, step=st.sampled_from([1, -1]))
@example(pair=(b"mine", b"first\nmine"), names=["zsh", "p10k"], step=1)
@example(pair=(b"mine\r", b"mine\r"), names=["zsh"], step=1)
def test_an_edited_file_ends_as_it_did_before_us(
    pair: tuple[bytes, bytes], names: list[str], step: int
) -> None:
    """It would have caught the line end that uninstall left behind after an edit elsewhere."""
    before, edited = pair
    data = edited + installed(before, names)[len(before) :]
    again = block.put(data, names[0], LINES)
    assert again == data
    for name in names[::step]:
        data = block.drop(data, name)
    assert data == edited


@given(pair=files(), names=NAMES, tail=st.binary(min_size=1, max_size=9))
def test_what_follows_the_block_stays_a_line_of_its_own(
    pair: tuple[bytes, bytes], names: list[str], tail: bytes
) -> None:
    """Lines added at the end are not joined to the last one of before, and lose nothing."""
    before, edited = pair
    data = edited + installed(before, names)[len(before) :] + tail
    for name in names:
        data = block.drop(data, name)
    joint = b"" if before[-1:] in (b"", b"\n") else b"\n"
    assert data == edited + joint + tail


@given(pair=files(), names=NAMES)
def test_all_line_ends_changed_by_an_editor_make_no_difference(
    pair: tuple[bytes, bytes], names: list[str]
) -> None:
    """A file saved with CRLF throughout ends as it would have without us."""
    before = pair[0].replace(b"\r", b"")
    data = installed(before, names).replace(b"\n", b"\r\n")
    for name in names:
        data = block.drop(data, name)
    assert data == before.replace(b"\n", b"\r\n")


@given(pair=files())
def test_a_block_is_found_where_it_was_put(pair: tuple[bytes, bytes]) -> None:
    """What stands before it is untouched, and the lines are all there."""
    data = block.put(pair[0], "bash", LINES)
    start, end = block.find(data, "bash") or (0, 0)
    assert data.startswith(pair[0])
    assert start - len(pair[0]) in (0, 1)
    assert end == len(data)
    assert b"\n".join(line.encode() for line in LINES) in data[start:]


def test_a_block_without_its_end_is_named() -> None:
    """Nothing is cut out of a file whose block was cut apart."""
    data = b"a\n" + block.put(b"", "bash", LINES).rpartition(b"# <<<")[0]
    for action in (block.find, block.drop):
        with pytest.raises(block.BlockError) as caught:
            action(data, "bash")
        assert caught.value.line == 2
