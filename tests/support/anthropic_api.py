"""A loopback stand-in for the Messages API, good enough for the real Claude Code to talk to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

REPLY = "Hello from the stand-in."
#: What every reply is said to have cost, in tokens.
TOKENS = {
    "input_tokens": 1200,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 118_500,
    "output_tokens": 12,
}


class MessagesApi:
    """Answers every message with `reply` and the rate-limit headers of docs/claude-code.md 4.2.

    `windows` maps a window of the headers ("5h", "7d") to its utilization from 0 to 1 and the
    seconds left until it resets; without any, the headers are absent. `asked` has the messages of
    each request as JSON. A context manager.
    """

    def __init__(
        self, windows: Mapping[str, tuple[float, float]] | None = None, reply: str = REPLY
    ) -> None:
        self.windows = dict(windows or {})
        self.reply = reply
        self.paths: list[str] = []
        self.asked: list[str] = []
        stand_in = self

        class Handler(_Handler):
            api = stand_in

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """The base URL, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def count(self, start: str) -> int:
        """How many requests came for a path that begins with `start`."""
        return sum(path.startswith(start) for path in self.paths)

    def headers(self) -> dict[str, str]:
        """The rate-limit headers of a reply sent now."""
        names = {"unified-status": "allowed"} if self.windows else {}
        for window, (utilization, left_s) in self.windows.items():
            names[f"unified-{window}-status"] = "allowed"
            names[f"unified-{window}-utilization"] = f"{utilization:g}"
            names[f"unified-{window}-reset"] = str(int(time.time() + left_s))
        return {f"anthropic-ratelimit-{name}": value for name, value in names.items()}


class _Handler(BaseHTTPRequestHandler):
    api: MessagesApi
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Keep the test's output clean."""

    def do_HEAD(self) -> None:  # the name that http.server looks for
        self._answer(404, b"", "application/json", {})

    def do_GET(self) -> None:  # the name that http.server looks for
        self._answer(404, b"{}", "application/json", {})

    def do_POST(self) -> None:  # the name that http.server looks for
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.path.startswith("/v1/messages") or "count_tokens" in self.path:
            self._answer(404, b"{}", "application/json", {})
            return
        request = json.loads(body)
        self.api.asked.append(json.dumps(request.get("messages")))
        message = _message(str(request.get("model")), self.api.reply)
        if request.get("stream"):
            text, kind = _events(message), "text/event-stream"
        else:
            text, kind = json.dumps(message), "application/json"
        self._answer(200, text.encode(), kind, self.api.headers())

    def _answer(self, status: int, body: bytes, kind: str, headers: Mapping[str, str]) -> None:
        self.api.paths.append(self.path)
        self.send_response(status)
        for name, value in {**headers, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _message(model: str, reply: str) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": reply}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": TOKENS,
    }


def _events(message: dict[str, Any]) -> str:
    """The same message as the server-sent events of a streamed reply."""
    (block,) = message["content"]
    ending = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": {**block, "text": ""}},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": block["text"]},
        },
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ending, "usage": {"output_tokens": 12}},
        {"type": "message_stop"},
    ]
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
