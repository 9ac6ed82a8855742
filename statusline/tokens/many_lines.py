"""Many lines of transcripts, decoded as fast as can be; the only importer of msgspec.

Only what is counted is decoded; ``line`` reads again what does not look like that.
"""

from __future__ import annotations

import msgspec

from statusline.tokens import line
from statusline.tokens.line import Response


class _Writes(msgspec.Struct, gc=False):
    ephemeral_5m_input_tokens: int = 0
    ephemeral_1h_input_tokens: int = 0


class _Usage(msgspec.Struct, gc=False):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0
    cache_creation: _Writes | None = None
    speed: str | None = None
    iterations: msgspec.Raw = msgspec.Raw()


class _Message(msgspec.Struct, gc=False):
    id: str | None = None
    model: str | None = None
    usage: _Usage | None = None


class _Line(msgspec.Struct, gc=False):
    type: str | None = None
    timestamp: str | None = None
    sessionId: str | None = None  # noqa: N815  # Claude Code's names
    requestId: str | None = None  # noqa: N815
    requestRef: str | None = None  # noqa: N815
    uuid: str | None = None
    cwd: str | None = None
    isSidechain: bool | None = None  # noqa: N815
    message: _Message | None = None


_decode = msgspec.json.Decoder(_Line).decode


def parse(data: bytes | bytearray) -> Response | None:
    """Return the same as ``line.parse``."""
    try:
        found = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return line.parse(data)
    return line.response(found)
