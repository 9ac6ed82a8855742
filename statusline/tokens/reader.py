"""A transcript read from an offset on: each answer in it once, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from statusline.tokens.counts import SIDECHAIN
from statusline.tokens.line import NEEDLE, BadLineError, Response

#: Read at a time, in bytes: what a core keeps close.
CHUNK_BYTES = 1 << 18
#: A line longer than this is passed over. An answer is never so long, a pasted picture may be.
MOST_LINE_BYTES = 32 << 20
#: A part ends after so many bytes, so that what is known of a large file can be kept in between.
PART_BYTES = 32 << 20

#: ``line.parse``, or the same of ``many_lines``.
Parse = Callable[[bytes | bytearray], Response | None]


class Part(NamedTuple):
    """What a stretch of a transcript holds.

    ``responses`` are the answers by message and request, each as the line with most tokens has
    it. At ``offset`` begins the first line that may not be whole yet; up to ``end`` the file was
    looked at, and what stands between them was counted where ``is_open``. ``bad_lines`` could not
    be read; ``is_last`` says that the file ended here.
    """

    responses: dict[tuple[str, str], Response]
    offset: int
    end: int
    bad_lines: int
    is_open: bool
    is_last: bool


def read(handle: int, name: str, offset: int, parse: Parse) -> Part:
    """Return what the open transcript ``name`` holds from ``offset`` on; raise ``OSError``."""
    answers = _Answers(name, parse)
    window = _Window(handle, offset)
    while window.advance():
        for begin, line in window.lines():
            answers.take(line, begin)
        if window.handed_out - offset >= PART_BYTES and not window.is_passing:
            bad_lines = window.passed + answers.bad_lines
            ends = (window.handed_out, window.handed_out)
            return Part(answers.by_name, *ends, bad_lines, is_open=False, is_last=False)
    bad_lines = window.passed + answers.bad_lines
    begin, rest = window.rest()
    is_open = NEEDLE in rest and answers.take(rest, begin)
    ends = (begin, window.end)
    return Part(answers.by_name, *ends, bad_lines, is_open=is_open, is_last=True)


class _Answers:
    """The answers of the lines that were handed over, by message and request."""

    def __init__(self, name: str, parse: Parse) -> None:
        self._name = name
        self._parse = parse
        self.by_name: dict[tuple[str, str], Response] = {}
        self.bad_lines = 0

    def take(self, line: bytes | bytearray, offset: int) -> bool:
        """Take in the line that begins at ``offset``; tell whether it counts."""
        try:
            found = self._parse(line)
        except BadLineError:
            self.bad_lines += 1
            return False
        if found is None:
            return False
        message = found.message or f"line {self._name}:{offset}"
        self._keep((message, found.request), found)
        for number, each in enumerate(found.advice):
            self._keep((f"{message} advice {number}", found.request), each)
        return True

    def _keep(self, key: tuple[str, str], found: Response) -> None:
        known = self.by_name.setdefault(key, found)
        if known is not found and _order(found) < _order(known):
            self.by_name[key] = found


def _order(response: Response) -> tuple[int, int, int]:
    """Return what is the lowest for the line that counts: most tokens, no sidechain, earliest."""
    return -response.total, response.kind & SIDECHAIN, response.at_s


class _Window:
    """A stretch of a file in memory, from ``begin`` on, which moves forward by whole lines.

    A line that does not fit into ``MOST_LINE_BYTES`` is passed over and counted.
    """

    def __init__(self, handle: int, begin: int) -> None:
        self._handle = handle
        self._buffer = bytearray(CHUNK_BYTES)
        self._have = 0
        self._whole = 0
        self.begin = begin
        self.passed = 0
        self._passing_from: int | None = None

    @property
    def is_passing(self) -> bool:
        """Whether it stands within a line that is passed over."""
        return self._passing_from is not None

    @property
    def handed_out(self) -> int:
        """Up to where its lines were handed out, once ``lines`` has come to its end."""
        return self.begin + self._whole

    @property
    def end(self) -> int:
        """Up to where the file was read."""
        return self.begin + self._have

    def advance(self) -> bool:
        """Read on, past the lines that were handed out; tell whether there was more."""
        self._drop(self._whole)
        if self._have == len(self._buffer):
            if self._have < MOST_LINE_BYTES:
                self._buffer.extend(bytes(self._have))
            else:
                self._passing_from = self.begin if not self.is_passing else self._passing_from
                self._drop(self._have)
        with memoryview(self._buffer) as view:
            count = os.preadv(self._handle, [view[self._have :]], self.end)
        before, self._have = self._have, self._have + count
        self._whole = self._buffer.rfind(b"\n", before, self._have) + 1
        if self._whole and self.is_passing:
            self._passing_from = None
            self.passed += 1
            self._drop(self._buffer.find(b"\n", 0, self._have) + 1)
        return count > 0

    def _drop(self, count: int) -> None:
        if count:
            self._buffer[: self._have - count] = self._buffer[count : self._have]
            self.begin, self._have = self.begin + count, self._have - count
            self._whole = max(0, self._whole - count)

    def lines(self) -> Iterator[tuple[int, bytearray]]:
        """Yield each whole line that may count, with the offset at which it begins."""
        buffer, whole = self._buffer, self._whole
        at = buffer.find(NEEDLE, 0, whole)
        while at >= 0:
            first, last = buffer.rfind(b"\n", 0, at) + 1, buffer.find(b"\n", at, whole)
            yield self.begin + first, buffer[first:last]
            at = buffer.find(NEEDLE, last, whole)

    def rest(self) -> tuple[int, bytes]:
        """Return what stands after the last whole line, and where; nothing of a line passed."""
        if self._passing_from is not None:
            return self._passing_from, b""
        return self.begin, bytes(self._buffer[: self._have])
