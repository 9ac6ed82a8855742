"""The real Claude Code while nothing happens: its line stands, and no interpreter is started."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.e2e.claude_code import ClaudeHome, until
from tests.e2e.test_claude_code import LIMITS, PUBLISHED_S, say
from tests.support.anthropic_api import MessagesApi
from tests.support.capabilities import needs_tmux
from tests.support.look import HOOK
from tests.support.patience import HANG_S
from tests.support.server import UsageServer, usage_answer

pytestmark = needs_tmux


@pytest.mark.timeout(4 * HANG_S)
def test_an_idle_session_hardly_starts_python(claude_binary: Path, tmp_path: Path) -> None:
    """A document that differs in what the hook compares, or has no end, would start it always."""
    with MessagesApi(LIMITS) as api, UsageServer([usage_answer(5, 6)]) as usage:
        home = ClaudeHome(tmp_path, claude_binary, api.url, usage.url)
        home.profile.configure("api = false\n")
        looks, starts = tmp_path / "looks", tmp_path / "starts"
        counted = home.script("counted", f'echo >>{starts}\nexec {home.launcher} "$@"\n')
        directory = shlex.quote(str(home.profile.directory))
        command = f"STATUSLINE_PROFILE={directory} STATUSLINE_BIN={counted}; . {HOOK}"
        home.set_status_line(f"echo >>{looks}; {command}")
        with home.start() as screen:
            say(screen, "hello")
            assert until(home.windows, PUBLISHED_S)

            def printed_again() -> int:
                return len(looks.read_bytes()) - len(starts.read_bytes())

            before = printed_again()
            assert until(lambda: printed_again() >= before + 5, 2 * HANG_S), starts.read_bytes()
            seen = screen.wait_for(r"5h 61%")
            line = r"^  Opus 5\.5 · ctx 12% · 5h 61% 2h(?:09|1\d)m · 7d 22%$"
            assert len(re.findall(line, seen, re.MULTILINE)) == 1, seen
