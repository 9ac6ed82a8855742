"""What `install` leaves behind: the numbers are there at every surface's first look."""

from __future__ import annotations

import json
import subprocess

import pytest

from statusline.wiring.claude import REFRESH_S
from tests.support.capabilities import needs_tmux
from tests.support.doctor import equip
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.server import Answer, UsageServer
from tests.support.stdin import run_fed

NUMBERS = "5h 61%"


def look(profile: Profile, surface: str, stdin: str = "") -> str:
    """What a surface's program prints once."""
    done = run_fed(
        argv(surface),
        env=profile.environment | {"NO_COLOR": "1"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    return str(done.stdout)


def test_every_surface_has_the_numbers_at_its_first_look(
    profile: Profile, server: UsageServer
) -> None:
    """With an empty cache, Claude Code showed `claude: …` for half a minute after `install`."""
    equip(profile)
    done = profile.run("install", "claude", "bash", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Your prompt will show:  {NUMBERS}" in done.stdout.splitlines()[-1]
    session = json.dumps({"session_id": "a", "version": "2.1.328"})
    assert NUMBERS in look(profile, "claude", session)
    assert NUMBERS in look(profile, "bash")
    assert profile.wait_until_quiet()
    assert server.count == 1
    again = profile.run("install", "claude", "--replace", "--yes")
    assert (again.returncode, server.count) == (0, 1)


@pytest.mark.parametrize("reason", ["api = false", "no login", "print"])
def test_install_asks_nobody_where_no_request_is_allowed(
    profile: Profile, server: UsageServer, reason: str
) -> None:
    """Filling the cache would send the token of someone who has turned the API off."""
    equip(profile)
    words = ["--print"] if reason == "print" else ["--yes"]
    if reason == "api = false":
        profile.configure("api = false\n")
    if reason == "no login":
        (profile.home / ".claude" / ".credentials.json").unlink()
    done = profile.run("install", "claude", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.count == 0
    assert not profile.directory.exists()
    assert ("sign in" in done.stdout) == (reason == "no login")


def test_install_is_done_although_the_api_refuses(profile: Profile, server: UsageServer) -> None:
    """A failed request would end `install` with an error about something else."""
    equip(profile)
    server.script = [Answer(500)]
    done = profile.run("install", "claude", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert (profile.home / ".claude" / "settings.json").exists()


def test_the_look_after_the_first_is_right(profile: Profile, server: UsageServer) -> None:
    """A first render starts the refresher; when the host asks again, the answer is shown."""
    session = json.dumps({"session_id": "a", "version": "2.1.328"})
    assert NUMBERS not in look(profile, "claude", session)
    assert profile.wait_until_quiet()
    assert NUMBERS in look(profile, "claude", session)
    assert server.count == 1
    assert REFRESH_S <= 10  # and it asks again that soon


@needs_tmux
def test_the_running_tmux_around_install_shows_it_at_once(profile: Profile) -> None:
    """It had to be told by hand to read its file again, and showed nothing until then."""
    equip(profile)
    socket = profile.home / "s"
    tmux = ["tmux", "-f", "/dev/null", "-S", str(socket)]

    def server(*words: str) -> str:
        done = subprocess.run(
            [*tmux, *words], env=profile.environment, capture_output=True, text=True, check=True
        )
        return str(done.stdout)

    server("new-session", "-d", "sleep 3600")
    try:
        profile.environment["TMUX"] = f"{socket},1,0"
        (profile.home / ".tmux.conf").write_text("set -g status-left mine\n")
        done = profile.run("install", "tmux", "--yes")
        assert "tmux: The running tmux shows it." in done.stdout
        assert server("show", "-gv", "status-right").count("hooks/tmux.sh") == 1
        assert server("show", "-gv", "status-left") != "mine\n"  # the rest is not read again
    finally:
        server("kill-server")


def test_install_names_another_agent_that_is_used_here(profile: Profile) -> None:
    """Nobody would look for it in the documentation; who has it on is not told again."""
    equip(profile)
    (profile.home / ".codex").mkdir()
    offer = "Codex is used here, too. To show its windows: statusline config set sources codex"
    assert offer in profile.run("install", "claude", "--yes").stdout.splitlines()
    assert profile.run("config", "set", "sources", "codex").returncode == 0
    assert "Codex" not in profile.run("install", "bash", "--yes").stdout
