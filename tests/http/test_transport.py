"""TLS, proxies and CA bundles of the environment, and what they must not get."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import pytest
import trustme

from statusline.refresh import api
from tests.support.client import TOKEN, Tls, ask
from tests.support.deadlines import limit_over_when
from tests.support.server import Answer, UsageServer


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_ca_bundle_from_the_environment_is_honoured(
    name: str, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D18: with the authority's file in the variable the server is trusted."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with UsageServer(tls=tls.context()) as server:
        assert ask(server).kind == "certificate"
        monkeypatch.setenv(name, tls.bundle)
        assert ask(server).kind == "ok"
        assert server.count == 1


def test_d15_an_untrusted_certificate_gets_no_request(tls: Tls) -> None:
    """Of another authority, for another host, expired: it ends before any byte of HTTP."""
    foreign = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(foreign)
    expired = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    tls.ca.issue_cert("127.0.0.1", not_after=past).configure_cert(expired)
    for context in (foreign, tls.context("elsewhere.example"), expired):
        with UsageServer(tls=context) as server:
            assert ask(server).kind == "certificate"
            assert (server.connections, server.count) == (1, 0)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_d15_tls_1_0_gets_no_request(tls: Tls) -> None:
    """A server that speaks nothing newer is refused."""
    context = tls.context()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with UsageServer(tls=context) as server:
        assert ask(server).kind in {"certificate", "unreachable"}
        assert server.count == 0


def test_d18_a_ca_bundle_that_is_not_there_is_a_certificate_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A variable that names no file is reported as what it is."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent/ca.pem")
    assert ask("https://127.0.0.1:9").kind == "certificate"


def test_s17_no_key_of_a_connection_is_written_down(
    tls: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SSLKEYLOGFILE a refresh by hand left what decrypts a recording, the token in it."""
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    with UsageServer(tls=tls.context()) as server:
        assert ask(server).kind == "ok"
    assert not log.exists()


def test_d04_a_tls_server_that_never_speaks_ends_at_the_deadline(tls: Tls) -> None:
    """The handshake is covered by the deadline too."""
    with (
        UsageServer([Answer(hang="accept")], tls=tls.context()) as server,
        limit_over_when(api, lambda _: server.connections) as were_set,
    ):
        outcome = ask(server, deadline_s=0.6)
    assert were_set == [0.6]
    assert (outcome.kind, server.count) == ("unreachable", 0)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_d16_https_goes_through_the_proxy_and_only_as_a_tunnel(
    variable: str, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy sees CONNECT and no token; the server behind it answers."""
    with (
        UsageServer(tls=tls.context()) as server,
        UsageServer([Answer(tunnel=("127.0.0.1", server.port))]) as proxy,
    ):
        monkeypatch.setenv(variable, proxy.url)
        assert ask(server).kind == "ok"
        (request,) = proxy.requests
    assert (request.method, request.path) == ("CONNECT", f"127.0.0.1:{server.port}")
    assert TOKEN.encode() not in request.raw
    assert server.count == 1


def test_s21_a_proxys_password_is_the_proxys(tls: Tls, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy gets its own login and no Bearer, the API the Bearer and no other login."""
    with (
        UsageServer(tls=tls.context()) as server,
        UsageServer([Answer(tunnel=("127.0.0.1", server.port))]) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@127.0.0.1:{proxy.port}")
        assert ask(server).kind == "ok"
        at_proxy, at_server = proxy.requests[0].headers, server.requests[0].headers
    assert at_proxy["proxy-authorization"].startswith("Basic ")
    assert "authorization" not in at_proxy
    assert at_server["authorization"] == f"Bearer {TOKEN}"
    assert "proxy-authorization" not in at_server


def test_d16_no_proxy_is_honoured(tls: Tls, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host in NO_PROXY is asked directly."""
    with UsageServer(tls=tls.context()) as server, UsageServer() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert ask(server).kind == "ok"
        assert proxy.connections == 0


def test_d16_plain_loopback_never_goes_to_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TLS a proxy would read the token, so none is used."""
    with UsageServer() as server, UsageServer() as proxy:
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(variable, proxy.url)
        assert ask(server).kind == "ok"
        assert (server.count, proxy.connections) == (1, 0)


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        pytest.param("http://127.0.0.1:1", {"proxy"}, id="closed"),
        pytest.param("socks5://127.0.0.1:1", {"proxy"}, id="socks"),
        pytest.param("http://", {"proxy"}, id="no-host"),
        pytest.param("http://[", {"proxy", "unreachable"}, id="bracket"),
        pytest.param("http://a:port", {"proxy", "unreachable"}, id="port"),
        pytest.param("nonsense://x", {"proxy", "unreachable"}, id="scheme"),
        pytest.param("\x01", {"proxy", "unreachable"}, id="control"),
    ],
)
def test_d16_a_bad_proxy_is_an_outcome(
    value: str, kinds: set[str], tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that is closed, unsupported or nonsense never raises, and the server is not asked."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    with UsageServer(tls=tls.context()) as server:
        assert ask(server).kind in kinds
        assert server.count == 0


@pytest.mark.parametrize("answer", [Answer(407, b""), Answer(502, b"")])
def test_d16_a_proxy_that_refuses_is_named(
    answer: Answer, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused CONNECT is the proxy's trouble, not the network's."""
    with UsageServer(tls=tls.context()) as server, UsageServer([answer]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert ask(server).kind == "proxy"


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_d17_netrc_cannot_replace_the_token(
    secure: bool, tls: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S21: an entry for this very host in ~/.netrc leaves the Bearer as it is."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password wrong\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with UsageServer(tls=tls.context() if secure else None) as server:
        assert ask(server).kind == "ok"
        assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
