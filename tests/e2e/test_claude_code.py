"""The real Claude Code runs our line: what its screen shows, what reaches the cache, who survives.

Everything is on loopback: the client talks to a stand-in of the Messages API, the refresher to
our test server (docs/claude-code.md 3).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.claude_code import ClaudeHome, enter, until
from tests.support.answers import Answer
from tests.support.anthropic_api import REPLY, TOKENS, MessagesApi
from tests.support.capabilities import needs_tmux
from tests.support.patience import HANG_S
from tests.support.program import package
from tests.support.screen import Screen
from tests.support.server import UsageServer, usage_answer

pytestmark = needs_tmux

#: Window of the headers -> utilization, seconds left: 2 h 11 min and something, 4 days.
LIMITS = {"5h": (0.61, 2 * 3600 + 11 * 60 + 40), "7d": (0.22, 4 * 86400)}
#: Longer than the spawn gate (5 s): the first render closes it, the numbers come later.
PUBLISHED_S = 12.0


def say(screen: Screen, text: str) -> None:
    """Type a message into Claude Code and wait for the reply."""
    enter(screen, text)
    screen.wait_for(re.escape(REPLY))


class Talk(NamedTuple):
    """A session in which one message was answered, with the API turned off in config.toml."""

    screen: Screen
    home: ClaudeHome
    usage: UsageServer


@pytest.fixture(scope="module")
def talk(claude_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """A running session of which only the rate-limit headers of one reply tell numbers."""
    with MessagesApi(LIMITS) as api, UsageServer([usage_answer(5, 6)]) as usage:
        home = ClaudeHome(tmp_path_factory.mktemp("talk"), claude_binary, api.url, usage.url)
        home.profile.configure("api = false\n")
        home.set_status_line(f"{home.launcher} claude")
        with home.start() as screen:
            say(screen, "hello")
            assert until(home.windows, PUBLISHED_S)
            yield Talk(screen, home, usage)


def test_line_shows_the_numbers_of_the_reply(talk: Talk) -> None:
    """Model and context from stdin, usage from the reply's headers, on one row below the box."""
    seen = talk.screen.wait_for(r"5h 61%")
    line = r"^  Opus 5\.5 · ctx 12% · 5h 61% 2h1\dm · 7d 22%$"
    assert len(re.findall(line, seen, re.MULTILINE)) == 1, seen


def test_line_keeps_its_colours(talk: Talk) -> None:
    """The number below the warning threshold is painted in Claude Code's own screen."""
    talk.screen.wait_for(r"5h 61%")
    rows = [row for row in talk.screen.colored().splitlines() if "61%" in row]
    assert re.search(r"\x1b\[[0-9;]*m61%", rows[0]), rows


def test_numbers_from_stdin_reach_the_cache(talk: Talk) -> None:
    """usage.json holds both windows as Claude Code said them, with the source `stdin`."""
    windows = talk.home.windows()
    assert {name: seen["source"] for name, seen in windows.items()} == {
        "five_hour": "stdin",
        "seven_day": "stdin",
    }
    assert (windows["five_hour"]["utilization_pct"], windows["seven_day"]["utilization_pct"]) == (
        61,
        22,
    )


def test_tmux_shows_them_without_one_request(talk: Talk) -> None:
    """What Claude Code told is enough for another surface; the usage API was never asked."""
    assert re.fullmatch(r"5h 61% 2h1\dm · 7d 22%", talk.home.tmux_segment())
    assert talk.usage.count == 0


def test_the_tokens_of_the_reply_are_counted_once(talk: Talk) -> None:
    """The transcript is as Claude Code writes it: some time after the reply, in some lines."""

    def counted() -> dict[str, Any]:
        done = talk.home.profile.run("tokens", "--json", "--by", "project")
        return dict(json.loads(done.stdout))

    assert until(lambda: counted()["total"]["responses"])
    found = counted()
    assert found["total"]["total"] == sum(TOKENS.values())
    assert (found["total"]["responses"], found["bad_lines"], found["skipped"]) == (1, 0, [])
    assert [row["path"] for row in found["rows"]] == [str(talk.home.project)]


def test_signed_in_newcomer_sees_the_numbers_of_the_api(
    claude_binary: Path, tmp_path: Path
) -> None:
    """Before the first message, the line shows what one request to the usage API brought."""
    answer = usage_answer(37, 12, scoped={"Fable": 48})
    with MessagesApi() as api, UsageServer([answer]) as usage:
        home = ClaudeHome(tmp_path, claude_binary, api.url, usage.url)
        home.set_status_line(f"{home.launcher} claude")
        with home.start() as screen:
            screen.wait_for(r"^  Opus 5\.5 · 5h 37% 2h1\dm · 7d 12% · Fable 48%")
        assert home.windows()["five_hour"]["source"] == "api"
        assert usage.count == 1
        assert api.paths == []


#: A render on a slow machine: it has started the refresher and is still there when the next second
#: comes. `forks` is what the strategy under test makes of the fork in the middle process.
SLOW_RENDER = """\
#!{python} -IS
import posix, signal, sys, time
sys.path.insert(0, {packages!r})
from statusline.segment.render import run

def told_to_end(*_):
    with open({cancelled!r}, "a") as file:
        file.write("told\\n")
    sys.exit()

render, fork = posix.getpid(), posix.fork
{forks}
signal.signal(signal.SIGTERM, told_to_end)
run(["claude"])
time.sleep(30)
"""
ORPHAN = ""
ONE_FORK = "posix.fork = lambda: fork() if posix.getpid() == render else 0"


