"""The macOS Keychain through a stand-in `security` on PATH, as a real process."""

from __future__ import annotations

import json
import os
import select
import shlex
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from statusline.login import keychain
from statusline.login.credentials import Credentials, find
from statusline.login.keychain import KeychainItem, read_keychain, service
from statusline.login.secret import Secret
from statusline.system.environ import Environment
from tests.support.canary import token
from tests.support.deadlines import limit_over_when, patient
from tests.support.patience import FOREVER_S, HANG_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = token("keychain")
ITEM = json.dumps({"claudeAiOauth": {"accessToken": TOKEN, "scopes": ["user:profile"]}})


class StandIn:
    """A `security` of our own: notes how it was called, then runs a line of shell."""

    def __init__(self, directory: Path) -> None:
        self.bin = directory / "bin"
        self.bin.mkdir()
        self.seen = directory / "seen"
        self.home = directory / "home"
        self.home.mkdir()

    def answers(self, line: str) -> None:
        """Make it run `line` after its notes."""
        tool = self.bin / "security"
        seen = shlex.quote(str(self.seen))
        tool.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" >{seen}.argv\nenv >{seen}.env\n'
            f"pwd >{seen}.cwd\n{line}\n"
        )
        tool.chmod(0o755)

    def env(self, **variables: str) -> Environment:
        """An environment whose PATH leads to it."""
        path = f"{self.bin}:/usr/bin:/bin"
        return Environment({"HOME": str(self.home), "USER": "ada", "PATH": path, **variables})

    def noted(self, what: str) -> list[str]:
        """The lines it noted about `what`: argv, env or cwd; [] if it never ran."""
        note = self.seen.with_suffix(f".{what}")
        return note.read_text().splitlines() if note.exists() else []


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The stand-in, on a system that has no tool of its own and all the time it needs."""
    monkeypatch.setattr(keychain, "SYSTEM_TOOL", "/nonexistent/security")
    monkeypatch.setattr(keychain, "_CLOSING_S", HANG_S)
    with patient(keychain):
        yield StandIn(tmp_path)


def printing(text: str) -> str:
    """A line of shell that prints `text` as `security -w` does, newline included."""
    return f"printf '%s\\n' {shlex.quote(text)}"


def test_the_token_comes_from_the_keychain(stand_in: StandIn) -> None:
    """On macOS, without a file, the item is asked for by service and account and read as JSON."""
    stand_in.answers(printing(ITEM))
    credentials = find(stand_in.env(), platform="darwin")
    assert credentials == Credentials(Secret(TOKEN), "keychain", "found", scopes=("user:profile",))
    assert "canary" not in repr(credentials)
    assert stand_in.noted("argv") == [
        *("find-generic-password", "-s", "Claude Code-credentials", "-a", "ada", "-w")
    ]


def test_hex_output_is_decoded(stand_in: StandIn) -> None:
    """The tool prints hex when a byte of the item is not printable."""
    pretty = json.dumps(json.loads(ITEM) | {"name": "é"}, indent=2, ensure_ascii=False)
    stand_in.answers(printing(pretty.encode().hex()))
    assert find(stand_in.env(), platform="darwin").token == Secret(TOKEN)


@pytest.mark.parametrize(
    ("variables", "suffix"),
    [
        pytest.param({}, "", id="default"),
        pytest.param({"CLAUDE_CONFIG_DIR": "/c/work"}, "-7baa0acf", id="CLAUDE_CONFIG_DIR"),
        pytest.param(
            {"CLAUDE_CONFIG_DIR": "/c/work", "CLAUDE_SECURESTORAGE_CONFIG_DIR": "/c/store"},
            "-b78f031c",
            id="CLAUDE_SECURESTORAGE_CONFIG_DIR wins",
        ),
        pytest.param({"CLAUDE_CONFIG_DIR": "/c/caf\u00e9"}, "-03bb333e", id="composed"),
        pytest.param({"CLAUDE_CONFIG_DIR": "/c/cafe\u0301"}, "-03bb333e", id="decomposed"),
    ],
)
def test_a_directory_of_its_own_is_hashed_into_the_service(
    stand_in: StandIn, variables: dict[str, str], suffix: str
) -> None:
    """The first 8 hex digits of SHA-256 over the directory in NFC, as it was given."""
    stand_in.answers(printing(ITEM))
    env = stand_in.env(**variables)
    assert find(env, platform="darwin").state == "found"
    assert stand_in.noted("argv")[2] == f"Claude Code-credentials{suffix}" == service(env)


def test_without_user_the_account_is_the_one_that_the_system_names(stand_in: StandIn) -> None:
    """`-a` is never left out: duplicates of the item exist."""
    stand_in.answers(printing(ITEM))
    assert read_keychain(stand_in.env(USER="")).state == "found"
    assert stand_in.noted("argv")[3] == "-a"
    assert stand_in.noted("argv")[4] != ""


@pytest.mark.parametrize(
    ("line", "state", "source"),
    [
        pytest.param("exit 44", "missing", "", id="no such item"),
        pytest.param("exit 36", "keychain_locked", "keychain", id="locked"),
        pytest.param("exit 51", "keychain_locked", "keychain", id="refused"),
        pytest.param("kill -9 $$", "keychain_locked", "keychain", id="killed"),
        pytest.param(f"{printing(ITEM)}; exit 1", "keychain_locked", "keychain", id="failed"),
        pytest.param("exit 0", "partial", "keychain", id="empty"),
        pytest.param(printing(ITEM[:-3]), "partial", "keychain", id="cut off"),
        pytest.param(printing(ITEM.encode().hex()[:-3]), "partial", "keychain", id="hex cut off"),
        pytest.param(printing("{}"), "no_login", "keychain", id="wrong item"),
        pytest.param("cat /dev/zero", "too_large", "keychain", id="endless"),
    ],
)
def test_every_failure_has_its_state(stand_in: StandIn, line: str, state: str, source: str) -> None:
    """What the tool does instead of printing an item is told apart, without a token."""
    stand_in.answers(line)
    assert find(stand_in.env(), platform="darwin") == Credentials(source=source, state=state)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"exec sleep {FOREVER_S}", id="hangs"),
        pytest.param(f"sleep {FOREVER_S}", id="waits for a child that hangs"),
        pytest.param(f"{printing(ITEM)}; exec sleep {FOREVER_S}", id="prints and hangs"),
        pytest.param(f"exec >&-; exec sleep {FOREVER_S}", id="closes its output and hangs"),
        pytest.param("trap '' TERM; while :; do sleep 1; done", id="ignores SIGTERM"),
    ],
)
def test_a_tool_that_hangs_is_killed(
    stand_in: StandIn, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Keychain that waits for a password counts as locked, and leaves no process behind."""
    monkeypatch.setattr(keychain, "_CLOSING_S", 0.2)
    alive = stand_in.home / "alive"
    os.mkfifo(alive)
    reader = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    stand_in.answers(f"exec 9>{shlex.quote(str(alive))}\n{line}")
    with limit_over_when(keychain, lambda _: stand_in.noted("cwd")) as were_set:
        credentials = find(stand_in.env(), platform="darwin", keychain_timeout_s=1.5)
    assert were_set == [1.5]
    assert credentials == Credentials(source="keychain", state="keychain_locked")
    hangup = select.poll()
    hangup.register(reader, 0)
    # The FIFO hangs up once nobody holds its other end: neither the tool nor a child of it.
    assert hangup.poll(HANG_S * 1000) == [(reader, select.POLLHUP)]
    os.close(reader)


