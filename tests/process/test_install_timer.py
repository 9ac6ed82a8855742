"""`statusline install timer`: files that a real systemd accepts, and that go as they came."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from statusline.doctor import timer as check_of_timer
from statusline.doctor.context import Context
from statusline.system.environ import Environment
from statusline.wiring import timer
from statusline.wiring.installation import Installation
from tests.support.canary import token
from tests.support.capabilities import needs_systemd_analyze
from tests.support.house import House
from tests.support.patience import HANG_S
from tests.support.real_line import NOBODY

UNITS = ".config/systemd/user"
SERVICE, TIMER = f"{UNITS}/statusline.service", f"{UNITS}/statusline.timer"

pytestmark = pytest.mark.skipif(os.uname().sysname != "Linux", reason="units are for Linux")


def manager(house: House, script: str = "") -> Path:
    """Put a systemctl that notes how it is called into the house's PATH; return its notes."""
    directory = house.home.parent / "programs"
    directory.mkdir()
    notes = directory / "notes"
    program = directory / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$*" >>"{notes}"\n{script}\n')
    program.chmod(0o755)
    house.environment["PATH"] = f"{directory}:{house.environment['PATH']}"
    return notes


def test_the_timer_comes_and_goes_byte_for_byte(house: House) -> None:
    """Whatever lay beside its files stays, and systemd is told both times."""
    notes = manager(house)
    house.write(f"{UNITS}/mine.service", "[Service]\n")
    tree = house.tree()
    shown = house.ok("install", "timer", "--print")
    assert "OnUnitInactiveSec=300" in shown.stdout
    assert house.tree() == tree
    done = house.ok("install", "timer", "--yes")
    assert "the timer: it checks the numbers every 5 minutes from now on." in done.stdout
    assert notes.read_text() == "--user daemon-reload\n--user restart statusline.timer\n"
    wired = house.tree()
    assert {SERVICE, TIMER, f"{UNITS}/timers.target.d/statusline.conf"} <= wired.keys()
    assert (
        "timer: ~/.config/systemd/user/statusline.timer has it already."
        in house.ok("install", "timer", "--yes").stdout
    )
    assert house.tree() == wired
    notes.unlink()
    house.ok("uninstall", "timer", "--yes")
    assert house.tree() == tree
    assert notes.read_text() == "--user stop statusline.timer\n--user daemon-reload\n"
    assert house.ok("uninstall", "timer", "--yes").stdout == "timer: not installed.\n"


def test_all_leaves_the_timer_out_and_takes_it_back(house: House) -> None:
    """It makes something run by itself: nobody gets it who did not name it."""
    manager(house)
    tree = house.tree()
    house.ok("install", "--all", "--yes")
    assert SERVICE not in house.tree()
    house.ok("uninstall", "--all", "--yes")
    house.ok("install", "timer", "--yes")
    house.ok("uninstall", "--all", "--yes")
    assert house.tree() == tree


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'Failed to connect to bus: No medium found' >&2; exit 1", "No medium found. It"),
        ("exit 5", "systemctl failed: exit code 5. It"),
    ],
)
def test_a_systemd_that_does_not_answer_is_no_failure(house: House, script: str, said: str) -> None:
    """In a container or a `su` shell the files are written, and what to type is said."""
    manager(house, script)
    done = house.ok("install", "timer", "--yes")
    assert said in done.stdout
    by_hand = "systemctl --user daemon-reload && systemctl --user restart statusline.timer"
    assert by_hand in done.stdout
    assert SERVICE in house.tree()


def test_a_unit_of_the_users_own_stays(house: House) -> None:
    """Nothing is half installed beside it: our timer would start their service."""
    manager(house)
    house.write(SERVICE, "[Service]\nExecStart=/bin/true\n")
    tree = house.tree()
    done = house.run("install", "timer", "--yes")
    assert done.returncode == 1
    assert "was not made by `statusline install timer`. Move it away." in done.stderr
    assert house.tree() == tree


#: What unit files expand, and a program's path may hold; a variable's value may hold more.
ODD, ODDER = "a $HOME ${x} %h ü", "b \"$c\" \\n '%t'"


