"""As a new user would: the segment, ``show`` and ``doctor`` together say what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from statusline.usage.messages import describe
from tests.support.canary import key, token
from tests.support.doctor import equip
from tests.support.profile import Profile
from tests.support.server import Answer, UsageServer

NO_SCOPE = {"message": "OAuth token does not meet scope requirement user:profile"}
HAS_EXPIRED = {"message": "OAuth token has expired.", "type": "authentication_error"}
#: Port 9 of loopback: nobody listens there.
NOBODY = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Situation:
    """What a newcomer meets: how it comes about, its code, doctor's exit code, the requests.

    `typed` is what has to stand in both `show` and `doctor`, word for word; `shown` is a pattern
    of the segment, where that is not the state's words alone.
    """

    case: str
    meet: Callable[[Profile, UsageServer], object]
    code: str
    doctors_exit: int
    requests: int
    typed: str
    shown: str = ""


def nobody_signed_in(profile: Profile, _server: UsageServer) -> None:
    """A fresh home, Claude Code never started."""
    (profile.home / ".claude" / ".credentials.json").unlink()
    (profile.home / ".claude").rmdir()


def api_key(profile: Profile, server: UsageServer) -> None:
    """Claude Code works with a key here; nobody has ever signed in."""
    nobody_signed_in(profile, server)
    profile.environment["ANTHROPIC_API_KEY"] = key("newcomer")


def expired(profile: Profile, server: UsageServer) -> None:
    """The login of yesterday; the server refuses it."""
    profile.sign_in(lasts_s=-3600)
    server.script = [Answer(401, json.dumps({"error": HAS_EXPIRED}).encode())]


def setup_token(profile: Profile, server: UsageServer) -> None:
    """A token of `claude setup-token` in the environment, whose scope the server misses."""
    profile.environment["CLAUDE_CODE_OAUTH_TOKEN"] = token("setup")
    server.script = [Answer(403, json.dumps({"error": NO_SCOPE}).encode())]


def rate_limited(_profile: Profile, server: UsageServer) -> None:
    """Somebody else has used up the requests of this account."""
    server.script = [Answer(429, headers=[("Retry-After", "1800")])]


def no_network(profile: Profile, _server: UsageServer) -> None:
    """Nothing answers."""
    profile.environment["STATUSLINE_API_URL"] = NOBODY


SITUATIONS = [
    Situation("no account", nobody_signed_in, "missing", 1, 0, "Run `claude` and sign in."),
    Situation("API key", api_key, "api_billing", 0, 0, "API key, Bedrock or Vertex", "API key"),
    Situation("expired token", expired, "expired", 1, 1, "Run `claude`; it renews the login."),
    Situation(
        *("setup-token", setup_token, "scope", 1, 1),
        "Unset CLAUDE_CODE_OAUTH_TOKEN. Run `claude` and sign in.",
    ),
    Situation(
        *("429", rate_limited, "rate_limited", 0, 1, "it is asked again when it allows"),
        r"usage: retry 3[0-3]m",
    ),
    Situation("network down", no_network, "unreachable", 0, 0, "Check the network."),
]


@pytest.mark.parametrize("met", SITUATIONS, ids=[each.case for each in SITUATIONS])
def test_a_newcomer_is_told_what_is_wrong_and_what_to_type(
    profile: Profile, server: UsageServer, met: Situation
) -> None:
    """One word in the segment, the same sentence and fix in both; never a traceback."""
    equip(profile)
    met.meet(profile, server)
    first = profile.run()
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("usage: ")
    assert profile.wait_until_quiet()  # the refresher that the first prompt has started
    word, sentence, fix = describe(met.code)
    assert re.fullmatch(met.shown or re.escape(word), profile.run().stdout.strip())
    shown = profile.run("show")
    examined = profile.run("doctor")
    for done in (shown, examined):
        assert done.stderr == ""
        assert sentence.rstrip(".") in done.stdout
        assert fix in done.stdout
        assert met.typed in done.stdout
        assert "%" not in done.stdout.replace(word, "")  # no number is made up
    assert shown.returncode == 0
    assert examined.returncode == met.doctors_exit, examined.stdout
    if met.doctors_exit:
        assert examined.stdout.splitlines()[-1].endswith(met.typed)
    assert profile.wait_until_quiet()
    assert server.count == met.requests


def test_whoever_does_as_told_is_well(profile: Profile, server: UsageServer) -> None:
    """Signed out, then signed in: the next refresh shows the numbers and doctor is content."""
    equip(profile)
    login = profile.home / ".claude" / ".credentials.json"
    kept = login.read_bytes()
    login.unlink()
    assert profile.run("refresh").returncode == 1
    assert profile.run("doctor").returncode == 1
    login.write_bytes(kept)
    login.chmod(0o600)
    assert profile.run("refresh").returncode == 0
    assert profile.run("install", "claude", "--yes").returncode == 0
    assert profile.run("doctor").returncode == 0
    assert profile.shown().startswith("5h 61%")
    assert server.count == 1
