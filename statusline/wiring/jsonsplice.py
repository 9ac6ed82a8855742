"""Splice one member of a JSON object in its text, without dumping the rest anew.

Everything that is not the member keeps its bytes: order, indentation, line ends, numbers as
they were written. Standard JSON only: a file with comments is refused, not guessed at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

_SPACE = " \t\r\n"
_DECODER = json.JSONDecoder()


class SpliceError(Exception):
    """The text is not a JSON object; ``line`` (from 1) is where, ``str`` is what, in words."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


@dataclass(frozen=True)
class Member:
    """One member of the object: its key, its value, and offsets into the text (half-open)."""

    key: str
    value: object
    gap: int
    start: int
    colon_end: int
    value_start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A JSON object in its text: where it begins and ends, and its members as they stand."""

    text: str
    inside: int
    close: int
    members: tuple[Member, ...]

    def find(self, key: str) -> Member | None:
        """Return the member that counts: of several with one key, the last one."""
        return next((each for each in reversed(self.members) if each.key == key), None)

    def raw(self, member: Member) -> str:
        """Return a member's value as it is written."""
        return self.text[member.value_start : member.end]


def parse(text: str) -> Document:
    """Return the object in ``text``; raise ``SpliceError`` with the line where it is none."""
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise _error(text, at, "an object was expected, `{`")
    inside = gap = at + 1
    members: list[Member] = []
    at = _skip(text, inside)
    while text[at : at + 1] != "}" or members:
        member = _member(text, gap, at)
        members.append(member)
        at = _skip(text, member.end)
        if text[at : at + 1] == "}":
            break
        if text[at : at + 1] != ",":
            raise _error(text, at, "a comma or `}` was expected")
        gap = at + 1
        at = _skip(text, gap)
        if text[at : at + 1] == "}":
            raise _error(text, at, "there is an extra comma before `}`")
    end = _skip(text, at + 1)
    if end != len(text):
        raise _error(text, end, "something follows the object")
    return Document(text, inside, at, tuple(members))


def _member(text: str, gap: int, start: int) -> Member:
    if text[start : start + 1] != '"':
        raise _error(text, start, 'a key in `"` was expected')
    key, key_end = _decode(text, start)
    colon = _skip(text, key_end)
    if text[colon : colon + 1] != ":":
        raise _error(text, colon, "a colon was expected")
    value_start = _skip(text, colon + 1)
    value, end = _decode(text, value_start)
    return Member(str(key), value, gap, start, key_end, value_start, end)


def _decode(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _error(text, error.pos, error.msg.lower().removesuffix(" at")) from None
    except (RecursionError, ValueError):
        raise _error(text, at, "the value is nested too deeply or too long") from None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _error(text: str, at: int, what: str) -> SpliceError:
    if text.startswith(("//", "/*", "#"), _skip(text, at)):
        at, what = _skip(text, at), "there is a comment, which JSON does not allow"
    elif at >= len(text):
        what = "the text ends too early"
    return SpliceError(what, text.count("\n", 0, at) + 1)


def put(text: str, key: str, value: object) -> str:
    """Return ``text`` with ``key`` set to ``value``, laid out as its surroundings are.

    A member that is there keeps its place; a new one comes last.
    """
    document = parse(text)
    member = document.find(key)
    if member is not None:
        written = _dump(value, _indent(document, member))
        return put_raw(document, member, written)
    name = json.dumps(key)
    if document.members:
        last = document.members[-1]
        before, colon = text[last.gap : last.start], text[last.colon_end : last.value_start]
        written = _dump(value, _indent(document, last))
        return f"{text[: last.end]},{before}{name}{colon}{written}{text[last.end :]}"
    line_end = _line_end(text)
    rest = text[document.inside :]
    tail = "" if "\n" in text[document.inside : document.close] else line_end
    written = _dump(value, f"{line_end}  ")
    return f"{text[: document.inside]}{line_end}  {name}: {written}{tail}{rest}"


def put_raw(document: Document, member: Member, written: str) -> str:
    """Return the text with the value of ``member`` replaced by ``written``, which is JSON."""
    return document.text[: member.value_start] + written + document.text[member.end :]


def drop(document: Document, member: Member) -> str:
    """Return the text without ``member``, its comma and the white space before it."""
    text, members = document.text, document.members
    at = members.index(member)
    if at > 0:
        return text[: members[at - 1].end] + text[member.end :]
    if len(members) > 1:
        return text[: member.start] + text[members[1].start :]
    return text[: document.inside] + text[member.end :].lstrip(_SPACE)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indent(document: Document, member: Member) -> str:
    """Return what stands before a member: a line end and white space, or "" on one line."""
    before = document.text[member.gap : member.start]
    line_end, _newline, spaces = before.rpartition("\n")
    if not _newline:
        return ""
    return ("\r\n" if line_end.endswith("\r") else "\n") + spaces


def _dump(value: object, indent: str) -> str:
    """Return ``value`` as JSON whose own lines start with ``indent``; on one line for ""."""
    if not indent:
        return json.dumps(value, ensure_ascii=False)
    step = "\t" if "\t" in indent else indent.lstrip("\r\n") or "  "
    return json.dumps(value, ensure_ascii=False, indent=step).replace("\n", indent)