@needs_systemd_analyze
def test_systemd_itself_reads_odd_paths_as_they_are(house: House) -> None:
    """A unit file has rules of its own for quotes, dollars and percent signs."""
    manager(house)
    launcher = house.home / ODD / "statusline"
    launcher.parent.mkdir()
    shutil.copy(house.environment["STATUSLINE_BIN"], launcher)
    house.environment |= {"STATUSLINE_BIN": str(launcher), "CLAUDE_CONFIG_DIR": f"/{ODDER}"}
    house.ok("install", "timer", "--yes")
    units = [str(house.home / name) for name in (SERVICE, TIMER)]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *units],
        env={**house.environment, "XDG_RUNTIME_DIR": str(house.home)},
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "statusline" in line] == []


def test_a_path_that_systemd_refuses_is_named(house: House) -> None:
    """The timer would be installed and never run."""
    manager(house)
    launcher = house.home / ODDER / "statusline"
    launcher.parent.mkdir()
    shutil.copy(house.environment["STATUSLINE_BIN"], launcher)
    house.environment["STATUSLINE_BIN"] = str(launcher)
    tree = house.tree()
    done = house.run("install", "timer", "--yes")
    assert done.returncode == 1
    assert "Set STATUSLINE_BIN to a link without one." in done.stderr
    assert house.tree() == tree


def refresher_of(house: House) -> dict[str, str]:
    """The lines of the service."""
    text = (house.home / SERVICE).read_text()
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def test_the_service_runs_a_refresher_of_the_stored_login(house: House) -> None:
    """No token of the shell that installed it, no proxy with a password; the same profile."""
    manager(house)
    house.environment |= {
        "CLAUDE_CODE_OAUTH_TOKEN": token("made-up"),
        "HTTPS_PROXY": "http://me:secret@proxy",
        "XDG_CACHE_HOME": str(house.home / "cache"),
    }
    house.ok("install", "timer", "--yes")
    text = (house.home / SERVICE).read_text()
    assert "sk-ant" not in text
    assert "secret" not in text
    assert f'Environment="XDG_CACHE_HOME={house.home}/cache"' in text
    assert "UnsetEnvironment=CLAUDE_CODE_OAUTH_TOKEN CLAUDE_CONFIG_DIR" in text
    command = refresher_of(house)["ExecStart"]
    assert command.endswith('" refresh --background')
    subprocess.run(
        ["/bin/sh", "-c", command],
        env={**house.environment, "STATUSLINE_API_URL": NOBODY, "CLAUDE_CODE_OAUTH_TOKEN": ""},
        stdin=subprocess.DEVNULL,
        timeout=HANG_S,
        check=True,
    )
    assert list((house.home / "cache").rglob("usage.json"))


def test_an_agent_of_launchd_is_sound() -> None:
    """MacOS reads a property list: the same refresher, every five minutes."""
    env = Environment({"HOME": "/Users/u", "PATH": "/opt/homebrew/bin:relative:/usr/bin"})
    here = Installation(env, "/Users/u", "/Users/u/bin/statusline", "/h", "/d")
    agent = plistlib.loads(timer.agent(here).encode())
    assert agent["ProgramArguments"] == [
        "/Users/u/bin/statusline",
        "refresh",
        "--background",
    ]
    assert agent["EnvironmentVariables"] == {"PATH": "/opt/homebrew/bin:/usr/bin"}
    assert (agent["StartInterval"], agent["Label"]) == (300, timer.LABEL)
    assert timer._LAUNCHD[0].is_in(timer.agent(here).encode())


@pytest.mark.parametrize(("script", "result"), [("", "ok"), ("exit 3", "warn")])
def test_doctor_looks_whether_the_timer_runs(house: House, script: str, result: str) -> None:
    """The files alone start nothing; without them there is no row."""
    manager(house, script)
    context = Context(Environment(house.environment), 0.0, "/")
    assert check_of_timer.runs(context) == []
    house.run("install", "timer", "--yes")
    (check,) = check_of_timer.runs(context)
    assert (check.name, check.result) == ("timer", result)
    assert ("systemctl --user start statusline.timer" in check.fix) is (result == "warn")
