"""A usage API that misbehaves on demand: raw sockets on loopback, one thread a connection.

``with UsageServer([Answer(429), usage_answer()]) as server:`` then `server.url`, `server.count`,
`server.requests`. Other processes may call it as well: it listens on a port of its own.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from .answers import Answer, gzip_bomb, usage_answer, usage_body
from .patience import LOOK_S, wait_until

__all__ = ["Answer", "Request", "UsageServer", "gzip_bomb", "usage_answer", "usage_body"]


class Request(NamedTuple):
    """One request as it arrived; `at_s` is the server's monotonic clock, names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    at_s: float
    raw: bytes


@dataclass
class UsageServer:
    """Answers from `script` in order, the last one again and again; a context manager.

    `tls` is a server context of the test's own authority. With `accepting=False` the backlog is
    filled at once, so that a further connect never completes.
    """

    script: Sequence[Answer] = field(default_factory=lambda: [usage_answer()])
    tls: ssl.SSLContext | None = None
    accepting: bool = True

    def __post_init__(self) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._taken = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._fillers: list[socket.socket] = []
        self._listener = socket.create_server(
            ("127.0.0.1", 0), backlog=1024 if self.accepting else 0
        )
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """The base URL, without a path."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def count(self) -> int:
        """How many requests arrived whole (request line and headers)."""
        with self._lock:
            return len(self.requests)

    @property
    def is_serving(self) -> bool:
        """Whether any connection is still open on this side."""
        with self._lock:
            return bool(self._open)

    def __enter__(self) -> Self:
        if self.accepting:
            threading.Thread(target=self._accept, daemon=True).start()
        else:
            for _ in range(3):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", self.port))
                self._fillers.append(filler)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with self._lock:
            sockets = [self._listener, *self._fillers, *self._open]
        for each in sockets:
            with contextlib.suppress(OSError):  # wakes a thread that waits in accept or recv
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def wait_for(self, count: int) -> bool:
        """Return once `count` requests have arrived; polls."""
        wait_until(lambda: self.count >= count, f"{count} requests")
        return True

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            # The client may leave or be killed at any byte.
            with contextlib.suppress(OSError, ValueError):
                self._converse(connection)
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _converse(self, connection: socket.socket) -> None:
        if "accept" in ((first := self._answer(take=False)).hang, first.reset):
            self._answer(take=True)
            self._stage(first, "accept", connection)
            return
        stream = connection
        if self.tls is not None:
            stream = self.tls.wrap_socket(connection, server_side=True)
        with stream:
            request = _read_request(stream)
            if request is None:
                return
            with self._lock:
                self.requests.append(request)
            self._reply(stream, self._answer(take=True))

    def _answer(self, *, take: bool) -> Answer:
        with self._lock:
            answer = self.script[min(self._taken, len(self.script) - 1)]
            self._taken += take
        return answer

    def _reply(self, stream: socket.socket, answer: Answer) -> None:
        self._stage(answer, "request", stream)
        if answer.silent:
            return
        if answer.tunnel is not None:
            _join(stream, answer.tunnel)
            return
        if answer.raw is not None:
            stream.sendall(answer.raw)
            return
        while answer.after and not answer.after() and not self._closing.is_set():
            self._closing.wait(LOOK_S)
        self._closing.wait(answer.headers_delay_s)
        self._send(stream, answer.head(), answer.drip_bytes, answer.drip_headers_s)
        self._stage(answer, "headers", stream)
        self._closing.wait(answer.body_delay_s)
        self._send(stream, answer.body, answer.drip_bytes, answer.drip_body_s)
        while answer.endless and not self._closing.is_set():
            stream.sendall(answer.body)
        self._stage(answer, "body", stream)

    def _send(self, stream: socket.socket, data: bytes, size: int, pause_s: float) -> None:
        step = (size or 1) if pause_s else max(len(data), 1)
        for start in range(0, len(data), step):
            stream.sendall(data[start : start + step])
            self._closing.wait(pause_s)

    def _stage(self, answer: Answer, name: str, stream: socket.socket) -> None:
        if answer.hang == name:
            self._closing.wait()
        if answer.reset == name:  # linger 0: close sends RST, data under way is lost
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream.close()
            raise ConnectionResetError


def _read_request(stream: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        block = stream.recv(65536)
        if not block:
            return None
        data += block
    first, *lines = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    return Request(method, path, headers, time.monotonic(), data)


def _join(client: socket.socket, address: tuple[str, int]) -> None:
    """Carry bytes both ways until both sides are done, as a CONNECT proxy does."""
    with socket.create_connection(address) as target:
        client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        back = threading.Thread(target=_pump, args=(target, client), daemon=True)
        back.start()
        _pump(client, target)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(65536):
            sink.sendall(block)
        sink.shutdown(socket.SHUT_WR)
