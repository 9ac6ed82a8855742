"""Servers that stall, drip, break HTTP or send too much: one deadline, bounded memory."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from statusline.refresh import api
from tests.support.client import CHUNKED, answer_to, ask, raw
from tests.support.deadlines import limit_over_when
from tests.support.patience import HANG_S
from tests.support.server import Answer, UsageServer, gzip_bomb, usage_answer


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(hang="accept"), id="D04-accepts"),
        pytest.param(Answer(hang="request"), id="D04-reads"),
        pytest.param(Answer(hang="headers"), id="D04-headers"),
        pytest.param(Answer(headers_delay_s=30), id="D04-slow"),
        pytest.param(Answer(drip_bytes=1, drip_headers_s=0.15), id="D05"),
        pytest.param(Answer(body=b" " * 1000, drip_bytes=1, drip_body_s=0.15), id="D06"),
        pytest.param(Answer(raw=b"", hang="request"), id="D04-raw"),
    ],
)
def test_one_deadline_covers_every_stage(answer: Answer) -> None:
    """A server that stalls or drips anywhere is given up at the deadline."""
    with (
        UsageServer([answer]) as server,
        limit_over_when(api, lambda _: server.connections) as were_set,
    ):
        outcome = ask(server, deadline_s=0.6)
        assert server.count <= 1
    assert were_set == [0.6]
    assert (outcome.kind, outcome.detail) == ("unreachable", "no answer in 0.6 s")


def test_a_drip_does_not_put_off_the_deadline() -> None:
    """On the real clock: the client has ended while the server still sends, byte by byte."""
    endless = Answer(body=b" " * 65536, drip_bytes=1, drip_body_s=0.15)
    assert answer_to(endless, deadline_s=0.6).kind == "unreachable"


def test_d02_a_connect_that_never_completes_ends_at_the_deadline() -> None:
    """A full backlog: the connection is neither made nor refused."""
    with UsageServer(accepting=False) as server, limit_over_when(api, lambda _: True) as were_set:
        outcome = ask(server, deadline_s=0.6)
    assert were_set == [0.6]
    assert outcome.kind == "unreachable"


def test_d01_a_closed_port_is_unreachable_at_once() -> None:
    """A refused connection needs no deadline."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}").kind == "unreachable"


def test_a_refusal_whose_body_never_ends_is_still_that_refusal() -> None:
    """The Retry-After of a 429 counts although its body stalls until the deadline."""
    stalled = Answer(429, b"x" * 50, headers=(("Retry-After", "90"),), length=99, hang="body")
    with limit_over_when(api, lambda given: given[2]):
        outcome = answer_to(stalled)
    assert (outcome.kind, outcome.status, outcome.retry_after_s) == ("rate_limited", 429, 90.0)


