"""A line of a transcript: the answer of the API that it repeats.

Claude Code writes a line for each block of an answer, with the usage of the whole answer in each
(docs/claude-code.md 7). ``json`` reads a few lines in less time than ``many_lines`` is loaded.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from statusline.tokens.counts import FAST, LONG, LONG_PROMPT, SIDECHAIN

#: Stands in each line that can count, and in few others. Inside a text it would have backslashes.
NEEDLE = b'"input_tokens"'
#: Stands among the parts of an answer that asked another model for advice.
_ADVICE = b'"advisor_message"'
#: Answers that Claude Code makes up itself.
SYNTHETIC = "<synthetic>"
#: A number of tokens beyond this is nonsense, as is a moment outside of these years (epoch s).
MOST_TOKENS = 10**12
_EARLIEST_S, _LATEST_S = 946_684_800, 7_258_118_400
#: A longer name is cut.
_MOST_CHARS = 200
_SECOND = datetime.timedelta(seconds=1)
#: Claude Code writes 2026-11-20T10:00:55.048Z.
_SECONDS = {f"{second:02}.": second for second in range(60)}
_USUAL_CHARS = 24
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class BadLineError(ValueError):
    """A line that should count and cannot be read."""


class Response(NamedTuple):
    """An answer as one line has it.

    ``message`` and ``request`` name it, "" where the line does not say; ``at_s`` is in epoch s,
    ``total`` is all of its tokens; ``kind`` is the sum of what applies of ``counts.FAST``,
    ``LONG`` and ``SIDECHAIN``. ``advice`` is what other models used that were asked meanwhile.
    """

    total: int
    message: str
    request: str
    at_s: int
    kind: int
    session: str
    model: str
    cwd: str
    advice: tuple[Response, ...]
    input: int
    output: int
    write_5m: int
    write_1h: int
    read: int


class Writes(NamedTuple):
    """Cache writes by how long they are kept; these four classes are named as in the line."""

    ephemeral_5m_input_tokens: int = 0
    ephemeral_1h_input_tokens: int = 0


class Usage(NamedTuple):
    """What an answer used; ``iterations`` is JSON."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0
    cache_creation: Writes | None = None
    speed: str | None = None
    iterations: bytes = b""


class Message(NamedTuple):
    """The answer itself."""

    id: str | None = None
    model: str | None = None
    usage: Usage | None = None


class Line(NamedTuple):
    """What is looked at of a line."""

    type: str | None = None
    timestamp: str | None = None
    sessionId: str | None = None  # noqa: N815  # Claude Code's names
    requestId: str | None = None  # noqa: N815
    requestRef: str | None = None  # noqa: N815
    uuid: str | None = None
    cwd: str | None = None
    isSidechain: bool | None = None  # noqa: N815
    message: Message | None = None


_NO_WRITES = Writes()


def parse(data: bytes | bytearray) -> Response | None:
    """Return the answer that a line repeats, ``None`` for a line that does not count.

    Raises ``BadLineError`` where it cannot be told, or not when. Bytes that are no UTF-8, and
    values of other types, are no reason not to count the rest.
    """
    try:
        value = json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise BadLineError from None
    if not isinstance(value, dict):
        return None

    def text(name: str) -> str | None:
        return _text(value.get(name))

    line = Line(
        text("type"), text("timestamp"), text("sessionId"), text("requestId"), text("requestRef"),
        text("uuid"), text("cwd"), value.get("isSidechain") is True, _message(value),
    )  # fmt: skip
    return response(line)


def response(line: Any) -> Response | None:
    """Return the answer of what has the form of a ``Line``, as ``parse`` does."""
    message = line.message
    if line.type != "assistant" or message is None or message.usage is None:
        return None
    if message.model == SYNTHETIC:
        return None
    usage = message.usage
    given, output, write_5m, write_1h, read = _counts(usage)
    prompt = given + write_5m + write_1h + read
    kind = (LONG if prompt > LONG_PROMPT else 0) + (SIDECHAIN if line.isSidechain else 0)
    found = Response(
        prompt + output,
        (message.id or (f"uuid {line.uuid}" if line.uuid else ""))[:_MOST_CHARS],
        (line.requestId or line.requestRef or "")[:_MOST_CHARS],
        _moment(line.timestamp or ""),
        kind + (FAST if usage.speed == "fast" else 0),
        line.sessionId or "",
        message.model or "",
        line.cwd or "",
        (),
        given,
        output,
        write_5m,
        write_1h,
        read,
    )
    if _ADVICE in bytes(usage.iterations):
        found = found._replace(advice=tuple(_advice(found, bytes(usage.iterations))))
    return found


