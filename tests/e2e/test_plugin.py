"""The plugin in the real Claude Code: its numbers reach the cache, its commands need no model.

Everything is on loopback, as in test_claude_code.py.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.claude_code import ClaudeHome, enter, until
from tests.support.anthropic_api import REPLY, MessagesApi
from tests.support.capabilities import needs_tmux
from tests.support.documents import ROOT
from tests.support.launcher import make_launcher
from tests.support.server import UsageServer, usage_answer

LIMITS = {"5h": (0.61, 2 * 3600 + 11 * 60 + 40), "7d": (0.22, 4 * 86400)}
PINNED = r"^  ⚠ statusline: ctx 12% · 5h 61% 2h1\dm · 7d 22%"


class Place(NamedTuple):
    """A home whose launcher is where installers put it, the two servers, and the plugin."""

    home: ClaudeHome
    api: MessagesApi
    usage: UsageServer
    plugin: Path


@contextmanager
def place(directory: Path, binary: Path) -> Iterator[Place]:
    """A home for the plugin, with the API turned off in config.toml.

    Claude Code writes its interface beside a plugin that it loads from a folder: a copy it is.
    """
    with MessagesApi(LIMITS) as api, UsageServer([usage_answer(5, 6)]) as usage:
        home = ClaudeHome(directory, binary, api.url, usage.url)
        home.profile.configure("api = false\n")
        make_launcher(directory / ".local" / "bin")
        copy = directory / "market"
        shutil.copytree(ROOT / ".claude-plugin", copy / ".claude-plugin")
        plugin = copy / "extras" / "plugin"
        shutil.copytree(ROOT / "extras" / "plugin", plugin)
        yield Place(home, api, usage, plugin)


def told(home: ClaudeHome) -> dict[str, tuple[float, str]]:
    """The windows of usage.json: percentage and source."""
    windows = home.windows()
    return {name: (seen["utilization_pct"], seen["source"]) for name, seen in windows.items()}


OF_THE_REPLY = {"five_hour": (61, "stdin"), "seven_day": (22, "stdin")}


def test_claude_code_finds_nothing_wrong_with_the_plugin(
    claude_binary: Path, tmp_path: Path
) -> None:
    """A module that breaks one of its rules is not loaded, and says so in a session alone."""
    home = ClaudeHome(tmp_path, claude_binary, "http://127.0.0.1:9", "http://127.0.0.1:9")
    for folder in (ROOT, ROOT / "extras" / "plugin"):
        assert "Validation passed" in home.run("plugin", "validate", str(folder), "--strict")


@pytest.mark.full
def test_numbers_arrive_where_no_status_line_runs(claude_binary: Path, tmp_path: Path) -> None:
    """`claude -p` runs no status line: what it was told was lost, and cost a request later."""
    with place(tmp_path, claude_binary) as (home, _api, usage, plugin):
        assert REPLY in home.run("--plugin-dir", str(plugin), "-p", "hello")
        assert until(lambda: told(home) == OF_THE_REPLY)
        assert re.fullmatch(r"5h 61% 2h1\dm · 7d 22%", home.tmux_segment())
        assert usage.count == 0


@pytest.mark.full
def test_answers_lead_to_no_more_requests_than_a_prompt(
    claude_binary: Path, tmp_path: Path
) -> None:
    """With the API on, each answer in each session would have been a request within the minute."""
    with place(tmp_path, claude_binary) as (home, _api, usage, plugin):
        home.profile.configure("")
        for _session in range(2):
            home.run("--plugin-dir", str(plugin), "-p", "hello")
        assert home.profile.wait_until_quiet()
        assert usage.count <= 1


@needs_tmux
@pytest.mark.full
def test_installed_plugin_pins_the_segment_until_a_status_line_is_set_up(
    claude_binary: Path, tmp_path: Path
) -> None:
    """From the marketplace: pinned after an answer; the commands work without the model."""
    with place(tmp_path, claude_binary) as (home, api, usage, plugin):
        home.run("plugin", "marketplace", "add", str(plugin.parent.parent))
        home.run("plugin", "install", "statusline@statusline")
        with home.start(rows=50) as screen:
            enter(screen, "hello")
            screen.wait_for(re.escape(REPLY))
            screen.wait_for(PINNED)
            assert until(lambda: told(home) == OF_THE_REPLY)
            asked = len(api.asked)
            enter(screen, "/statusline:usage")
            screen.wait_for(r"^ +5h +61% +resets in 2h")
            enter(screen, "/statusline:setup")
            seen = screen.wait_for(r"^ +Wrote ~/\.claude/settings\.json")
            assert seen.count("+++ ~/.claude/settings.json") == 1
            screen.wait_for(r"^  Opus 5\.5 · ctx 12% · 5h 61% 2h1\dm · 7d 22%")
            assert "⚠ statusline" not in screen.text()
            assert len(api.asked) == asked
        assert "claude-code.sh" in json.loads(home.settings.read_text())["statusLine"]["command"]
        assert usage.count == 0


@needs_tmux
@pytest.mark.full
def test_users_own_status_line_stays_alone(claude_binary: Path, tmp_path: Path) -> None:
    """Whoever shows something else keeps the row, and every other surface has the numbers."""
    with place(tmp_path, claude_binary) as (home, _api, _usage, plugin):
        home.set_status_line("echo a line of mine")
        with home.start("--plugin-dir", str(plugin)) as screen:
            enter(screen, "hello")
            screen.wait_for(re.escape(REPLY))
            assert until(lambda: told(home) == OF_THE_REPLY)
            assert "⚠ statusline" not in screen.wait_for("^  a line of mine")


@needs_tmux
@pytest.mark.full
def test_commands_work_through_the_model_without_the_module(
    claude_binary: Path, tmp_path: Path
) -> None:
    """Where modules are not to be had, the program still decides: the model gets what it said."""
    with place(tmp_path, claude_binary) as (home, api, _usage, plugin):
        shutil.rmtree(plugin / "hooks")
        home.profile.environment["PATH"] = f"{tmp_path}/.local/bin:/usr/bin:/bin"
        with home.start("--plugin-dir", str(plugin)) as screen:
            enter(screen, "/statusline:usage")
            screen.wait_for(re.escape(REPLY))
            assert any("No usage is known yet." in each for each in api.asked)
            enter(screen, "/statusline:setup")
            assert until(lambda: "Wrote ~/.claude/settings.json" in "".join(api.asked))
        assert "claude-code.sh" in json.loads(home.settings.read_text())["statusLine"]["command"]
