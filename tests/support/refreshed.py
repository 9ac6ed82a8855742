"""One refresh that went well."""

from __future__ import annotations

from tests.support.profile import Profile
from tests.support.server import UsageServer

ACCOUNT, OTHER_ACCOUNT = "0b6f-test-account", "77aa-test-account"


def refreshed(profile: Profile, server: UsageServer) -> None:
    """Make the first good request of a test, and let its interval pass."""
    assert profile.run("refresh").returncode == 0
    assert server.count == 1
    profile.let_pass(700)
