"""Calls of the usage API client as several tests make them."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass

import trustme

from statusline.login.secret import Secret
from statusline.refresh.api import fetch_usage
from statusline.refresh.outcome import Outcome

from .canary import token
from .patience import HANG_S
from .server import Answer, UsageServer

TOKEN = token("7f3a")


AGENT = "claude-code/2.1.999"


HTML = (("Content-Type", "text/html; charset=utf-8"),)


CHUNKED = (("Content-Type", "application/json"), ("Transfer-Encoding", "chunked"))


def ask(server: UsageServer | str, deadline_s: float = HANG_S) -> Outcome:
    """One call of the client with the test's token."""
    url = server if isinstance(server, str) else server.url
    return fetch_usage(url, Secret(TOKEN), user_agent=AGENT, deadline_s=deadline_s)


def answer_to(*script: Answer, deadline_s: float = HANG_S) -> Outcome:
    """The outcome of one call to a server with this script; one request and no second."""
    with UsageServer(script) as server:
        outcome = ask(server, deadline_s)
        assert server.count <= 1
    return outcome


def page(status: int, *more: tuple[str, str], size: int = 200) -> Answer:
    """A web page such as captive portals and gateways send."""
    text = b"<!DOCTYPE html><title>Just a moment...</title>" + b"x" * size
    return Answer(status, text, headers=(*HTML, *more))


def refusal(status: int, kind: str, message: str) -> Answer:
    """An error as the API words it (docs/claude-code.md 8.3)."""
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return Answer(status, json.dumps(body).encode())


def raw(head: bytes, body: bytes = b"{}") -> Answer:
    """An answer sent byte for byte."""
    return Answer(raw=head + b"\r\n\r\n" + body)


@dataclass
class Tls:
    """A throw-away authority: its CA file, and server contexts signed by it."""

    ca: trustme.CA
    bundle: str

    def context(self, host: str = "127.0.0.1") -> ssl.SSLContext:
        """A server context with a certificate for `host`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(host).configure_cert(context)
        return context
