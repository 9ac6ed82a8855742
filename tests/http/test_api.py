"""The usage API client: what it asks, whom, and how it names each answer."""

from __future__ import annotations

import pytest

from statusline.login.secret import Secret
from statusline.refresh import api, endpoint
from statusline.refresh.outcome import BODY_LIMIT
from tests.support.client import AGENT, TOKEN, answer_to, ask, page, refusal
from tests.support.server import Answer, UsageServer, usage_answer


def test_a_good_answer_is_one_request_with_exactly_the_documented_headers() -> None:
    """One GET of the path, with the headers of docs/claude-code.md 8.1 and no others."""
    with UsageServer([usage_answer(61, 22)]) as server:
        outcome = ask(server)
        (request,) = server.requests
    assert (outcome.kind, outcome.status, outcome.retry_after_s) == ("ok", 200, None)
    assert outcome.body is not None
    assert outcome.body["five_hour"]["utilization"] == 61  # type: ignore[index]
    assert (request.method, request.path) == ("GET", "/api/oauth/usage")
    assert request.headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept-encoding": "identity",
        "authorization": f"Bearer {TOKEN}",
        "anthropic-beta": "oauth-2025-04-20",
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": AGENT,
    }


@pytest.mark.parametrize("agent", ["claude-code/1\r\nX-Evil: 1", "", "a" * 300, "ünicode"])
def test_a_user_agent_that_cannot_be_sent_is_replaced(agent: str) -> None:
    """A user agent from stdin or the config breaks neither the request nor its headers."""
    with UsageServer() as server:
        outcome = api.fetch_usage(server.url, Secret(TOKEN), user_agent=agent)
        (request,) = server.requests
    assert outcome.kind == "ok"
    assert request.headers["user-agent"] == api.DEFAULT_USER_AGENT
    assert "x-evil" not in request.headers


SCOPE = "OAuth token does not meet scope requirement user:profile"


EXPIRED = "OAuth token has expired. Please obtain a new token or refresh your existing token."


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(refusal(401, "authentication_error", EXPIRED), "unauthorized", id="E07"),
        pytest.param(Answer(401, b""), "unauthorized", id="E07-empty"),
        pytest.param(page(401), "unauthorized", id="E07-page"),
        pytest.param(refusal(403, "permission_error", SCOPE), "scope", id="E08-scope"),
        pytest.param(refusal(401, "permission_error", SCOPE), "scope", id="E07-scope"),
        pytest.param(refusal(403, "forbidden", "Request not allowed"), "forbidden", id="E08-403"),
        pytest.param(Answer(403, b""), "forbidden", id="E08-403-empty"),
        pytest.param(refusal(404, "not_found_error", "no"), "http_error", id="E08-404"),
        pytest.param(Answer(410), "http_error", id="E08-410"),
        pytest.param(Answer(426), "http_error", id="E08-426"),
        pytest.param(refusal(429, "rate_limit_error", "Rate limited."), "rate_limited", id="E05"),
        pytest.param(page(429), "rate_limited", id="E05-page"),
        pytest.param(refusal(500, "api_error", "scope"), "server_error", id="E06-500"),
        pytest.param(Answer(502, b""), "server_error", id="E06-502"),
        pytest.param(Answer(503, b"{}"), "server_error", id="E06-503"),
        pytest.param(Answer(504, b""), "server_error", id="E06-504"),
        pytest.param(refusal(529, "overloaded_error", "busy"), "server_error", id="E06-529"),
        pytest.param(page(200), "malformed", id="D19"),
        pytest.param(page(403), "blocked", id="D20-403"),
        pytest.param(page(503, size=2_000_000), "blocked", id="D20-503"),
        pytest.param(page(520, size=2_000_000), "server_error", id="D20-520"),
        pytest.param(
            Answer(403, b"{}", headers=(("cf-mitigated", "challenge"),)), "blocked", id="D20-cf"
        ),
        pytest.param(Answer(204, b"", length=-1), "malformed", id="D21-204"),
        pytest.param(Answer(206, usage_answer().body), "malformed", id="D21-206"),
        pytest.param(Answer(304, b"", length=-1), "malformed", id="D21-304"),
        pytest.param(Answer(200, b""), "malformed", id="D21-200"),
        pytest.param(Answer(103, b""), "http_error", id="D12-103"),
    ],
)
def test_each_status_is_told_apart(answer: Answer, kind: str) -> None:
    """The kind follows from status and shape; nothing the server wrote reaches the sentence."""
    outcome = answer_to(answer)
    assert (outcome.kind, outcome.status, outcome.body) == (kind, answer.status, None)
    assert 0 < len(outcome.detail) < 120
    for text in ("moment", "expired. Please", "not allowed", "Rate limited.", "busy", "req_1"):
        assert text not in outcome.detail


