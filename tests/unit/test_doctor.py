"""What each check says of one fault, on real files; nothing is started here but stand-ins."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import trustme

from statusline.doctor import asking, cache, claude_code, hosts, install, login, network
from statusline.doctor.check import Check
from statusline.doctor.scene import Scene
from statusline.doctor.surfaces import seen
from statusline.environ import Environment
from statusline.snapshot import Snapshot
from tests.support.launcher import make_launcher
from tests.support.server import Answer, UsageServer

NOW = time.time()
OURS = {"type": "command", "command": "STATUSLINE_BIN=/x/statusline; . /x/hooks/claude-code.sh"}
OTHER = {"type": "command", "command": "their-tool"}
TOKEN = "sk-ant-oat01-test-doctor"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty Claude directory."""
    (tmp_path / ".claude").mkdir()
    return tmp_path


def scene(home: Path, cwd: str = "/", online: bool = False, /, **variables: str) -> Scene:
    """A scene in `home`; its administrator's file is managed.json there."""
    launcher = make_launcher(home / "bin")
    values = {"HOME": str(home), "PATH": "/usr/bin:/bin", "STATUSLINE_BIN": str(launcher)}
    env = Environment({**values, **variables})
    return Scene(env, NOW, cwd, online, str(home / "managed.json"))


def write(path: Path, value: object) -> None:
    """Write JSON, making the directories."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def told(checks: list[Check], name: str) -> list[tuple[str, str]]:
    """Result and fix of the checks of that name."""
    return [(each.result, each.fix) for each in checks if each.name == name]


def publish(home: Path, **fields: Any) -> Path:
    """Write a usage.json with these fields of a snapshot; return its path."""
    snapshot = Snapshot()
    snapshot.written_at, snapshot.state = NOW, "ok"
    for name, value in fields.items():
        setattr(snapshot, name, value)
    directory = Path(scene(home).directory or "")
    directory.mkdir(parents=True, mode=0o700)
    path = directory / "usage.json"
    path.write_text(json.dumps(snapshot.to_json()))
    path.chmod(0o600)
    return path


SLOTS: list[tuple[str, Mapping[str, object], str, str]] = [
    ("nobody", {}, "warn", "statusline install claude"),
    ("ours", {"user": {"statusLine": OURS}}, "ok", ""),
    ("another tool", {"user": {"statusLine": OTHER}}, "warn", "statusline install claude"),
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


def wire(home: Path, files: Mapping[str, object]) -> Scene:
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
    return scene(home, str(project))


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
    ((result, fix),) = told(claude_code.slot(scene(home)), "settings")
    assert result == "fail"
    assert fix


def test_the_home_directory_is_no_project(home: Path) -> None:
    """Asked from the home directory, the user's own file does not override itself."""
    write(home / ".claude" / "settings.json", {"statusLine": OTHER})
    ((result, fix),) = told(claude_code.slot(scene(home, str(home))), "status line")
    assert result == "warn"
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
    write(home / ".claude.json", {"projects": projects})
    assert [check.result for check in claude_code.trust(scene(home, "/p/q"))] == [result]


@pytest.mark.parametrize(
    ("version", "result"),
    [("", "skip"), ("1.0.80", "warn"), ("2.1.80", "warn"), ("2.1.97", "ok"), ("2.1.328", "ok")],
)
def test_an_old_claude_code_is_named(home: Path, version: str, result: str) -> None:
    """Before 2.1.80 there are no numbers on stdin, before 2.1.97 no refreshInterval."""
    publish(home, claude_version=version)
    assert [check.result for check in claude_code.version(scene(home))] == [result]


def damage(path: Path, how: str) -> None:
    """Do one thing to usage.json that a segment does not accept."""
    if how == "A12 writable by others":
        path.chmod(0o666)
    elif how == "A06 a link":
        path.rename(path.with_name("other"))
        path.symlink_to("other")
    elif how == "A08 a FIFO":
        path.unlink()
        os.mkfifo(path)
    elif how == "A02 cut off":
        path.write_bytes(path.read_bytes()[:-20])
    else:
        path.unlink()


