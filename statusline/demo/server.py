"""A usage API on loopback that says what is true at the played moment."""

from __future__ import annotations

import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Self

from statusline.demo import day
from statusline.system import clock

if TYPE_CHECKING:
    from types import TracebackType

PATH = "/api/oauth/usage"


class _Handler(BaseHTTPRequestHandler):
    server: DayServer
    timeout = 10.0

    def do_GET(self) -> None:  # the name is http.server's
        if self.path != PATH:
            self.send_error(404)
            return
        answer = day.reply(clock.now())
        self.server.note()
        if answer.status == 0:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """The picture shows what was answered; a log would run through it."""


class DayServer(socketserver.ThreadingTCPServer):
    """Plays the usage API on a free port of 127.0.0.1; a context manager.

    Not an ``HTTPServer``: that one looks its own name up, which may take seconds.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests = 0

    @property
    def url(self) -> str:
        """The base URL, as ``STATUSLINE_API_URL`` takes it."""
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def note(self) -> None:
        """Count one request."""
        self.requests += 1

    def handle_error(self, *_: object) -> None:
        """A client that was stopped in the middle is no news."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.server_close()