#: As Claude Code gets them with its messages; the usage endpoint sends none (2026-11).
LIMIT_HEADERS = (
    ("anthropic-ratelimit-unified-status", "rejected"),
    ("anthropic-ratelimit-unified-5h-utilization", "1.5"),
    ("anthropic-ratelimit-unified-5h-reset", "never"),
    ("anthropic-ratelimit-unified-reset", "9" * 400),
)


@pytest.mark.parametrize("status", [200, 429], ids=["E14-200", "E14-429"])
def test_limits_in_the_headers_change_nothing(status: int) -> None:
    """Only the body tells of usage: headers beside it are neither needed nor believed."""
    body = usage_answer(61, 22).body
    answers = [Answer(status, body, headers=headers) for headers in ((), LIMIT_HEADERS)]
    without, beside = map(answer_to, answers)
    assert without == beside
    assert without.kind == ("ok" if status == 200 else "rate_limited")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[]", id="list"),
        pytest.param(b"61", id="number"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"a":', id="cut"),
        pytest.param(b"[" * 100_000, id="F13-deep"),
        pytest.param(b'{"a":' * 100_000, id="F13-deep-objects"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="F13-long-number"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', id="BOM"),
        pytest.param('{"a":1}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"a":"\xff"}', id="not-UTF-8"),
        pytest.param(b'{"a":"' + b"x" * BODY_LIMIT + b'"}', id="too-long"),
    ],
)
def test_a_200_that_is_no_json_object_in_utf_8_is_malformed(body: bytes) -> None:
    """Only a bounded JSON object counts as an answer."""
    outcome = answer_to(Answer(200, body))
    assert (outcome.kind, outcome.status) == ("malformed", 200)


@pytest.mark.parametrize("charset", ["utf-7", "idna", "x-bogus", "utf-16", "\xff"])
def test_d22_the_content_type_decides_nothing(charset: str) -> None:
    """A charset that lies does not change how the body is decoded."""
    kind = (("Content-Type", f"text/html; charset={charset}"),)
    outcome = answer_to(Answer(200, '{"name":"é+AGE-"}'.encode(), headers=kind))
    assert (outcome.kind, outcome.body) == ("ok", {"name": "é+AGE-"})


def test_nan_and_infinity_in_the_body_become_text() -> None:
    """F01: what JSON does not know is no number, and not null either: null says "there is none"."""
    outcome = answer_to(Answer(200, b'{"a":NaN,"b":-Infinity,"c":[Infinity]}'))
    assert outcome.body == {"a": "NaN", "b": "-Infinity", "c": ["Infinity"]}


@pytest.mark.parametrize(
    ("values", "wait_s"),
    [
        pytest.param(["0"], None, id="E01"),
        pytest.param(["3037"], 3037.0, id="E02"),
        pytest.param(["Thu, 20 Nov 2026 10:10:00 GMT"], 600.0, id="E03-wrong-weekday"),
        pytest.param(["999999999"], 21600.0, id="E04"),
        pytest.param(["٣".encode()], None, id="E04-digits"),
        pytest.param(["60", "90"], None, id="E04-two"),
        pytest.param(["9" * 10_000], None, id="E04-10-kB"),
        pytest.param(["<script>"], None, id="E04-nonsense"),
        pytest.param([], None, id="E05"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_read_from_the_answer(
    status: int, values: list[str | bytes], wait_s: float | None
) -> None:
    """E06: on 429 and 5xx alike, relative to the answer's Date, nonsense is as good as absent."""
    date = ("Date", "Fri, 20 Nov 2026 10:00:00 GMT")
    headers = (date, *(("Retry-After", value) for value in values))
    outcome = answer_to(Answer(status, b"{}", headers=headers))
    assert (outcome.status, outcome.retry_after_s) == (status, wait_s)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.anthropic.com",
        "https://api.anthropic.com.example",
        "https://api.anthropic.com:444",
        "https://user@api.anthropic.com",
        "http://127.0.0.1@example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1\\@example.com",
        "http://127.0.0.1:80:81",
        "http://127.0.0.1/path",
        "http://127.0.0.1?x",
        "http://127.0.0.1\n",
        "http://localhost.example",
        "http://0.0.0.0",
        "http://192.168.0.1",
        "file:///etc/passwd",
        "",
    ],
)
def test_s20_the_token_goes_to_no_other_host(url: str) -> None:
    """Only the API's own address and loopback are allowed; the rest is refused unasked."""
    assert not endpoint.allowed(url)
    assert ask(url).kind == "bad_api_url"


@pytest.mark.parametrize("url", ["http://localhost:8", "https://[::1]:8/", endpoint.DEFAULT_URL])
def test_s20_the_api_and_loopback_are_allowed(url: str) -> None:
    """The three ways in which a loopback host is written, and the real one."""
    assert endpoint.allowed(url)
