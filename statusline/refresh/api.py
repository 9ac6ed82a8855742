"""The API client: one GET, one deadline, one ``Outcome``; the only importer of requests.

Import it when a call is due and not before: requests costs 80 ms.
"""

from __future__ import annotations

import http.client
import re
import ssl
import threading
from typing import TYPE_CHECKING

import requests
from requests import exceptions as errors

from statusline.refresh import endpoint
from statusline.refresh.outcome import BODY_LIMIT, HttpAnswer, Outcome, classify, failure
from statusline.system import clock, environ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.login.secret import Secret

#: What the refresher calls itself where no version was seen on stdin.
DEFAULT_USER_AGENT = endpoint.user_agent()
USAGE_PATH, PROFILE_PATH = "/api/oauth/usage", "/api/oauth/profile"

_HEADERS = {
    "anthropic-beta": "oauth-2025-04-20",
    "Content-Type": "application/json",
    "Accept": "application/json",
}
_CHUNK = 16 * 1024
_BROKEN_HTTP = (
    errors.ChunkedEncodingError,
    errors.ContentDecodingError,
    errors.InvalidHeader,
    http.client.HTTPException,
)


def fetch_usage(
    url: str,
    token: Secret,
    *,
    user_agent: str = DEFAULT_USER_AGENT,
    deadline_s: float = 10.0,
) -> Outcome:
    """Ask the API at the base ``url`` once for the usage; never raises, never takes longer.

    ``deadline_s`` covers name lookup, connect, TLS, headers and body together, which the timeouts
    of requests do not (docs/decisions.md 10). A ``user_agent`` that cannot be sent is replaced.
    """
    return _fetch(url, USAGE_PATH, token, user_agent, deadline_s)


def fetch_profile(
    url: str,
    token: Secret,
    *,
    user_agent: str = DEFAULT_USER_AGENT,
    deadline_s: float = 10.0,
) -> Outcome:
    """Ask once for the profile (docs/claude-code.md 8.5), under the terms of ``fetch_usage``.

    The body holds a name and an e-mail address: see ``account_plan.parse``.
    """
    return _fetch(url, PROFILE_PATH, token, user_agent, deadline_s)


def certificates() -> str:
    """The file of authorities that is trusted where no variable names another."""
    return str(requests.utils.DEFAULT_CA_BUNDLE_PATH)


def _fetch(url: str, path: str, token: Secret, user_agent: str, deadline_s: float) -> Outcome:
    if not endpoint.allowed(url):
        return failure("bad_api_url")
    if not token.is_sendable():
        return failure("bad_token")
    # urllib3 would write the connection's keys there, which open a recording of it, and the token.
    environ.forget("SSLKEYLOGFILE")
    if re.fullmatch(r"[\x21-\x7e][\x20-\x7e]{0,255}", user_agent) is None:
        user_agent = DEFAULT_USER_AGENT
    request = requests.Request(
        "GET",
        url.rstrip("/") + path,
        headers={**_HEADERS, "User-Agent": user_agent},
        auth=_Bearer(token),
    )
    return _within(deadline_s, request)


class _Bearer(requests.auth.AuthBase):
    """The token as requests wants it: given as ``auth``, no .netrc entry can take its place."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


def _within(deadline_s: float, request: requests.Request) -> Outcome:
    """Run the request in a thread, since nothing else can bound a name lookup that hangs.

    The thread is left behind when the time is over: it is a daemon, and the process ends soon.
    """
    found: list[HttpAnswer | Outcome] = []
    worker = threading.Thread(target=_exchange, args=(request, deadline_s, found), daemon=True)
    try:
        worker.start()
    except RuntimeError:
        return failure("unreachable", detail="no thread could be started for the request")
    worker.join(deadline_s)
    # Parsed here, not in the thread, whose stack is small on some systems.
    last = found[-1] if found else failure("unreachable", detail=f"no answer in {deadline_s:g} s")
    return classify(last, clock.now()) if isinstance(last, HttpAnswer) else last


def _exchange(
    request: requests.Request, timeout_s: float, found: list[HttpAnswer | Outcome]
) -> None:
    """Send ``request`` and append what comes of it; the last entry is the fullest.

    Not with ``Session.send``, only with the transport below it: that follows no redirect (even when
    told not to, a session reads the whole body of one) and keeps no cookie.
    """
    try:
        with requests.Session() as session:
            session.headers.clear()  # requests' own; http.client then asks for an unpacked body
            # Plain HTTP is for loopback only and must not pass a proxy.
            session.trust_env = request.url.startswith("https:")
            settings = session.merge_environment_settings(request.url, {}, None, None, None)
            with session.get_adapter(request.url).send(
                session.prepare_request(request),
                stream=True,
                timeout=2 * timeout_s,  # the deadline is kept outside; this ends the thread
                verify=settings["verify"] or True,
                proxies=settings["proxies"],
            ) as response:
                _receive(response, found)
    except Exception as error:  # noqa: BLE001  # its text may hold the token: only its type counts
        found.append(_failed(error, None))


def _receive(response: requests.Response, found: list[HttpAnswer | Outcome]) -> None:
    headers = response.raw.headers
    head = HttpAnswer(
        response.status_code,
        b"",
        headers.getlist("Retry-After"),
        headers.get("Date"),
        headers.get("Content-Type", ""),
        "cf-mitigated" in headers,
    )
    if head.status != 200:
        found.append(head)  # a refusal is one, whatever becomes of its body
    body = bytearray()
    try:
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > BODY_LIMIT:
                break
    except Exception as error:  # noqa: BLE001  # as above
        if head.status == 200:
            found.append(_failed(error, 200))
        return
    found.append(head._replace(body=bytes(body)))


def _failed(error: Exception, status: int | None) -> Outcome:
    """The outcome of an exception before (``status`` None) or after the headers.

    Told from its type and the types of what led to it, never from its text.
    """
    chain = list(_chain(error))

    def has(*types: type[BaseException]) -> bool:
        return any(isinstance(each, types) for each in chain)

    kind = "unreachable"
    if has(errors.ProxyError, errors.InvalidProxyURL, errors.InvalidSchema):
        kind = "proxy"
    elif has(ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):  # the built-in one
        pass
    elif status is None and (has(errors.SSLError) or type(error) is OSError):
        kind = "certificate"  # a bare OSError: there is no such CA bundle
    elif has(*_BROKEN_HTTP) or (status is not None and not has(errors.RequestException)):
        kind = "malformed"  # urllib3 lets a ValueError through for a chunk of negative size
    return failure(kind, status)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
