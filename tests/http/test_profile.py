"""The second question of the API client: which plan the account has."""

from __future__ import annotations

import pytest

from statusline.login.secret import Secret
from statusline.refresh import account_plan
from statusline.refresh.account_plan import Plan
from statusline.refresh.api import fetch_profile
from statusline.refresh.outcome import Outcome
from tests.support.canary import email
from tests.support.client import AGENT, TOKEN, Tls, page, refusal
from tests.support.patience import HANG_S
from tests.support.server import Answer, UsageServer

NOW = 1_795_176_000.0


def ask(*script: Answer) -> tuple[Outcome, UsageServer]:
    """The outcome of one question, and the server that was asked."""
    with UsageServer(script) as server:
        return fetch_profile(server.url, Secret(TOKEN), user_agent=AGENT, deadline_s=HANG_S), server


def test_the_profile_is_asked_for_like_the_usage() -> None:
    """The same headers, another path (docs/claude-code.md 8.5)."""
    outcome, server = ask(Answer(body=b'{"organization": {}}'))
    assert outcome.kind == "ok"
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/api/oauth/profile")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["anthropic-beta"] == "oauth-2025-04-20"
    assert request.headers["user-agent"] == AGENT


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(401, "authentication_error", "OAuth token has expired."), "unauthorized"),
        (refusal(403, "permission_error", "scope requirement user:profile"), "scope"),
        (Answer(429, headers=[("Retry-After", "300")]), "rate_limited"),
        (page(403, ("cf-mitigated", "challenge")), "blocked"),
        (Answer(302, headers=[("Location", "https://example.org/")]), "http_error"),
        (Answer(404), "http_error"),
        (Answer(500), "server_error"),
        (Answer(silent=True), "unreachable"),
    ],
)
def test_refusals_are_told_apart_as_for_usage(answer: Answer, kind: str) -> None:
    """One classification for both questions."""
    outcome, server = ask(answer)
    assert outcome.kind == kind
    assert server.count == 1


def test_another_host_does_not_get_the_token() -> None:
    """S20: the same gate as for usage."""
    assert fetch_profile("https://example.org", Secret(TOKEN)).kind == "bad_api_url"


def test_tls_is_verified(tls: Tls, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the authority it answers, without it the certificate is refused."""
    with UsageServer([Answer()], tls=tls.context()) as server:
        assert fetch_profile(server.url, Secret(TOKEN)).kind == "ok"
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with UsageServer([Answer()], tls=tls.context()) as server:
        assert fetch_profile(server.url, Secret(TOKEN)).kind == "certificate"


@pytest.mark.parametrize(
    ("kind", "tier", "label"),
    [
        ("claude_max", "default_claude_max_20x", "Max 20x"),
        ("claude_pro", "default_claude_ai", "Pro"),
        ("claude_team", "default_raven", "Team"),
        ("claude_enterprise", "default_claude_ai", "Enterprise"),
        ("something_new", "something_else", ""),
        (None, 7, ""),
    ],
)
def test_the_plan_has_the_name_of_contract_4_4(kind: object, tier: object, label: str) -> None:
    """The live type goes first; unknown is nothing."""
    body: dict[str, object] = {"organization": {"organization_type": kind, "rate_limit_tier": tier}}
    assert account_plan.parse(body, NOW, "00-11").label == label


def test_only_two_words_are_taken_out_of_the_answer() -> None:
    """Names and addresses stand beside them, and may stand in their place."""
    organization = {"name": email("ada"), "organization_type": "Ada Testperson"}
    made = account_plan.parse(
        {"organization": organization, "account": {"email": "a@b"}}, NOW, "00-11"
    )
    assert made == Plan("", "", NOW, "00-11")


def test_a_mark_tells_accounts_apart_without_naming_them() -> None:
    """Salted: the account where it is known, else the token."""
    first = account_plan.mark(Secret("one"), "uuid-a")
    salt = first.partition("-")[0]
    assert account_plan.mark(Secret("two"), "uuid-a", salt) == first
    assert account_plan.mark(Secret("one"), "uuid-b", salt) != first
    assert account_plan.mark(Secret("one"), "", salt) != account_plan.mark(Secret("two"), "", salt)
    assert account_plan.mark(Secret("one"), "uuid-a") != first
    assert "uuid-a" not in first