@pytest.mark.parametrize(
    ("how", "result", "fix"),
    [
        ("missing", "warn", "Run `statusline refresh`."),
        ("A12 writable by others", "fail", "chmod 600 ~/"),
        ("A06 a link", "fail", "Remove ~/"),
        ("A08 a FIFO", "fail", "Remove ~/"),
        ("A02 cut off", "fail", "Remove ~/"),
    ],
)
def test_numbers_that_are_not_believed_are_named(
    home: Path, how: str, result: str, fix: str
) -> None:
    """What makes a segment empty has its sentence and the command that mends it."""
    path = publish(home)
    assert [check.result for check in cache.numbers(scene(home))] == ["ok"]
    damage(path, how)
    ((said, typed),) = told(cache.numbers(scene(home)), "numbers")
    assert said == result
    assert typed.startswith(fix)


def test_a_newer_cache_is_a_warning(home: Path) -> None:
    """It is shown and never overwritten; the fix is to update."""
    publish(home, schema=99)
    assert [check.result for check in cache.numbers(scene(home))] == ["warn"]


@pytest.mark.parametrize(("mode", "result"), [(0o700, "ok"), (0o755, "warn"), (0o777, "warn")])
def test_an_open_cache_directory_is_a_warning(home: Path, mode: int, result: str) -> None:
    """B15: the refresher tightens it; until then doctor says chmod 700."""
    path = publish(home)
    path.parent.chmod(mode)
    assert [check.result for check in cache.directory(scene(home))] == [result]


def test_a_cache_directory_that_is_a_link_is_refused(home: Path) -> None:
    """S13: never followed."""
    path = publish(home)
    path.parent.rename(home / "moved")
    path.parent.symlink_to(home / "moved")
    assert [check.result for check in cache.directory(scene(home))] == ["fail"]


@pytest.mark.parametrize(
    ("error", "result"),
    [(None, "ok"), (errno.ENOLCK, "fail"), (errno.ENOSYS, "fail"), (errno.EWOULDBLOCK, "ok")],
)
def test_b18_a_disk_without_locks_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, error: int | None, result: str
) -> None:
    """B18: no request is made there, and doctor says why; a held lock is no trouble."""
    (publish(home).parent / "lock").touch()

    def flock(_handle: int, _operation: int) -> None:
        if error is not None:
            raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", flock)
    assert [check.result for check in cache.lock(scene(home))] == [result]


@pytest.mark.parametrize(("ahead_s", "result"), [(0, "ok"), (1, "ok"), (3600, "warn")])
def test_a_clock_that_was_set_back_is_named(home: Path, ahead_s: int, result: str) -> None:
    """G01: the cache lies in the future."""
    publish(home, written_at=NOW + ahead_s)
    assert [check.result for check in cache.clock(scene(home))] == [result]


def test_what_was_dropped_and_what_is_new_is_named(home: Path) -> None:
    """Impossible values by source, unknown keys of the API by name."""
    publish(home, dropped={"api": 3, "stdin": 1}, unknown_keys=["velvet_moon"])
    checks = asking.dropped(scene(home))
    assert [check.name for check in checks] == ["values", "API drift"]
    assert "api 3, stdin 1" in checks[0].what
    assert "velvet_moon" in checks[1].what


def sign_in(home: Path, mode: int = 0o600, **fields: object) -> None:
    """Write a credentials file."""
    oauth = {"accessToken": TOKEN, "scopes": ["user:profile"], **fields}
    path = home / ".claude" / ".credentials.json"
    path.write_text(json.dumps({"claudeAiOauth": oauth}))
    path.chmod(mode)


