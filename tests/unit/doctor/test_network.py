"""The way to the API, and what variables change on it."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import trustme

from statusline.doctor import network
from tests.support.checkup import context
from tests.support.server import Answer, UsageServer


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["ok"]),
        ({"HTTPS_PROXY": "http://user:test-pass@proxy:3128"}, ["ok"]),
        ({"REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem"}, ["fail", "ok"]),
        ({"CURL_CA_BUNDLE": "/"}, ["ok"]),
        ({"SSLKEYLOGFILE": "/tmp/keys"}, ["warn"]),
        ({"STATUSLINE_API_URL": "http://127.0.0.1:1"}, ["warn"]),
        ({"STATUSLINE_API_URL": "https://example.org"}, ["fail"]),
    ],
)
def test_d18_variables_on_the_way_to_the_api_are_named(
    home: Path, variables: dict[str, str], expected: list[str]
) -> None:
    """D18: what changes the way is listed by name, never with its value."""
    checks = network.variables(context(home, **variables))
    assert [check.result for check in checks] == expected
    assert all("test-pass" not in str(check) for check in checks)


def test_nothing_is_reached_without_being_asked(home: Path) -> None:
    """Without --online no socket is opened."""
    with UsageServer([Answer()]) as server:
        checks = network.reach(context(home, STATUSLINE_API_URL=server.url))
        assert [check.result for check in checks] == ["skip"]
        assert server.connections == 0


def test_online_tells_an_open_port_from_a_closed_one(home: Path) -> None:
    """The server is connected to and asked nothing; where nobody listens, that is said."""
    with UsageServer([Answer()]) as server:
        url = server.url
        (check,) = network.reach(context(home, "/", True, STATUSLINE_API_URL=url))
        assert check.result == "ok"
        assert server.count == 0
    (check,) = network.reach(context(home, "/", True, STATUSLINE_API_URL=url))
    assert check.result == "fail"
    assert "refused" in check.what


@pytest.mark.parametrize("is_trusted", [True, False])
def test_online_tells_a_certificate_that_is_not_accepted(home: Path, *, is_trusted: bool) -> None:
    """The CA file of requests decides; the fix names it."""
    ca = trustme.CA()
    tls = server_context(ca)
    bundle = home / "ca.pem"
    ca.cert_pem.write_to_path(str(bundle))
    variables = {"REQUESTS_CA_BUNDLE": str(bundle)} if is_trusted else {}
    with UsageServer([Answer()], tls=tls) as server:
        (check,) = network.reach(
            context(home, "/", True, STATUSLINE_API_URL=server.url, **variables)
        )
    assert check.result == ("ok" if is_trusted else "fail")
    assert is_trusted or "REQUESTS_CA_BUNDLE" in check.fix


def server_context(ca: trustme.CA) -> Any:
    """A server context with a certificate of `ca` for loopback."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_online_ends_at_its_deadline(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that never completes a handshake is given up."""
    monkeypatch.setattr(network, "DEADLINE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        (check,) = network.reach(context(home, "/", True, STATUSLINE_API_URL=url))
    assert check.result == "fail"
    assert check.fix
