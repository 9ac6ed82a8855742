"""Retry-After in all its forms, and the classification of one HTTP answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.refresh.limits import MAX_RETRY_AFTER_S
from statusline.refresh.outcome import (
    BODY_LIMIT,
    REVOKED,
    HttpAnswer,
    classify,
    decoded,
    failure,
    retry_after_s,
)
from statusline.usage.messages import STATES

NOW_S = 1_795_168_800.0  # Fri, 20 Nov 2026 10:00:00 GMT
DATE = "Fri, 20 Nov 2026 10:00:00 GMT"
SKEWED = "Sat, 21 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("values", "date", "wait_s"),
    [
        pytest.param(["0"], DATE, None, id="E01"),
        pytest.param(["3037"], DATE, 3037, id="E02"),
        pytest.param(["Fri, 20 Nov 2026 10:10:00 GMT"], DATE, 600, id="E03-future"),
        pytest.param(["Fri, 20 Nov 2026 10:10:00 GMT"], None, 600, id="E03-no-Date"),
        pytest.param(["Fri, 20 Nov 2026 10:10:00 GMT"], "nonsense", 600, id="E03-bad-Date"),
        pytest.param(["Fri, 20 Nov 2026 09:59:59 GMT"], DATE, None, id="E03-past"),
        pytest.param([DATE], DATE, None, id="E03-now"),
        pytest.param(["Fri, 31 Dec 9999 23:59:59 GMT"], DATE, 21600, id="E03-9999"),
        pytest.param(["Mon, 20 Nov 2026 10:10:00 GMT"], DATE, 600, id="E03-weekday"),
        pytest.param(["fri, 20 nov 2026 10:10:00 gmt"], DATE, 600, id="E03-lower"),
        pytest.param(["Friday, 20-Nov-26 10:10:00 GMT"], DATE, 600, id="E03-RFC-850"),
        pytest.param(["Fri Nov 20 10:10:00 2026"], DATE, 600, id="E03-asctime"),
        pytest.param(["Fri, 32 Nov 2026 10:10:00 GMT"], DATE, None, id="E03-32nd"),
        pytest.param(["999999999"], DATE, 21600, id="E04-huge"),
        pytest.param(["1e9"], DATE, None, id="E04-1e9"),
        pytest.param(["-5"], DATE, None, id="E04-negative"),
        pytest.param(["1.5"], DATE, None, id="E04-fraction"),
        pytest.param([" 7 "], DATE, 7, id="E04-spaces"),
        pytest.param([""], DATE, None, id="E04-empty"),
        pytest.param(["٣"], DATE, None, id="E04-digits"),
        pytest.param(["²"], DATE, None, id="E04-superscript"),
        pytest.param(["60", "90"], DATE, None, id="E04-two"),
        pytest.param(["60", "60"], DATE, 60, id="E04-twice"),
        pytest.param(["60, 90"], DATE, None, id="E04-list"),
        pytest.param(["1" * 201], DATE, None, id="E04-201"),
        pytest.param(["7" * 10_000], DATE, None, id="E04-10-kB"),
        pytest.param([], DATE, None, id="E05"),
        pytest.param(["Sat, 21 Nov 2026 10:10:00 GMT"], SKEWED, 600, id="G12"),
        pytest.param(["Fri, 20 Nov 2026 10:10:00 GMT"], SKEWED, None, id="G12-past"),
    ],
)
def test_retry_after_is_a_sound_number_of_seconds_or_absent(
    values: list[str], date: str | None, wait_s: float | None
) -> None:
    """Seconds or a date relative to the answer's own clock; anything else counts as absent."""
    assert retry_after_s(values, date, NOW_S) == wait_s


@given(
    st.lists(st.text(max_size=40) | st.from_regex(r"[0-9a-zA-Z,:+ -]{0,40}"), max_size=3),
    st.none() | st.text(max_size=40),
)
def test_no_retry_after_raises_or_leaves_its_bounds(values: list[str], date: str | None) -> None:
    """Whatever a header holds: None, or above 0 and within the cap."""
    wait_s = retry_after_s(values, date, NOW_S)
    assert wait_s is None or 0 < wait_s <= MAX_RETRY_AFTER_S


REPLIES = st.builds(
    HttpAnswer,
    status=st.integers(100, 999),
    body=st.binary(max_size=60)
    | st.sampled_from([b"{}", b"<html>", b'{"error":{"type":"scope"}}'])
    | st.sampled_from([b'{"error":{"message":"token has been revoked"}}']),
    retry_after=st.lists(st.text(max_size=10), max_size=2),
    date=st.none() | st.just(DATE),
    content_type=st.text(max_size=20),
    challenged=st.booleans(),
)


@given(REPLIES)
def test_every_reply_has_a_kind_with_a_sentence_of_ours(reply: HttpAnswer) -> None:
    """Only a 200 is "ok", only an "ok" has a body, and each kind is in the table of states."""
    outcome = classify(reply, NOW_S)
    assert outcome.kind in STATES
    assert outcome.detail in (STATES[outcome.kind][1], REVOKED)
    assert (outcome.kind == "ok") == (outcome.body is not None)
    assert outcome.kind != "ok" or reply.status == 200


def refusal(status: int, message: object, kind: object = "permission_error") -> HttpAnswer:
    """An error as the API writes it."""
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return HttpAnswer(
        status, json.dumps(body).encode(), [], DATE, "application/json", challenged=False
    )


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (403, "OAuth token has been revoked. Please obtain a new token.", "unauthorized"),
        (401, "OAuth token has been revoked. Please obtain a new token.", "unauthorized"),
        (400, "This organization has been disabled.", "org_disabled"),
        (403, "This organization has been disabled.", "org_disabled"),
        (401, "Your organization has been disabled by its owner.", "org_disabled"),
        (403, "OAuth token does not meet scope requirement user:profile", "scope"),
        (403, "Request not allowed", "forbidden"),
        (400, "OAuth token has been revoked.", "http_error"),
        (400, "messages: at least one message is required", "http_error"),
        (404, "This organization has been disabled.", "http_error"),
        (500, "This organization has been disabled.", "server_error"),
        (403, None, "forbidden"),
        (403, ["This organization"], "forbidden"),
    ],
)
def test_a_refusal_says_what_the_account_is_told(status: int, message: object, kind: str) -> None:
    """A revoked login was "refused", a disabled organization "API changed, update statusline".

    What the server wrote is compared and never repeated.
    """
    outcome = classify(refusal(status, message), NOW_S)
    assert (outcome.kind, outcome.status) == (kind, status)
    is_revoked = (status, kind) == (403, "unauthorized")
    assert outcome.detail == (REVOKED if is_revoked else STATES[kind][1])
    assert "Please obtain" not in repr(outcome)


def test_the_longest_body_that_counts() -> None:
    """One byte above the limit is no JSON any more, whatever it holds."""
    fits = b'{"a":"' + b"x" * (BODY_LIMIT - 8) + b'"}'
    assert len(fits) == BODY_LIMIT
    assert decoded(fits) is not None
    assert decoded(fits + b" ") is None


def test_a_failure_has_no_numbers() -> None:
    """Kind and status, and a sentence that can be made more precise."""
    assert failure("unreachable", detail="no answer in 10 s") == (
        *("unreachable", None, None, None),
        "no answer in 10 s",
    )