@pytest.mark.parametrize(
    ("fields", "mode", "expected"),
    [
        ({}, 0o600, [("login", "ok"), ("scope", "ok")]),
        ({}, 0o644, [("login", "ok"), ("login file", "warn"), ("scope", "ok")]),
        ({"expiresAt": 1_600_000_000_000}, 0o600, [("login", "warn"), ("scope", "ok")]),
        ({"scopes": ["user:inference"]}, 0o600, [("login", "ok"), ("scope", "fail")]),
        ({"scopes": "corrupted"}, 0o600, [("login", "ok"), ("scope", "ok")]),
        ({"accessToken": None}, 0o600, [("login", "fail")]),
        ({"accessToken": "with a space"}, 0o600, [("login", "fail")]),
    ],
)
def test_the_login_is_told_without_the_token(
    home: Path, fields: dict[str, object], mode: int, expected: list[tuple[str, str]]
) -> None:
    """Each state of the credentials file has its result; no character of the token shows."""
    sign_in(home, mode, **fields)
    here = scene(home)
    checks = [*login.login(here), *login.scope(here)]
    assert [(check.name, check.result) for check in checks] == expected
    assert all("sk-ant" not in str(check) for check in checks)
    assert all(check.fix for check in checks if check.result in ("warn", "fail"))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["ok"]),
        ({"HTTPS_PROXY": "http://user:test-pass@proxy:3128"}, ["ok"]),
        ({"REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem"}, ["fail", "ok"]),
        ({"CURL_CA_BUNDLE": "/"}, ["ok"]),
        ({"SSLKEYLOGFILE": "/tmp/keys"}, ["warn"]),
        ({"STATUSLINE_API_URL": "http://127.0.0.1:1"}, ["warn"]),
        ({"STATUSLINE_API_URL": "https://example.org"}, ["fail"]),
    ],
)
def test_d18_variables_on_the_way_to_the_api_are_named(
    home: Path, variables: dict[str, str], expected: list[str]
) -> None:
    """D18: what changes the way is listed by name, never with its value."""
    checks = network.variables(scene(home, **variables))
    assert [check.result for check in checks] == expected
    assert all("test-pass" not in str(check) for check in checks)


def test_nothing_is_reached_without_being_asked(home: Path) -> None:
    """Without --online no socket is opened."""
    with UsageServer([Answer()]) as server:
        checks = network.reach(scene(home, STATUSLINE_API_URL=server.url))
        assert [check.result for check in checks] == ["skip"]
        assert server.connections == 0


def test_online_tells_an_open_port_from_a_closed_one(home: Path) -> None:
    """The server is connected to and asked nothing; where nobody listens, that is said."""
    with UsageServer([Answer()]) as server:
        url = server.url
        (check,) = network.reach(scene(home, "/", True, STATUSLINE_API_URL=url))
        assert check.result == "ok"
        assert server.count == 0
    (check,) = network.reach(scene(home, "/", True, STATUSLINE_API_URL=url))
    assert check.result == "fail"
    assert "refused" in check.what


@pytest.mark.parametrize("is_trusted", [True, False])
def test_online_tells_a_certificate_that_is_not_accepted(home: Path, *, is_trusted: bool) -> None:
    """The CA file of requests decides; the fix names it."""
    ca = trustme.CA()
    context = server_context(ca)
    bundle = home / "ca.pem"
    ca.cert_pem.write_to_path(str(bundle))
    variables = {"REQUESTS_CA_BUNDLE": str(bundle)} if is_trusted else {}
    with UsageServer([Answer()], tls=context) as server:
        (check,) = network.reach(scene(home, "/", True, STATUSLINE_API_URL=server.url, **variables))
    assert check.result == ("ok" if is_trusted else "fail")
    assert is_trusted or "REQUESTS_CA_BUNDLE" in check.fix