def set_slow_line(home: ClaudeHome, forks: str) -> Path:
    """Make the slow render the status line; the file to which each cancelled run adds a row."""
    cancelled = home.launcher.parent / "cancelled"
    script = home.launcher.parent / "slow"
    packages = str(package().parent)
    script.write_text(
        SLOW_RENDER.format(
            python=sys.executable, packages=packages, cancelled=str(cancelled), forks=forks
        )
    )
    script.chmod(0o755)
    home.set_status_line(str(script))
    return cancelled


def slow_answer() -> Answer:
    """A good answer that takes longer than the first cancel does."""
    return replace(usage_answer(37, 12), headers_delay_s=4.0)


def test_refresher_survives_a_cancelled_run(claude_binary: Path, tmp_path: Path) -> None:
    """Claude Code ends the tree of the run that started the refresher; the answer is published."""
    with MessagesApi() as api, UsageServer([slow_answer()]) as usage:
        home = ClaudeHome(tmp_path, claude_binary, api.url, usage.url)
        cancelled = set_slow_line(home, ORPHAN)
        with home.start():
            assert until(lambda: usage.count)
            assert until(cancelled.exists)  # while the refresher still waits for its answer
            assert not home.windows()
            assert until(home.windows)
        assert home.windows()["five_hour"]["utilization_pct"] == 37
        assert usage.count == 1


@pytest.mark.control
def test_a_child_that_is_no_orphan_is_ended_with_its_run(
    claude_binary: Path, tmp_path: Path
) -> None:
    """The control: the same refresher, forked once into a session of its own, never publishes."""
    with MessagesApi() as api, UsageServer([slow_answer()]) as usage:
        home = ClaudeHome(tmp_path, claude_binary, api.url, usage.url)
        cancelled = set_slow_line(home, ONE_FORK)
        with home.start():
            assert until(lambda: [*home.profile.directory.glob("spawn.*")])
            assert until(cancelled.exists)
            assert not until(home.windows, 6.0)  # longer than the orphan needed


PREVIOUS = {
    "speaks": 'sed -n \'s/.*"display_name":"\\([^"]*\\)".*/previous line, \\1/p\'',
    "fails": "echo previous line; exit 3",
    "hangs": "sleep 600",
    "says nothing": "cat >/dev/null",
}


ABOVE = {"speaks": r"  previous line, Opus 5\.5", "fails": "  previous line"}
OURS = r"  5h 37% 2h1\dm · 7d 12%"


@pytest.mark.timeout(4 * HANG_S)
@pytest.mark.parametrize("previous", PREVIOUS)
def test_install_keeps_the_line_that_was_there(
    claude_binary: Path, tmp_path: Path, previous: str
) -> None:
    """Over an existing status line, ours follows the other's rows, whatever the other does."""
    with MessagesApi() as api, UsageServer([usage_answer(37, 12)]) as usage:
        home = ClaudeHome(tmp_path, claude_binary, api.url, usage.url)
        home.set_status_line(str(home.script("previous", PREVIOUS[previous])), refreshInterval=2)
        before = home.settings.read_bytes()
        home.statusline("install", "claude", "--yes")
        home.statusline("refresh")
        with home.start() as screen:
            screen.wait_for(rf"^{ABOVE.get(previous, '─+')}\n{OURS}$", HANG_S)
        home.statusline("uninstall", "claude", "--yes")
        assert home.settings.read_bytes() == before


@pytest.mark.timeout(4 * HANG_S)
def test_a_slow_line_that_was_there_comes_later(claude_binary: Path, tmp_path: Path) -> None:
    """Ours is there while it runs, whatever Claude Code cancels; it is started once, and shown."""
    gate, starts, ends = (tmp_path / name for name in ("open", "starts", "ends"))
    slow = f"echo $$ >>{starts}; until [ -e {gate} ]; do sleep 0.05; done; echo previous line\n"
    with MessagesApi() as api, UsageServer([usage_answer(37, 12)]) as usage:
        home = ClaudeHome(tmp_path, claude_binary, api.url, usage.url)
        home.set_status_line(str(home.script("previous", f"{slow}echo $$ >>{ends}\n")))
        home.statusline("install", "claude", "--yes")
        home.statusline("refresh")
        with home.start() as screen:
            screen.wait_for(rf"^─+\n{OURS}$", HANG_S)
            assert not gate.exists()
            gate.touch()
            screen.wait_for(rf"^  previous line\n{OURS}$", HANG_S)
    assert ends.read_text().split()[0] in starts.read_text()


@pytest.mark.timeout(4 * HANG_S)
def test_nothing_runs_on_when_claude_code_has_ended(claude_binary: Path, tmp_path: Path) -> None:
    """Claude Code ends a running status line when it exits, and so do we with those left behind."""
    processes = tmp_path / "processes"

    def running() -> list[str]:
        return [each for each in processes.read_text().split() if Path(f"/proc/{each}").exists()]

    with MessagesApi() as api, UsageServer([usage_answer(37, 12)]) as usage:
        home = ClaudeHome(tmp_path, claude_binary, api.url, usage.url)
        home.set_status_line(str(home.script("previous", f"echo $$ >>{processes}\nsleep 600\n")))
        home.statusline("install", "claude", "--yes")
        home.statusline("refresh")
        with home.start() as screen:
            screen.wait_for(rf"^─+\n{OURS}$", HANG_S)
            assert until(running)  # each of Claude Code's runs ends the one of the run before
    assert until(lambda: not running())
