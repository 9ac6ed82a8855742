"""After a wake: the network comes late, and the numbers come soon after it."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.support.profile import Profile
from tests.support.real_line import fill
from tests.support.server import UsageServer


def test_g06_a_network_that_comes_late_is_tried_again_within_two_minutes(
    server: UsageServer, tmp_path: Path
) -> None:
    """Asleep for a night, and woken without a network: the short back-off, not the long one."""
    profile = Profile(tmp_path, server.url)
    fill(profile.directory)
    profile.let_pass(8 * 3600)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
    profile.environment["STATUSLINE_API_URL"] = nobody
    assert profile.run("refresh").returncode == 1
    usage = profile.usage()
    assert usage["state"] == "unreachable"
    wait_s = usage["next_refresh_at"] - usage["attempted_at"]
    assert 60 <= wait_s <= 120
    profile.environment["STATUSLINE_API_URL"] = server.url
    profile.let_pass(wait_s + 1)
    assert profile.run("refresh").returncode == 0
    assert server.count == 1
    assert profile.usage()["state"] == "ok"
