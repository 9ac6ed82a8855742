"""A stand-in for a desktop: a D-Bus of its own, whose notification service notes what it is told.

It speaks as much of the protocol as the real `notify-send` needs, so that no daemon is started.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Any, NamedTuple, Self

from .canary import Scratch

_RETURN, _ERROR = 2, 3
_PATH, _MEMBER, _REPLY_SERIAL, _DESTINATION, _SENDER, _SIGNATURE = 1, 3, 5, 6, 7, 8
_UNKNOWN = "org.freedesktop.DBus.Error.UnknownMethod"


class Shown(NamedTuple):
    """One notification, as the service was told of it."""

    app: str
    summary: str
    body: str


class Desktop:
    """A session bus at `address`; `shown` is what was to be shown, in order.

    With `hangs` it takes every notification and never answers.
    """

    def __init__(self, *, hangs: bool = False) -> None:
        self.shown: list[Shown] = []
        self._hangs = hangs
        self._place = Scratch(prefix="bus-")  # a socket's path is short
        path = f"{self._place.name}/bus"
        self.address = f"unix:path={path}"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._listener.close()
        self._place.cleanup()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller = self._listener.accept()[0]
                threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError, EOFError), caller.makefile("rb") as incoming:
            self._greet(caller, incoming)
            while True:
                self._answer(caller, *_message(incoming))

    @staticmethod
    def _greet(caller: socket.socket, incoming: Any) -> None:
        incoming.read(1)
        while (line := incoming.readline()).strip() != b"BEGIN":
            if not line:
                raise EOFError
            word = line.split()
            if word[0] == b"AUTH" and word[1:2] != [b"EXTERNAL"]:
                caller.sendall(b"REJECTED EXTERNAL\r\n")
            elif word[0] == b"AUTH" and len(word) < 3:
                caller.sendall(b"DATA\r\n")
            elif word[0] in (b"AUTH", b"DATA"):
                caller.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
            else:
                caller.sendall(b"ERROR\r\n")

    def _answer(
        self, caller: socket.socket, serial: int, fields: dict[int, Any], body: bytes
    ) -> None:
        member = fields.get(_MEMBER)
        strings = {
            "Hello": [":1.1"],
            "GetNameOwner": [":1.2"],
            "GetServerInformation": ["desktop", "tests", "1", "1.2"],
        }
        if member == "Notify":
            self._note(body)
            if self._hangs:
                return
            caller.sendall(_reply(serial, "u", struct.pack("<I", 1)))
        elif member == "StartServiceByName":
            caller.sendall(_reply(serial, "u", struct.pack("<I", 2)))
        elif member in strings:
            writer = _Writer()
            for text in strings[member]:
                writer.string(text)
            caller.sendall(_reply(serial, "s" * len(strings[member]), bytes(writer.data)))
        elif member in ("AddMatch", "RemoveMatch"):
            caller.sendall(_reply(serial, "", b""))
        else:
            caller.sendall(_reply(serial, "", b"", error=_UNKNOWN))

    def _note(self, body: bytes) -> None:
        reader = _Reader(body)
        app = reader.string()
        reader.number()  # what it replaces
        reader.string()  # the icon
        self.shown.append(Shown(app, reader.string(), reader.string()))


class _Reader:
    """Little-endian values, each at its alignment."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def align(self, size: int) -> None:
        self.at += -self.at % size

    def take(self, count: int) -> bytes:
        self.at += count
        return self._data[self.at - count : self.at]

    def number(self) -> int:
        self.align(4)
        return int(struct.unpack("<I", self.take(4))[0])

    def string(self) -> str:
        text = self.take(self.number()).decode()
        self.at += 1
        return text

    def signature(self) -> str:
        text = self.take(self.take(1)[0]).decode()
        self.at += 1
        return text


class _Writer:
    """The same in the other direction."""

    def __init__(self) -> None:
        self.data = bytearray()

    def align(self, size: int) -> None:
        self.data += bytes(-len(self.data) % size)

    def number(self, value: int) -> None:
        self.align(4)
        self.data += struct.pack("<I", value)

    def string(self, text: str) -> None:
        self.number(len(text.encode()))
        self.data += text.encode() + b"\0"

    def field(self, code: int, kind: str, value: Any) -> None:
        self.align(8)
        self.data += bytes((code, 1)) + kind.encode() + b"\0"
        if kind == "u":
            self.number(value)
        elif kind == "s":
            self.string(value)
        else:
            self.data += bytes((len(value),)) + value.encode() + b"\0"


def _message(incoming: Any) -> tuple[int, dict[int, Any], bytes]:
    """One message: its serial, its header's fields and its body."""
    start = incoming.read(16)
    if len(start) < 16:
        raise EOFError
    order, _kind, _flags, _version, length, serial, fields_length = struct.unpack("<cBBBIII", start)
    assert order == b"l"
    reader = _Reader(incoming.read(fields_length + -fields_length % 8)[:fields_length])
    fields: dict[int, Any] = {}
    while reader.at < fields_length:
        reader.align(8)
        code = reader.take(1)[0]
        kind = reader.signature()
        fields[code] = {
            "u": reader.number,
            "g": reader.signature,
        }.get(kind, reader.string)()
    return serial, fields, incoming.read(length)


def _reply(serial: int, signature: str, body: bytes, *, error: str = "") -> bytes:
    fields = _Writer()
    fields.field(_REPLY_SERIAL, "u", serial)
    fields.field(_DESTINATION, "s", ":1.1")
    fields.field(_SENDER, "s", "org.freedesktop.DBus")
    if error:
        fields.field(4, "s", error)
    if signature:
        fields.field(_SIGNATURE, "g", signature)
    kind = _ERROR if error else _RETURN
    head = struct.pack("<cBBBIII", b"l", kind, 1, 1, len(body), serial, len(fields.data))
    padding = bytes(-len(fields.data) % 8)
    return head + bytes(fields.data) + padding + body