def test_a_grandchild_that_keeps_the_pipe_holds_nobody_up(stand_in: StandIn) -> None:
    """The time limit ends the reading even where no kill reaches the holder of the pipe."""
    ready = stand_in.home / "ready"
    link = f"os.symlink(str(os.getpid()), {str(ready)!r})"
    script = f"import os, time; os.setsid(); {link}; time.sleep({FOREVER_S})"
    stand_in.answers(f"{shlex.quote(sys.executable)} -c {shlex.quote(script)} & exit 0")
    with limit_over_when(keychain, lambda _: ready.is_symlink()):
        assert read_keychain(stand_in.env(), timeout_s=1.0).state == "keychain_locked"
    os.kill(int(os.readlink(ready)), signal.SIGKILL)


def test_s25_the_tool_sees_no_token_and_no_working_directory(
    stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HOME, USER and PATH are all that it gets; it runs in the root directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-canary-leak")
    stand_in.answers(printing(ITEM))
    env = stand_in.env(ANTHROPIC_API_KEY="test-canary-leak", LD_PRELOAD="/x.so")
    assert read_keychain(env).state == "found"
    names = {line.partition("=")[0] for line in stand_in.noted("env")}
    assert names - {"PWD", "OLDPWD", "SHLVL", "_"} == {"HOME", "USER", "PATH"}
    assert stand_in.noted("cwd") == ["/"]


def test_the_tool_does_not_get_our_stdin(stand_in: StandIn) -> None:
    """Claude Code's JSON, or a terminal, stays ours: the tool reads an end at once."""
    stand_in.answers("cat")
    ours, (reader, writer) = os.dup(0), os.pipe()
    os.dup2(reader, 0)
    try:
        item = read_keychain(stand_in.env())
    finally:
        os.dup2(ours, 0)
        for descriptor in (ours, reader, writer):
            os.close(descriptor)
    assert item == KeychainItem("found", Secret(""))


@pytest.mark.parametrize("path", [".", "", "bin", ".:", ":bin", "./bin:"])
def test_s22_a_tool_in_the_working_directory_is_never_run(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Relative and empty entries of PATH lead nowhere."""
    stand_in.answers(printing(ITEM))
    for directory in (stand_in.bin, stand_in.bin.parent):
        monkeypatch.chdir(directory)
        env = stand_in.env(PATH=f"{path}:/nonexistent")
        assert read_keychain(env) == KeychainItem("missing")
    assert stand_in.noted("argv") == []


def test_s22_the_tool_of_the_system_goes_before_one_on_path(
    stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where macOS has its own, PATH is not asked."""
    stand_in.answers("exit 44")
    system = tmp_path / "system-security"
    system.write_text(f"#!/bin/sh\n{printing(ITEM)}\n")
    system.chmod(0o755)
    monkeypatch.setattr(keychain, "SYSTEM_TOOL", str(system))
    assert read_keychain(stand_in.env()).text == Secret(ITEM)
    assert stand_in.noted("argv") == []


def test_a_file_with_a_login_keeps_the_keychain_closed(stand_in: StandIn) -> None:
    """The Keychain, which may ask the user, is asked last."""
    stand_in.answers(printing(ITEM))
    stored = stand_in.home / ".claude" / ".credentials.json"
    stored.parent.mkdir()
    stored.write_text(json.dumps({"claudeAiOauth": {"accessToken": token("file")}}))
    assert find(stand_in.env(), platform="darwin").source == "file"
    stored.write_text("{")
    assert find(stand_in.env(), platform="darwin").state == "partial"
    assert stand_in.noted("argv") == []


def test_a_file_without_a_login_does_not_hide_the_keychain(stand_in: StandIn) -> None:
    """A file that holds only mcpOAuth counts only where the Keychain has nothing either."""
    stored = stand_in.home / ".claude" / ".credentials.json"
    stored.parent.mkdir()
    stored.write_text('{"mcpOAuth": {}}')
    stored.chmod(0o600)
    stand_in.answers(printing(ITEM))
    assert find(stand_in.env(), platform="darwin").token == Secret(TOKEN)
    stand_in.answers("exit 44")
    assert find(stand_in.env(), platform="darwin") == Credentials(source="file", state="no_login")


def test_only_macos_has_a_keychain(stand_in: StandIn) -> None:
    """On Linux nothing called `security` is run."""
    stand_in.answers(printing(ITEM))
    assert find(stand_in.env(), platform="linux") == Credentials()
    assert stand_in.noted("argv") == []


def test_a_name_with_a_nul_starts_no_process(stand_in: StandIn) -> None:
    """What cannot be an argument is a failure, not an exception."""
    stand_in.answers(printing(ITEM))
    assert read_keychain(stand_in.env(USER="a\0b")) == KeychainItem("keychain_locked")
