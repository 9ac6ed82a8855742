"""The installed ``env``: what counts, where it is from, and no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from statusline.cli.env import without_password
from tests.support.canary import key, token
from tests.support.profile import Profile

SECRETS = {
    "CLAUDE_CODE_OAUTH_TOKEN": token("secret"),
    "ANTHROPIC_API_KEY": key("secret"),
    "ANTHROPIC_AUTH_TOKEN": f"test-secret-{key('auth')}",
    "HTTPS_PROXY": "http://me:test-secret@proxy.example:3128/test-secret?x=test-secret",
    "all_proxy": "me:test-secret@proxy.example",
}


def told(profile: Profile, section: str) -> dict[str, Any]:
    """One section of ``statusline env --json``, by name."""
    done = profile.run("env", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return {each["name"]: each for each in json.loads(done.stdout)[section]}


@pytest.mark.parametrize("words", [("env",), ("env", "--json")])
def test_secrets_are_only_said_to_be_set(profile: Profile, words: tuple[str, ...]) -> None:
    """No token, no key, no password of a proxy is printed."""
    profile.environment |= SECRETS
    done = profile.run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "test-secret" not in done.stdout
    assert "proxy.example" in done.stdout
    for name in SECRETS:
        assert name in done.stdout


def test_every_variable_is_listed_with_its_value(profile: Profile) -> None:
    """Unset ones too in JSON; a relative place is said to be ignored (H02)."""
    profile.environment |= {"XDG_CACHE_HOME": "relative", "TZ": "Europe/Paris"}
    found = told(profile, "variables")
    assert found["TZ"] == {"name": "TZ", "value": "Europe/Paris", "origin": "environment"}
    assert found["NO_COLOR"]["value"] is None
    assert "ignored" in found["XDG_CACHE_HOME"]["origin"]


def test_every_file_is_listed_with_what_put_it_there(profile: Profile) -> None:
    """The variable that decided, and whether the file exists."""
    profile.run("refresh")
    profile.environment["STATUSLINE_CONFIG"] = str(profile.home / "mine.toml")
    found = told(profile, "files")
    assert found["config.toml"]["value"] == str(profile.home / "mine.toml")
    assert found["config.toml"]["origin"] == "not there, from STATUSLINE_CONFIG"
    assert found["usage.json"]["origin"].startswith("there")
    assert found["credentials"]["origin"] == "there, from HOME"


def test_without_a_home_there_is_no_place(profile: Profile) -> None:
    """H01: said, and no traceback."""
    del profile.environment["HOME"]
    assert told(profile, "files")["cache"]["value"] is None
    done = profile.run("env")
    assert (done.returncode, done.stderr) == (0, "")
    assert "nowhere" in done.stdout


def test_a_value_does_not_steer_the_terminal(profile: Profile) -> None:
    """S11: escapes in a variable are shown as what they are not."""
    profile.environment["TZ"] = "\x1b[2Jnowhere\u202e"
    for words in (("env",), ("env", "--json"), ("--color", "always", "env")):
        out = profile.run(*words).stdout
        assert "\x1b[2J" not in out
        assert "\u202e" not in out


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("http://me:pw@proxy:3128/x?y", "http://***@proxy:3128"),
        ("me:p@w@proxy", "***@proxy"),
        ("http://me:p/w@proxy", "set"),
        ("http://[", "set"),
        ("", "set"),
    ],
)
def test_what_is_left_of_a_url(url: str, shown: str) -> None:
    """Scheme and host; where the password may be anywhere, nothing."""
    assert without_password(url) == shown
