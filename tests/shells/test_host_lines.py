"""The lines that tmux and starship start, in the shells that /bin/sh may be."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shells.prompts import Scene, Shell, plain
from tests.shells.scenarios import FOREIGN, SCENARIOS, Scenario
from tests.support.canary import token
from tests.support.capabilities import needs_bash, needs_root
from tests.support.examples import crossed
from tests.support.house import HOOKS
from tests.support.patience import HANG_S
from tests.support.real_line import close_gate
from tests.support.stdin import run_fed

#: What these lines do not look at: a width, the second line of the segment.
OTHERS = {"H08-narrow", "no-width", "bad-width", "third-line"}
#: tmux knows no dumb terminal; starship's own escapes cannot be told from garbage without a fork.
BY_HOST = {"tmux": {"H07-dumb"}, "starship": {"binary"}}
CASES = [
    pytest.param(host, scenario, id=f"{host}-{name}", marks=needs_root if name in FOREIGN else ())
    for host, left_out in BY_HOST.items()
    for name, scenario in (SCENARIOS | FOREIGN).items()
    if name not in OTHERS | left_out
]
SH = [
    pytest.param(("sh", "-c"), id="sh"),
    pytest.param(("bash", "--posix", "-c"), id="bash", marks=needs_bash),
]


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[dict[str, Scene]]:
    """A home for each host, made when asked for."""
    made: dict[str, Scene] = {}

    class Homes(dict[str, Scene]):
        def __missing__(self, host: str) -> Scene:
            scene = Scene(tmp_path / host, Shell(host, "", (), (), ""))
            close_gate(scene.directory)
            self[host] = made[host] = scene
            return scene

    yield Homes()
    for scene in made.values():
        assert scene.profile.wait_until_quiet()


def run(scene: Scene, *, through: tuple[str, ...] = ("sh", "-c"), **more: str) -> bytes:
    """What the line prints; it has to end well, silently, and to leave its stdin alone."""
    values = {"STATUSLINE_PROFILE": scene.directory, "STATUSLINE_BIN": scene.home / "launcher"}
    assigned = " ".join(f"{name}={shlex.quote(str(value))}" for name, value in values.items())
    hook = shlex.quote(str(HOOKS / f"{scene.shell.name}.sh"))
    reader, writer = os.pipe()  # never closed while it runs, as Claude Code's and tmux's may be
    os.write(writer, b"sentinel")
    try:
        done = subprocess.run(
            [*through, f"{assigned}; . {hook}"],
            env={"TERM": "xterm", **scene.environment, **more},
            cwd=scene.home,
            stdin=reader,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert os.read(reader, 99) == b"sentinel"
    finally:
        os.close(reader)
        os.close(writer)
    return done.stdout


@pytest.mark.parametrize(("host", "scenario", "through"), crossed(CASES, SH))
def test_line_prints_the_segment_or_asks(
    homes: dict[str, Scene], host: str, scenario: Scenario, through: tuple[str, ...]
) -> None:
    """I04: a true segment is printed without the program, every other state by it."""
    scene = homes[host]
    scenario.arrange(scene)
    printed = run(scene, through=through)
    assert bool(scene.asked) is scenario.asks
    assert plain(printed.decode()).startswith(("5h 61%", "usage: "))
    assert printed.count(b"\n") == 1
    if (victim := scene.home / "victim").exists():
        assert victim.read_text() == "precious"


@pytest.mark.parametrize("host", BY_HOST)
def test_token_of_another_account_is_another_profile(homes: dict[str, Scene], host: str) -> None:
    """With a token in the environment, the stored login's numbers are not shown."""
    scene = homes[host]
    scene.write_segment("the stored login")
    assert b"stored" in run(scene)
    printed = run(scene, CLAUDE_CODE_OAUTH_TOKEN=token("other"))
    assert b"stored" not in printed
    assert scene.asked == [host]


@pytest.mark.parametrize("host", BY_HOST)
def test_profile_of_a_token_is_not_read(homes: dict[str, Scene], host: str) -> None:
    """A line that names a token's profile does not show that to whoever has no token."""
    scene = homes[host]
    scene.write_segment("the token's")
    scene.directory = scene.directory.rename(f"{scene.directory}-env-0123abcd")
    printed = run(scene)
    assert b"the token's" not in printed
    assert scene.asked == [host]


@pytest.mark.parametrize("host", BY_HOST)
def test_line_needs_no_home(homes: dict[str, Scene], host: str) -> None:
    """A tmux server may have no HOME: the login files are not looked for, the line is there."""
    scene = homes[host]
    scene.write_segment("the numbers")
    del scene.environment["HOME"]
    assert run(scene) == b"the numbers\n"
    assert scene.asked == []


@pytest.mark.parametrize("host", BY_HOST)
def test_expired_line_is_asked_for_again(homes: dict[str, Scene], host: str) -> None:
    """The line of a minute ago is not printed once its time has come."""
    scene = homes[host]
    scene.write_segment("a minute ago")
    assert b"a minute ago" in run(scene)
    scene.let_be_true(for_s=0.05)
    end_s = time.monotonic() + HANG_S
    while b"a minute ago" in run(scene):
        assert time.monotonic() < end_s
    assert scene.asked


def test_claude_code_line_becomes_the_program(homes: dict[str, Scene]) -> None:
    """The hook of Claude Code hands its stdin to the program."""
    scene = homes["tmux"]
    hook = shlex.quote(str(HOOKS / "claude-code.sh"))
    done = run_fed(
        ["sh", "-c", f"STATUSLINE_BIN={scene.home}/launcher; . {hook}"],
        env=scene.environment,
        input=b'{"model":{"display_name":"Opus 5.5"}}',
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Opus 5.5" in done.stdout
    assert scene.asked == ["claude"]
