"""Made-up responses of the API and the transcript lines that Claude Code writes for them."""

from __future__ import annotations

import datetime
import json
import random
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

#: 2026-11-02T00:00:00Z: from here on the corpus tells of three weeks.
BEGIN_S = 1793577600.0
OPUS, SONNET, HAIKU = "claude-opus-4-8", "claude-sonnet-4-6", "claude-haiku-4-5-20251001"
LONG_FROM = 100_000


class Counts(NamedTuple):
    """Tokens by kind, and how many responses they are the sum of."""

    input: int = 0
    output: int = 0
    write_5m: int = 0
    write_1h: int = 0
    read: int = 0
    responses: int = 0

    @property
    def total(self) -> int:
        """All tokens together."""
        return sum(self[:5])

    @property
    def prompt(self) -> int:
        """What went in: all but the output."""
        return self.total - self.output

    def plus(self, other: Counts) -> Counts:
        """The sum of both."""
        return Counts(*(mine + more for mine, more in zip(self, other, strict=True)))


class Use(NamedTuple):
    """One response as it is to be counted: when (epoch s), by whom, of which model, how much."""

    at_s: float
    project: str
    session: str
    model: str
    is_fast: bool
    counts: Counts

    @property
    def is_long(self) -> bool:
        """Whether the prompt was over 100,000 tokens."""
        return self.counts.prompt > LONG_FROM

    @property
    def day(self) -> str:
        """The day in UTC, such as 2026-11-02."""
        return iso(self.at_s)[:10]


def iso(at_s: float) -> str:
    """Return a moment as Claude Code writes it, such as 2026-11-20T10:00:55.048Z."""
    moment = datetime.datetime.fromtimestamp(at_s, datetime.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


@dataclass(frozen=True)
class Response:
    """One answer of the API; ``request`` is its id, "" where the transcript has none."""

    id: str
    request: str
    at_s: float
    model: str
    counts: Counts
    is_fast: bool = False

    def with_output(self, output: int) -> Response:
        """The same while it was still coming: with so many tokens of output."""
        return replace(self, counts=self.counts._replace(output=output))

    def later(self, seconds: float) -> Response:
        """The same, so much later."""
        return replace(self, at_s=self.at_s + seconds)

    def usage(self) -> dict[str, Any]:
        """The object ``usage`` as Claude Code 2.1.328 writes it."""
        counts = self.counts
        split = {
            "ephemeral_1h_input_tokens": counts.write_1h,
            "ephemeral_5m_input_tokens": counts.write_5m,
        }
        return {
            "input_tokens": counts.input,
            "cache_creation_input_tokens": counts.write_5m + counts.write_1h,
            "cache_read_input_tokens": counts.read,
            "output_tokens": counts.output,
            "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
            "service_tier": "standard",
            "cache_creation": split,
            "speed": "fast" if self.is_fast else "standard",
        }

    def line(self, session: str, number: int, *, is_sidechain: bool = False) -> dict[str, Any]:
        """One line of a transcript; ``number`` makes its uuid."""
        message = {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": [{"type": "text", "text": "Hello – “quoted”,\n\tand more of it."}],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": self.usage(),
        }
        line = {
            "parentUuid": f"00000000-0000-4000-9000-{number:012x}",
            "isSidechain": is_sidechain,
            "message": message,
            "requestId": self.request,
            "type": "assistant",
            "uuid": f"00000000-0000-4000-8000-{number:012x}",
            "timestamp": iso(self.at_s),
            "userType": "external",
            "cwd": "/home/u/work",
            "sessionId": session,
            "version": "2.1.280",
            "gitBranch": "main",
        }
        if not self.request:
            del line["requestId"]
        return line


def by_reference(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as 2.1.328 writes it: ``requestRef`` for ``requestId``, and ``iterations``."""
    parts = with_iterations(line)
    parts["requestRef"] = parts.pop("requestId")
    return parts | {"version": "2.1.328"}


def with_iterations(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line whose usage tells its one part again, as newer versions write it."""
    usage = line["message"]["usage"]
    usage = {**usage, "iterations": [{"type": "message", **usage}]}
    return line | {"message": line["message"] | {"usage": usage}}


def dumped(line: object) -> bytes:
    """Return a line with its newline, written as ``JSON.stringify`` writes it."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def some_counts(rng: random.Random) -> Counts:
    """Return the tokens of one usual response."""
    writes = rng.randint(100, 4000)
    is_1h = rng.random() < 0.5
    return Counts(
        input=rng.randint(1, 2000),
        output=rng.randint(20, 3000),
        write_5m=0 if is_1h else writes,
        write_1h=writes if is_1h else 0,
        read=rng.randint(1000, 90_000),
        responses=1,
    )
