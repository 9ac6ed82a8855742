"""What the test server can say: scripted answers, and the bodies worth sending."""

from __future__ import annotations

import datetime
import functools
import json
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Headers = Sequence[tuple[str | bytes, str | bytes]]


@dataclass(frozen=True)
class Answer:
    """What one connection gets. Delays and drips are in seconds.

    `length` is the Content-Length sent: None = the true one, -1 = no such header, else a lie.
    `raw` replaces status line, headers and body; `raw_headers` follows the headers as it is.
    `hang` and `reset` name the stage at which the server falls silent or sends RST: "accept"
    (before TLS and request), "request" (after reading it), "headers", "body".
    `endless` repeats the body for ever. `silent` closes after the request without a byte.
    `after` holds the answer back until it is true.
    `tunnel` answers a CONNECT by joining the client with this (host, port).
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Headers = (("Content-Type", "application/json"),)
    reason: str = "Scripted"
    length: int | None = None
    raw: bytes | None = None
    raw_headers: bytes = b""
    headers_delay_s: float = 0.0
    body_delay_s: float = 0.0
    drip_bytes: int = 0
    drip_headers_s: float = 0.0
    drip_body_s: float = 0.0
    hang: str = ""
    reset: str = ""
    endless: bool = False
    silent: bool = False
    tunnel: tuple[str, int] | None = None
    after: Callable[[], object] | None = None

    def head(self) -> bytes:
        """The status line and headers, with the blank line that ends them."""
        lines = [f"HTTP/1.1 {self.status} {self.reason}".encode("latin-1")]
        lines += [_raw(name) + b": " + _raw(value) for name, value in self.headers]
        if self.length != -1 and not self.endless:
            length = len(self.body) if self.length is None else self.length
            lines.append(b"Content-Length: %d" % length)
        return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n" + self.raw_headers + b"\r\n"


def _raw(text: str | bytes) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text


def usage_body(
    five_hour: float | None = 61,
    seven_day: float | None = 22,
    *,
    now: float | None = None,
    five_hour_left_s: float = 2 * 3600 + 11 * 60,
    seven_day_left_s: float = 4 * 86400,
    scoped: dict[str, float] | None = None,
    **extra: object,
) -> dict[str, object]:
    """A body shaped like the newest real one (docs/claude-code.md 8.2); None makes a bucket null.

    `now` in epoch seconds; `scoped` maps a model's name to its weekly percentage; `extra` keys are
    added as they are.
    """
    start_s = time.time() if now is None else now

    def iso(left_s: float) -> str:
        moment = datetime.datetime.fromtimestamp(start_s + left_s, datetime.UTC)
        return moment.isoformat(timespec="microseconds")

    def bucket(value: float | None, left_s: float) -> object:
        return None if value is None else {"utilization": value, "resets_at": iso(left_s)}

    limits = [
        {
            "kind": "weekly_scoped",
            "group": "weekly",
            "percent": percent,
            "resets_at": iso(seven_day_left_s),
            "scope": {"model": {"id": None, "display_name": name}, "surface": None},
            "is_active": False,
        }
        for name, percent in (scoped or {}).items()
    ]
    return {
        "five_hour": bucket(five_hour, five_hour_left_s),
        "seven_day": bucket(seven_day, seven_day_left_s),
        "seven_day_opus": None,
        "seven_day_sonnet": None,
        "limits": limits,
        **extra,
    }


def usage_answer(five_hour: float | None = 61, seven_day: float | None = 22, **more: Any) -> Answer:
    """A good 200 answer with `usage_body(five_hour, seven_day, **more)`."""
    return Answer(body=json.dumps(usage_body(five_hour, seven_day, **more)).encode())


@functools.cache
def gzip_bomb(decoded_mb: int = 200, layers: int = 1) -> bytes:
    """A gzip stream of `decoded_mb` megabytes of spaces, wrapped `layers` times in all.

    One megabyte is packed; behind a full flush it can stand as often as one likes.
    """
    megabyte, crc = b" " * 1_000_000, 0
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(megabyte) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(decoded_mb):
        crc = zlib.crc32(megabyte, crc)
    head, end = b"\x1f\x8b\x08" + bytes(6) + b"\xff", zlib.compressobj(wbits=-15).flush()
    data = head + packed * decoded_mb + end + struct.pack("<II", crc, decoded_mb * len(megabyte))
    for _ in range(layers - 1):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        data = packer.compress(data) + packer.flush()
    return data