def test_d07_an_endless_body_is_cut_at_the_cap() -> None:
    """A body without end is given up by its size, not by the deadline."""
    outcome = answer_to(Answer(200, b" " * 65536, endless=True))
    assert (outcome.kind, outcome.status) == ("malformed", 200)


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        pytest.param(Answer(body=b"{}", length=100), "malformed", id="D09"),
        pytest.param(Answer(body=usage_answer().body, length=2), "malformed", id="D10"),
        pytest.param(
            Answer(headers=CHUNKED, length=-1, body=b"zz\r\n{}\r\n0\r\n\r\n"),
            "malformed",
            id="D11-size",
        ),
        pytest.param(
            Answer(headers=CHUNKED, length=-1, body=b"2\r\n{}\r\n"), "malformed", id="D11-missing"
        ),
        pytest.param(
            Answer(headers=CHUNKED, length=-1, body=b"-5\r\n{}\r\n0\r\n\r\n"),
            "malformed",
            id="D11-negative",
        ),
        pytest.param(
            Answer(headers=CHUNKED, length=-1, body=b"2;" + b"x" * 1_000_000),
            "malformed",
            id="D11-extension",
        ),
        pytest.param(
            raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 500 + b"HTTP/1.1 200 OK", b"<p>"),
            "malformed",
            id="D12-1xx",
        ),
        pytest.param(
            raw(b"HTTP/1.1 200 OK" + b"".join(b"\r\nX-%d: 1" % n for n in range(200))),
            "malformed",
            id="D12-200-headers",
        ),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000), "malformed", id="D12-200-KB"),
        pytest.param(raw(b"HELLO I AM NO SERVER"), "malformed", id="D12-garbage"),
        pytest.param(raw(b"HTTP/1.1 9999 Huge"), "malformed", id="D12-status"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5, 7"), "malformed", id="D12-length"),
        pytest.param(Answer(silent=True), "unreachable", id="D13-closed"),
        pytest.param(Answer(reset="accept"), "unreachable", id="D13-accept"),
        pytest.param(Answer(reset="request"), "unreachable", id="D13-request"),
        pytest.param(Answer(reset="headers", length=9), "unreachable", id="D13-headers"),
        pytest.param(
            Answer(body=b"no gzip", headers=(("Content-Encoding", "gzip"),)),
            "malformed",
            id="D08-bad-gzip",
        ),
        pytest.param(
            Answer(
                body=gzip_bomb(1, 6),
                headers=(("Content-Encoding", ", ".join(["gzip"] * 6)),),
            ),
            "malformed",
            id="D08-six",
        ),
    ],
)
def test_a_broken_answer_is_named_and_never_raises(answer: Answer, kinds: str) -> None:
    """Every way to break HTTP ends in one of two kinds, and not by the deadline."""
    outcome = answer_to(answer)
    assert outcome.kind == kinds
    assert "no answer in" not in outcome.detail


CHILD = """
import resource, sys
from statusline.refresh.api import fetch_usage
from statusline.login.secret import Secret
token = Secret("made-up")
outcome = fetch_usage(sys.argv[1], token, user_agent="test/1", deadline_s=float(sys.argv[2]))
if sys.platform == "linux":  # ru_maxrss there begins with what the parent had at the fork
    with open("/proc/self/status") as file:
        rss_kb = next(line.split()[1] for line in file if line.startswith("VmHWM:"))
else:
    rss_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(outcome.kind, outcome.status, rss_kb)
"""


def child(url: str) -> tuple[list[str], str]:
    """What a fresh process prints about one call: [kind, status, peak RSS in kB] and stderr."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, url, str(HANG_S)],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    return done.stdout.split(), done.stderr


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(200, gzip_bomb(), (("Content-Encoding", "gzip"),)), id="D08"),
        pytest.param(
            Answer(200, gzip_bomb(200, 2), (("Content-Encoding", "gzip, gzip"),)), id="D08-nested"
        ),
        pytest.param(
            Answer(302, gzip_bomb(), (("Content-Encoding", "gzip"), ("Location", "/x"))),
            id="D08-redirect",
        ),
        pytest.param(Answer(200, b" " * 65536, endless=True), id="D07"),
        pytest.param(
            Answer(headers=CHUNKED, length=-1, body=b"5;" + b"x" * 65536, endless=True), id="D11"
        ),
    ],
)
def test_a_bomb_costs_less_than_60_mb(answer: Answer) -> None:
    """Peak RSS of a whole process that is sent 200 MB or more."""
    with UsageServer([answer]) as server:
        (kind, _, rss_kb), errors = child(server.url)
    assert kind in {"malformed", "http_error"}
    assert int(rss_kb) < 60_000
    assert errors == ""


def test_f12_a_broken_header_puts_nothing_on_stderr() -> None:
    """urllib3 warns about it and would quote what the server sent."""
    with UsageServer([raw(b"HTTP/1.1 200 OK\r\nno colon \x1b[31m")]) as server:
        _, errors = child(server.url)
    assert errors == ""