def _advice(found: Response, iterations: bytes) -> Iterator[Response]:
    """Yield what was used by models that were asked for advice: no part of the answer's usage."""
    try:
        parts = json.loads(iterations.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return
    for part in parts:
        model = _text(part.get("model")) if isinstance(part, dict) else None
        if model is None or part.get("type") != "advisor_message":
            continue
        given, output, write_5m, write_1h, read = _counts(_usage(part))
        prompt = given + write_5m + write_1h + read
        yield found._replace(
            total=prompt + output,
            kind=found.kind & SIDECHAIN | (LONG if prompt > LONG_PROMPT else 0),
            model=model,
            input=given,
            output=output,
            write_5m=write_5m,
            write_1h=write_1h,
            read=read,
        )


def _counts(usage: Any) -> tuple[int, int, int, int, int]:
    """Return the tokens as ``counts.Tokens`` has them; what is nonsense counts as 0."""
    writes = usage.cache_creation or _NO_WRITES
    write_5m, write_1h = writes.ephemeral_5m_input_tokens, writes.ephemeral_1h_input_tokens
    given, output = usage.input_tokens, usage.output_tokens
    written, read = usage.cache_creation_input_tokens, usage.cache_read_input_tokens
    if not (
        0 <= given <= MOST_TOKENS
        and 0 <= output <= MOST_TOKENS
        and 0 <= write_5m <= MOST_TOKENS
        and 0 <= write_1h <= MOST_TOKENS
        and 0 <= written <= MOST_TOKENS
        and 0 <= read <= MOST_TOKENS
    ):
        counts = (given, output, write_5m, write_1h, written, read)
        given, output, write_5m, write_1h, written, read = map(_sane, counts)
    if written > write_5m + write_1h:
        write_5m = written - write_1h
    return given, output, write_5m, write_1h, read


def _sane(count: int) -> int:
    return count if 0 <= count <= MOST_TOKENS else 0


def _moment(text: str) -> int:
    """Return the epoch seconds of an ISO 8601 time, which is UTC where it names no zone."""
    seconds = _SECONDS.get(text[17:20])
    if seconds is not None and len(text) == _USUAL_CHARS and text[-1] == "Z":
        return _minute(text[:17]) + seconds
    return _any_moment(text)


@functools.lru_cache(maxsize=8)
def _minute(text: str) -> int:
    """Return the epoch seconds at the start of a minute, of which a session has many answers."""
    return _any_moment(f"{text}00Z")


def _any_moment(text: str) -> int:
    try:
        found = datetime.datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=datetime.UTC)
        moment = (found - _EPOCH) // _SECOND
    except (ValueError, OverflowError):
        raise BadLineError from None
    if not _EARLIEST_S <= moment < _LATEST_S:
        raise BadLineError
    return moment


def _message(line: dict[str, Any]) -> Message | None:
    message = line.get("message")
    if not isinstance(message, dict):
        return None
    given = message.get("usage")
    usage = _usage(given) if isinstance(given, dict) else None
    return Message(_text(message.get("id")), _text(message.get("model")), usage)


def _usage(given: dict[str, Any]) -> Usage:
    parts, writes = given.get("cache_creation"), None
    if isinstance(parts, dict):
        writes = Writes(*(_count(parts.get(name)) for name in Writes._fields))
    iterations = given.get("iterations")
    return Usage(
        _count(given.get("input_tokens")),
        _count(given.get("output_tokens")),
        _count(given.get("cache_creation_input_tokens")),
        _count(given.get("cache_read_input_tokens")),
        writes,
        _text(given.get("speed")),
        json.dumps(iterations).encode() if isinstance(iterations, list) else b"",
    )


def _text(value: object) -> str | None:
    """Return a text that SQLite takes, too: JSON may hold halves of characters."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None


def _count(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _sane(value) if type(value) is int else 0
