"""``refresh`` says what happened and what to do about it, in people's words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from statusline.cli.refresh import FIXES, is_well, sentence, to_json
from statusline.refresh.policy import Decision
from statusline.refresh.refresher import Report
from statusline.system import clock, environ
from statusline.usage.messages import STATES, describe
from tests.support import sample


@pytest.fixture(autouse=True)
def _fixed_moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Noon, in a place where it is noon."""
    env = environ.Environment({"HOME": "/nonexistent", "STATUSLINE_CONFIG": "/nonexistent/c"})
    monkeypatch.setattr(environ, "current", lambda: env)
    clock.use(lambda: sample.NOW)
    yield
    clock.use(None)


@pytest.mark.parametrize("code", STATES)
def test_what_is_wrong_is_said_once_with_its_fix(code: str) -> None:
    """The outcome's own sentence does not repeat what the state says already."""
    _word, what, fix = describe(code)
    said = sentence(Report("asked", code, what), force=False)
    assert said == f"{what} {fix}".strip()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unauthorized", "Run `claude`"),
        ("scope", "`claude setup-token`"),
        ("blocked", "captive portal"),
        ("proxy", "HTTPS_PROXY"),
        ("certificate", "REQUESTS_CA_BUNDLE"),
    ],
)
def test_errors_say_what_to_do(code: str, words: str) -> None:
    """Each has a fix that can be typed or looked at."""
    assert words in sentence(Report("asked", code), force=False)


def test_429_says_until_when() -> None:
    """A limit has an end, and a clock time is what people remember."""
    wait = Decision(ask=False, wait_s=300.0, reason="backoff")
    said = sentence(Report("asked", "rate_limited", decision=wait), force=False)
    assert "The next one is allowed in 5m, at " in said


def test_a_detail_is_added_to_the_sentence() -> None:
    """What only this run knows comes after the colon."""
    said = sentence(Report("local", "bad_api_url", "unset it"), force=False)
    assert said.startswith("STATUSLINE_API_URL is not a loopback URL: unset it. Unset")


@pytest.mark.parametrize("result", FIXES)
def test_what_could_not_be_done_has_a_fix_too(result: str) -> None:
    """The refresher's own trouble is said with its way out."""
    document = to_json(Report(result, detail="No such luck."), force=False)
    assert document["sentence"] == f"No such luck. {FIXES[result]}"
    assert (document["state"], document["fix"]) == (None, FIXES[result])
    assert is_well(Report(result)) is (result == "busy")
