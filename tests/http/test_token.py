"""The token leaves the client in one request to one host, and nowhere else."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from statusline.login.secret import Secret
from statusline.refresh.api import fetch_usage
from tests.support.client import AGENT, TOKEN, answer_to, ask, raw
from tests.support.server import Answer, UsageServer, usage_answer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_d14_a_redirect_is_not_followed(status: int) -> None:
    """The place a redirect names is never asked, so nothing secret can follow it there."""
    with UsageServer() as target:
        to = (("Location", f"{target.url}/api/oauth/usage"),)
        outcome = answer_to(Answer(status, b"", headers=to))
        assert (outcome.kind, outcome.status) == ("http_error", status)
        assert (target.count, target.connections) == (0, 0)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "/api/oauth/usage", "http://[", ""])
def test_d14_an_odd_redirect_is_an_error_like_any_other(location: str) -> None:
    """A loop, a file URL or nonsense in Location changes nothing: one request."""
    with UsageServer([Answer(302, b"", headers=(("Location", location),))]) as server:
        outcome = ask(server)
        assert (outcome.kind, outcome.status, server.count) == ("http_error", 302, 1)


def test_d23_a_cookie_is_not_sent_back() -> None:
    """S21: what a server sets is forgotten at once."""
    good = usage_answer()
    cookie = (("Set-Cookie", "id=1; Path=/"), ("Set-Cookie", "id2=\xff"))
    with UsageServer([Answer(200, good.body, headers=cookie), good]) as server:
        assert [ask(server).kind, ask(server).kind] == ["ok", "ok"]
        assert "cookie" not in server.requests[1].headers


BAD_TOKENS = {
    "newline": TOKEN + "\r\nX: 1",
    "accent": TOKEN + "é",
    "surrogate": TOKEN + "\ud800",
    "space": TOKEN + " x",
    "empty": "",
    "long": TOKEN * 200,
}


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def test_s18_a_token_that_cannot_be_sent_is_not_tried(token: str) -> None:
    """An exception of requests would quote it, so requests never sees it."""
    with UsageServer() as server:
        outcome = fetch_usage(server.url, Secret(token), user_agent=AGENT)
        assert (outcome.kind, server.connections) == ("bad_token", 0)
    assert TOKEN not in repr(outcome)


@pytest.fixture
def _logged_at_debug() -> Iterator[None]:
    """Everything that requests and urllib3 would log."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    yield
    root.setLevel(before)


@pytest.mark.usefixtures("_logged_at_debug")
@pytest.mark.parametrize(
    "answer",
    [
        usage_answer(),
        Answer(401, TOKEN.encode()),
        Answer(reset="request"),
        Answer(200, b"{}", length=99),
        raw(b"HTTP/1.1 200 OK\r\nbroken header"),
        Answer(302, b"", headers=(("Location", f"http://{TOKEN}/"),)),
    ],
    ids=["ok", "echoed", "reset", "short", "header", "redirect"],
)
def test_s18_the_token_shows_nowhere(
    answer: Answer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the outcome, a log record, stdout or stderr, even where the server sends it back."""
    outcome = answer_to(answer)
    captured = capfd.readouterr()
    assert TOKEN not in repr(outcome)
    assert captured.out + captured.err == ""
    assert "urllib3" in caplog.text
    assert TOKEN not in caplog.text


def test_d24_a_connection_is_used_once() -> None:
    """A server that keeps it open is not waited for, and no later request goes through it."""
    with UsageServer([Answer(body=usage_answer().body, hang="body")]) as server:
        assert [ask(server).kind, ask(server).kind] == ["ok", "ok"]
        assert (server.count, server.connections) == (2, 2)
