"""Who has Claude Code's one status line, and whether its version is known to work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from statusline.doctor import claude_code
from statusline.doctor.context import Context
from tests.support.checkup import context, publish, told

OURS = {"type": "command", "command": "STATUSLINE_BIN=/x/statusline; . /x/hooks/claude-code.sh"}


OTHER = {"type": "command", "command": "their-tool"}


def write(path: Path, value: object) -> None:
    """Write JSON, making the directories."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


SLOTS: list[tuple[str, Mapping[str, object], str, str]] = [
    ("nobody", {}, "skip", ""),
    ("ours", {"user": {"statusLine": OURS}}, "ok", ""),
    ("another tool", {"user": {"statusLine": OTHER}}, "skip", "statusline install claude"),
    ("another tool of the project", {"project": {"statusLine": OTHER}}, "skip", ""),
    (
        "project overrides",
        {"user": {"statusLine": OURS}, "project": {"statusLine": OTHER}},
        "warn",
        'Remove "statusLine" from',
    ),
    (
        "project local before project",
        {"local": {"statusLine": OURS}, "project": {"statusLine": OTHER}},
        "ok",
        "",
    ),
    (
        "managed before all",
        {"managed": {"statusLine": OTHER}, "local": {"statusLine": OURS}},
        "warn",
        "Ask whoever manages",
    ),
]


def wire(home: Path, files: Mapping[str, object]) -> Context:
    """Write the settings files of a case; the project is `home`/project."""
    project = home / "project"
    places = {
        "user": home / ".claude" / "settings.json",
        "project": project / ".claude" / "settings.json",
        "local": project / ".claude" / "settings.local.json",
        "managed": home / "managed.json",
    }
    for owner, value in files.items():
        write(places[owner], value)
    return context(home, str(project))


@pytest.mark.parametrize(("case", "files", "result", "fix"), SLOTS, ids=[row[0] for row in SLOTS])
def test_the_owner_of_the_status_line_is_found_by_precedence(
    home: Path, case: str, files: Mapping[str, object], result: str, fix: str
) -> None:
    """The highest file that has a status line counts, and the fix names it."""
    ((said, typed),) = told(claude_code.slot(wire(home, files)), "status line")
    assert said == result, case
    assert typed.startswith(fix)


@pytest.mark.parametrize("owner", ["user", "project", "local"])
def test_disabled_hooks_disable_the_status_line(home: Path, owner: str) -> None:
    """But managed, it turns the line off (docs/claude-code.md 3.5); the fix names the file."""
    files: dict[str, dict[str, object]] = {"user": {"statusLine": OURS}}
    files[owner] = {**files.get(owner, {}), "disableAllHooks": True}
    told_of = told(claude_code.slot(wire(home, files)), "status line")
    assert [result for result, _fix in told_of] == ["ok", "fail"]
    assert "disableAllHooks" in told_of[1][1]


def test_a_higher_file_that_allows_hooks_wins(home: Path) -> None:
    """`disableAllHooks: false` of the project overrides the user's true."""
    files = {
        "user": {"statusLine": OURS, "disableAllHooks": True},
        "project": {"disableAllHooks": False},
    }
    assert told(claude_code.slot(wire(home, files)), "status line") == [("ok", "")]


def test_managed_hooks_only_silence_ours(home: Path) -> None:
    """AllowManagedHooksOnly lets only a managed status line run."""
    files = {"user": {"statusLine": OURS}, "managed": {"allowManagedHooksOnly": True}}
    told_of = told(claude_code.slot(wire(home, files)), "status line")
    assert [result for result, _fix in told_of] == ["ok", "fail"]


def test_broken_settings_are_named(home: Path) -> None:
    """A file that is no JSON is a problem with a fix, and no traceback."""
    (home / ".claude" / "settings.json").write_text('{"statusLine": ')
    ((result, fix),) = told(claude_code.slot(context(home)), "settings")
    assert result == "fail"
    assert fix


def test_the_home_directory_is_no_project(home: Path) -> None:
    """Asked from the home directory, the user's own file does not override itself."""
    write(home / ".claude" / "settings.json", {"statusLine": OTHER})
    ((result, fix),) = told(claude_code.slot(context(home, str(home))), "status line")
    assert result == "skip"
    assert fix.startswith("statusline install claude")


@pytest.mark.parametrize(
    ("projects", "result"),
    [
        ({"/p/q": {"hasTrustDialogAccepted": True}}, "ok"),
        ({"/p": {"hasTrustDialogAccepted": True}, "/p/q": {}}, "ok"),
        ({"/p/q": {"hasTrustDialogAccepted": False}}, "warn"),
        ({"/p/q": 7}, "warn"),
        ({"/elsewhere": {"hasTrustDialogAccepted": True}}, "skip"),
        (None, "skip"),
    ],
)
def test_trust_is_read_for_this_directory_or_one_above(
    home: Path, projects: object, result: str
) -> None:
    """Accepted for the folder or a trusted parent (docs/claude-code.md 3.5)."""
    write(home / ".claude" / "settings.json", {"statusLine": OURS})
    write(home / ".claude.json", {"projects": projects})
    assert [check.result for check in claude_code.trust(context(home, "/p/q"))] == [result]


@pytest.mark.parametrize(
    ("version", "result"),
    [("", "skip"), ("1.0.80", "warn"), ("2.1.80", "warn"), ("2.1.97", "ok"), ("2.1.328", "ok")],
)
def test_an_old_claude_code_is_named(home: Path, version: str, result: str) -> None:
    """Before 2.1.80 there are no numbers on stdin, before 2.1.97 no refreshInterval."""
    publish(home, claude_version=version)
    assert [check.result for check in claude_code.version(context(home))] == [result]


def test_trust_is_no_concern_of_another_tools_line(home: Path) -> None:
    """A tool whose name ends like ours would have been taken for it."""
    write(home / ".claude" / "settings.json", {"statusLine": {"command": "npx ccstatusline"}})
    write(home / ".claude.json", {"projects": {"/p": {"hasTrustDialogAccepted": False}}})
    assert [check.result for check in claude_code.trust(context(home, "/p"))] == ["skip"]


def test_who_took_the_place_of_our_line_is_named(home: Path) -> None:
    """Another tool's line is its user's business, unless ours was installed and is gone."""
    there = wire(home, {"user": {"statusLine": OTHER}})
    entry = {"path": "x", "surfaces": {"claude": None}}
    write(
        home / ".local/share/statusline/installed.json",
        {"schema": 1, "made": [], "files": {"x": entry}},
    )
    (check,) = claude_code.slot(there)
    assert check.result == "warn"
    assert "took the place of ours" in check.what
