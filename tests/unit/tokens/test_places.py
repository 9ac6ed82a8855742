"""Where transcripts are looked for, and what their paths tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.system.environ import Environment
from statusline.tokens import files
from statusline.tokens.places import places


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, ["/h/.config/claude", "/h/.claude"]),
        ({"XDG_CONFIG_HOME": "/x"}, ["/x/claude", "/h/.claude"]),
        ({"CLAUDE_CONFIG_DIR": "/c/"}, ["/c"]),
        ({"CLAUDE_CONFIG_DIR": "/c, /d/,/c,"}, ["/c", "/d"]),
        ({"CLAUDE_CONFIG_DIR": "/c,relative"}, ["/c"]),
        ({"XDG_CONFIG_HOME": "/h/.config", "CLAUDE_CONFIG_DIR": "/h/.claude"}, ["/h/.claude"]),
    ],
)
def test_transcripts_are_looked_for_where_claude_code_writes_them(
    variables: dict[str, str], found: list[str]
) -> None:
    """The directory that is set, which other tools take for a list; else both defaults."""
    assert places(Environment({"HOME": "/h", **variables})) == [f"{at}/projects" for at in found]


def test_a_directory_with_a_comma_is_one_directory(tmp_path: Path) -> None:
    """Claude Code knows no lists."""
    both = tmp_path / "a,b"
    both.mkdir()
    assert places(Environment({"CLAUDE_CONFIG_DIR": str(both)})) == [f"{both}/projects"]


def test_without_a_home_nothing_is_looked_for() -> None:
    """No path is made up, least of all a relative one."""
    assert places(Environment({})) == []


@pytest.mark.parametrize(
    ("path", "project", "session"),
    [
        ("-home-u/s.jsonl", "-home-u", "s"),
        ("-home-u/s/subagents/agent-1.jsonl", "-home-u", "s"),
        ("-home-u/s/subagents/more/agent-1.jsonl", "-home-u", "agent-1"),
        ("-home-u/deep/s.jsonl", "-home-u", "s"),
        ("s.jsonl", "", "s"),
    ],
)
def test_a_path_tells_project_and_session(path: str, project: str, session: str) -> None:
    """What stands for them where a line does not say."""
    roots = ["/h/.config/claude/projects", "/h/.claude/projects"]
    assert files.project_of(roots, f"{roots[1]}/{path}") == project
    assert files.session_of(f"{roots[1]}/{path}") == session
