"""Traps of a line's own: how writes and other numbers are told, odd values, odd bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support.transcript_lines import HAIKU, LONG_FROM, Counts, dumped

if TYPE_CHECKING:
    from tests.support.transcripts import Corpus, Session


def _with_usage(line: dict[str, Any], **changes: Any) -> dict[str, Any]:
    usage = line["message"]["usage"] | changes
    return line | {"message": line["message"] | {"usage": usage}}


def _split(write_5m: object, write_1h: object) -> dict[str, object]:
    return {"ephemeral_5m_input_tokens": write_5m, "ephemeral_1h_input_tokens": write_1h}


def _booked(corpus: Corpus, session: Session, counts: Counts, **changes: Any) -> None:
    """Write a response whose usage differs by ``changes`` and is worth ``counts``."""
    response = corpus.response(counts=counts)
    session.write(_with_usage(session.line(response), **changes))
    session.count(response)


def cache_writes(corpus: Corpus) -> None:
    """Both kinds of cache writes in one response; the sum without its parts."""
    session = corpus.session()
    session.add(corpus.response(counts=Counts(3, 40, 200, 700, 9000)))
    response = corpus.response(counts=Counts(3, 40, 900, 0, 9000))
    line = session.line(response)
    del line["message"]["usage"]["cache_creation"]
    session.write(line)
    session.count(response)


def cache_writes_split_zero(corpus: Corpus) -> None:
    """The parts are 0 beside a sum that is not: the sum counts (2.1.328 writes such lines)."""
    session = corpus.session()
    _booked(corpus, session, Counts(1200, 12, 300, 0, 9000), cache_creation=_split(0, 0))
    _booked(corpus, session, Counts(1200, 12, 300, 0, 9000), cache_creation=None)
    _booked(corpus, session, Counts(1200, 12, 300, 0, 9000), cache_creation={})


def cache_writes_split_part(corpus: Corpus) -> None:
    """The parts are less than the sum: the rest counts as kept for 5 minutes."""
    session = corpus.session()
    _booked(corpus, session, Counts(10, 20, 250, 50, 0), cache_creation=_split(100, 50))


def fast_mode(corpus: Corpus) -> None:
    """The fast mode of a model has a price of its own."""
    session = corpus.session()
    session.add(corpus.response(is_fast=True))
    session.add(corpus.response())


def long_prompts(corpus: Corpus) -> None:
    """A prompt is long from the first token after 100,000 on; what comes out does not count."""
    session = corpus.session()
    for read in (LONG_FROM - 30, LONG_FROM - 29):
        session.add(corpus.response(counts=Counts(10, 5000, 10, 10, read)))


def no_speed(corpus: Corpus) -> None:
    """Older versions tell no speed, no parts, no server tools."""
    session = corpus.session()
    response = corpus.response(counts=Counts(10, 20, 30, 0, 40))
    usage = response.usage()
    for name in ("speed", "cache_creation", "server_tool_use", "service_tier"):
        del usage[name]
    line = session.line(response)
    session.write(line | {"message": line["message"] | {"usage": usage}, "version": "1.0.80"})
    session.count(response)


def null_fields(corpus: Corpus) -> None:
    """Fields may be null: the speed, the number of cache reads, the directory."""
    session = corpus.session()
    _booked(corpus, session, Counts(10, 20, 0, 0, 40), speed=None)
    _booked(corpus, session, Counts(10, 20, 30, 0, 0), cache_read_input_tokens=None)
    response = corpus.response()
    session.write(session.line(response) | {"cwd": None, "version": None})
    session.count(response)


def null_in_a_tool_call(corpus: Corpus) -> None:
    """What a tool is called with may hold any field, and null in it."""
    session = corpus.session()
    response = corpus.response()
    line = session.line(response)
    call = {"type": "tool_use", "id": "toolu_1", "name": "x", "input": {"id": None, "model": None}}
    line["message"]["content"] = [call]
    session.write(line)
    session.count(response)


def empty_ids(corpus: Corpus) -> None:
    """An empty request id is none."""
    session = corpus.session()
    response = corpus.response(request="")
    session.write(*(session.line(response) | {"requestId": ""} for _ in range(2)))
    session.count(response)


def odd_version(corpus: Corpus) -> None:
    """Whatever stands as the version."""
    session = corpus.session()
    for version in ("dev", "", 3):
        response = corpus.response()
        session.write(session.line(response) | {"version": version})
        session.count(response)


def no_numbers(corpus: Corpus) -> None:
    """What is no whole number from 0 on counts as 0, the other fields as they are."""
    session = corpus.session()
    for odd in (-3, 1.5, "12", None, True, [1], {"a": 1}):
        _booked(corpus, session, Counts(10, 0, 0, 0, 40), output_tokens=odd)
    _booked(corpus, session, Counts(0, 20, 0, 0, 40), input_tokens="many")
    _booked(corpus, session, Counts(7, 20, 30, 0, 0), cache_creation=_split("x", -1))


def no_usage(corpus: Corpus) -> None:
    """A usage that is no object, or no message at all: nothing to count."""
    session = corpus.session()
    session.add(corpus.response())
    line = session.line(corpus.response())
    usages: tuple[object, ...] = (None, [], "none", 0)
    for usage in usages:
        session.write(line | {"message": line["message"] | {"usage": usage}})
    messages: tuple[object, ...] = (None, [], "Hello", {})
    for message in messages:
        session.write(line | {"message": message})


def odd_types(corpus: Corpus) -> None:
    """Only answers of the assistant count."""
    session = corpus.session()
    session.add(corpus.response())
    line = session.line(corpus.response())
    for kind in ("user", "assistant2", None, 5, ["assistant"]):
        session.write(line | {"type": kind})


def odd_moments(corpus: Corpus) -> None:
    """A moment may have any offset, or no fraction; one that is none has no day to count on."""
    session = corpus.session()
    for moment in ("2026-11-05T00:30:00+02:00", "2026-11-04T22:30:00Z", "2026-11-04T22:30:00.5Z"):
        at_s = 1793831400.5 if ".5" in moment else 1793831400.0
        response = corpus.response(at_s=at_s)
        session.write(session.line(response) | {"timestamp": moment})
        session.count(response)
    for odd in ("yesterday", "", None, "2026-13-45T99:99:99Z"):
        session.write(session.line(corpus.response()) | {"timestamp": odd})
    line = session.line(corpus.response())
    del line["timestamp"]
    session.write(line)
    corpus.bad_lines += 5


def spaces(corpus: Corpus) -> None:
    """JSON may have spaces, and its keys any order."""
    session = corpus.session()
    response = corpus.response()
    session.write(json.dumps(session.line(response)).encode() + b"\n")
    session.count(response)
    other = corpus.response()
    session.write(dict(reversed(session.line(other).items())))
    session.count(other)


def unfinished(corpus: Corpus) -> None:
    """A line that is just being written does not count yet; a whole last one does."""
    session = corpus.session()
    session.add(corpus.response())
    session.write(dumped(session.line(corpus.response()))[:-20])
    other, response = corpus.session(), corpus.response()
    other.write(dumped(other.line(response))[:-1])
    other.count(response)


def odd_bytes(corpus: Corpus) -> None:
    """Empty lines, other line ends, what is no JSON: the lines beside it count."""
    session = corpus.session()
    for junk in (
        b"\n\n",
        b"\r\n",
        b"not JSON\n",
        b"[]\n",
        b"null\n",
        b'"text"\n',
        b"{}\n",
        b"12\n",
    ):
        session.add(corpus.response())
        session.write(junk)
    response = corpus.response()
    session.write(dumped(session.line(response))[:-1] + b"\r\n")
    session.count(response)
    session.write(b"\0" * 5000 + b"\n", b'{"type":"assistant","message":{"usage":{"in\n')
    session.write(b"[" * 3000 + b"\n", b'{"a":' * 3000 + b"\n")
    session.add(corpus.response(HAIKU))


def bad_text(corpus: Corpus) -> None:
    """Text that is no UTF-8, or half of a surrogate pair: the numbers beside it are good."""
    session = corpus.session()
    for broken in (b"\xff\xfe", b"\\ud83d", b"\xed\xa0\x80"):
        response = corpus.response()
        session.write(dumped(session.line(response)).replace(b"Hello", broken))
        session.count(response)


def long_lines(corpus: Corpus) -> None:
    """One line of many megabytes."""
    session = corpus.session()
    for _ in range(2):
        response = corpus.response()
        session.write(dumped(session.line(response)).replace(b"Hello", b"h" * 3_000_000))
        session.count(response)


ODDITIES: tuple[Callable[[Corpus], None], ...] = (
    cache_writes, cache_writes_split_zero, cache_writes_split_part, fast_mode, long_prompts,
    no_speed, null_fields, null_in_a_tool_call, empty_ids, odd_version, no_numbers, no_usage,
    odd_types, odd_moments, spaces, unfinished, odd_bytes, bad_text, long_lines,
)  # fmt: skip
