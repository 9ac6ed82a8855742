"""What an HTTP answer means: one status line, some headers and a body become one ``Outcome``.

Pure, and without requests, so that the policy can be tested without a network. Nothing of what
a server wrote goes into ``Outcome.detail`` (F12).
"""

from __future__ import annotations

import datetime
import email.utils
import json
import re
from typing import NamedTuple

from statusline.refresh.limits import MAX_RETRY_AFTER_S
from statusline.system.untrusted import mapping
from statusline.usage.messages import describe

#: Decoded bytes of a body that are read at most; the newest real one has 2.4 kB.
BODY_LIMIT = 256 * 1024
#: Why a login was refused with 403, which is otherwise about the request.
REVOKED = "The login has been revoked."


class Outcome(NamedTuple):
    """One call of the API, classified.

    ``kind`` is a code of ``usage.messages``; ``status`` the HTTP status where one was received;
    ``body`` the JSON object of an "ok"; ``retry_after_s`` above 0 and at most
    ``MAX_RETRY_AFTER_S``, or None; ``detail`` one sentence of ours, without anything from the
    server and without the token.
    """

    kind: str
    status: int | None = None
    body: dict[str, object] | None = None
    retry_after_s: float | None = None
    detail: str = ""


class HttpAnswer(NamedTuple):
    """An HTTP answer as far as it was read: of ``body``, ``BODY_LIMIT`` bytes and one chunk."""

    status: int
    body: bytes
    retry_after: list[str]
    date: str | None
    content_type: str
    challenged: bool


def failure(kind: str, status: int | None = None, detail: str | None = None) -> Outcome:
    """An ``Outcome`` without numbers; ``detail`` replaces the sentence of ``usage.messages``."""
    return Outcome(kind, status, detail=detail or describe(kind)[1])


def classify(reply: HttpAnswer, now_s: float) -> Outcome:
    """What ``reply`` means (docs/claude-code.md 8.3); ``now_s`` (epoch) is for a missing Date."""
    body = decoded(reply.body)
    if reply.status == 200 and body is not None:
        return Outcome("ok", 200, body, None, describe("ok")[1])
    kind = _kind(reply, body)
    detail = REVOKED if kind == "unauthorized" and reply.status == 403 else None
    wait_s = retry_after_s(reply.retry_after, reply.date, now_s)
    return failure(kind, reply.status, detail)._replace(retry_after_s=wait_s)


def decoded(body: bytes) -> dict[str, object] | None:
    """The JSON object in ``body``, None for anything else: too long, not UTF-8, too deep, a list.

    NaN and Infinity, which Python's parser accepts, become text: no number, and not null either,
    which in a body means that there is none of something.
    """
    if len(body) > BODY_LIMIT:
        return None
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def retry_after_s(values: list[str], date_header: str | None, now_s: float) -> float | None:
    """Seconds to wait, above 0 and at most ``MAX_RETRY_AFTER_S`` (E04); None if absent or nonsense.

    ``values`` are all Retry-After headers. A date counts from the answer's own ``date_header``, so
    that a wrong clock here does no harm (E03, G12), else from ``now_s`` (epoch). 0
    was seen together with a lasting limit (docs/claude-code.md 8.3) and is taken for absent.
    """
    texts = {value.strip(" \t") for value in values}
    if len(texts) != 1:
        return None
    text = texts.pop()
    if len(text) > 200 or not text.isascii():
        return None
    if re.fullmatch("[0-9]+", text):
        wait_s = float(int(text))
    else:
        until_s, start_s = _http_date(text), _http_date(date_header or "")
        wait_s = 0.0 if until_s is None else until_s - (now_s if start_s is None else start_s)
    return min(wait_s, MAX_RETRY_AFTER_S) if wait_s > 0 else None


def _http_date(text: str) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return moment.timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _kind(reply: HttpAnswer, body: dict[str, object] | None) -> str:
    status = reply.status
    page = "html" in reply.content_type.lower() or reply.body.lstrip().startswith(b"<")
    if 200 <= status < 300 or status == 304:
        return "malformed"
    if status == 429:
        return "rate_limited"
    message = _message(body)
    if status in (401, 403) and "scope" in message:
        return "scope"
    if status in (400, 401, 403) and "organization has been disabled" in message:
        return "org_disabled"
    if status == 401 or (status == 403 and "token has been revoked" in message):
        return "unauthorized"
    if status in (403, 503) and (reply.challenged or (page and body is None)):
        return "blocked"
    if status == 403:
        return "forbidden"
    return "server_error" if 500 <= status < 600 else "http_error"


def _message(body: dict[str, object] | None) -> str:
    """What an error says of itself, to be compared and never to be shown."""
    error = mapping(mapping(body).get("error"))
    return f"{error.get('type')} {error.get('message')}".lower()