def server_context(ca: trustme.CA) -> Any:
    """A server context with a certificate of `ca` for loopback."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_online_ends_at_its_deadline(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that never completes a handshake is given up."""
    monkeypatch.setattr(network, "DEADLINE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        (check,) = network.reach(scene(home, "/", True, STATUSLINE_API_URL=url))
    assert check.result == "fail"
    assert check.fix


def stand_in(home: Path, name: str, script: str) -> str:
    """Put a program of that name into a directory for PATH; return the directory."""
    directory = home / "programs"
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return f"{directory}:/usr/bin:/bin"


@pytest.mark.parametrize(
    ("text", "result"),
    [("", "ok"), ("command_timeout = 50\n", "warn"), ("command_timeout = 1000\n", "ok")],
)
def test_a_short_patience_of_starship_is_a_warning(home: Path, text: str, result: str) -> None:
    """A module that is late is left out of the prompt; the fix names the key."""
    path = stand_in(home, "starship", "echo starship 1.25.0")
    (home / ".config").mkdir()
    (home / ".config" / "starship.toml").write_text(text)
    (check,) = hosts.prompt(scene(home, PATH=path))
    assert check.result == result
    assert "1.25.0" in check.what


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[ $1 = -V ] && echo tmux 2.9a", ["warn"]),
        ("[ $1 = -V ] && echo tmux 3.3a && exit; exit 1", ["ok"]),
        ("[ $1 = -V ] && echo tmux 3.3a && exit; echo 40", ["warn"]),
        ("[ $1 = -V ] && echo tmux 3.3a && exit; echo 100", ["ok"]),
        (
            "case $1$3 in -V) echo tmux 3.4;; *interval) echo 0;; *) echo 100;; esac",
            ["ok", "warn"],
        ),
    ],
)
def test_what_tmux_leaves_the_segment_is_told(home: Path, script: str, expected: list[str]) -> None:
    """Before 3.2 it is not safe, below 60 columns cut, with interval 0 it stands still."""
    checks = hosts.multiplexer(scene(home, PATH=stand_in(home, "tmux", script)))
    assert [check.result for check in checks] == expected


def test_another_statusline_that_comes_first_is_named(home: Path) -> None:
    """The name belongs to another package too (docs/decisions.md 18)."""
    other = stand_in(home, "statusline", "echo not ours")
    assert [c.result for c in install.on_path(scene(home))] == ["warn"]
    (check,) = install.on_path(scene(home, PATH=other))
    assert check.result == "warn"
    assert "programs/statusline comes first" in check.what
    (check,) = install.on_path(scene(home, PATH=f"{home}/bin:{other}"))
    assert check.result == "ok"


def test_a_launcher_that_is_not_isolated_is_a_warning(home: Path) -> None:
    """A pip script starts with site-packages and PYTHONPATH."""
    path = Path(stand_in(home, "statusline", "exec python3 -m statusline").partition(":")[0])
    (check,) = install.launcher(scene(home, STATUSLINE_BIN=str(path / "statusline")))
    assert check.result == "warn"
    assert [each.result for each in install.launcher(scene(home))] == ["ok"]


@pytest.mark.parametrize(
    ("output", "notation", "text"),
    [
        (b"#[fg=green]5h 61%#[default] 2h11m", "tmux", "5h 61% 2h11m"),
        (b"\x1b[32m5h 61%\x1b[0m\n", "claude", "5h 61%"),
        (b"theirs\n\x1b[32m5h 61%\x1b[0m\n\n", "claude", "5h 61%"),
        (b"%{\x1b[32m%}5h 61%%%{\x1b[0m%}", "zsh", "5h 61%"),
        (b"\x1b]0;title\x07x\x9b", "plain", "]0;titlex�"),
        (b"", "plain", ""),
    ],
)
def test_a_segment_is_quoted_as_people_see_it(output: bytes, notation: str, text: str) -> None:
    """Styles and wrappers go, and nothing that a terminal would obey stays."""
    assert seen(output, notation) == text
