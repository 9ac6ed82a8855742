"""What a prompt may find on the disk and around it: one list for every shell."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from statusline.system.environ import Environment
from tests.shells.prompts import Scene
from tests.support.canary import token
from tests.support.capabilities import SECOND_UID, needs_root

Change = Callable[[Scene], None]


@dataclass(frozen=True)
class Scenario:
    """One state; `asks` tells whether the first prompt has to start the program."""

    arrange: Change
    asks: bool = True


def _touch(name: str, ahead_s: float) -> Change:
    def change(scene: Scene) -> None:
        moment = time.time() + ahead_s
        os.utime(scene.directory / name.replace("X", scene.shell.name), (moment, moment))

    return change


def _write(text: bytes) -> Change:
    def change(scene: Scene) -> None:
        scene.segment.write_bytes(text)
        scene.let_be_true()

    return change


def _set(name: str, value: str) -> Change:
    def change(scene: Scene) -> None:
        scene.environment[name] = value

    return change


def _fresh(scene: Scene) -> None:
    scene.let_be_true()


def _absent(scene: Scene) -> None:
    scene.segment.unlink()


def _no_usage(scene: Scene) -> None:
    (scene.directory / "usage.json").rename(scene.directory / "kept.json")


def _link(scene: Scene) -> None:
    elsewhere = scene.home / "elsewhere"
    scene.segment.rename(elsewhere)
    scene.segment.symlink_to(elsewhere)


def _linked_directory(scene: Scene) -> None:
    elsewhere = scene.home / "elsewhere"
    scene.directory.rename(elsewhere)
    scene.directory.symlink_to(elsewhere)


def _foreign(scene: Scene) -> None:
    os.chown(scene.segment, SECOND_UID, SECOND_UID)


def _foreign_directory(scene: Scene) -> None:
    os.chown(scene.directory, SECOND_UID, SECOND_UID)


def _fifo(scene: Scene) -> None:
    scene.segment.unlink()
    os.mkfifo(scene.segment)
    scene.let_be_true()


def _no_clock(scene: Scene) -> None:
    (scene.directory / "now").unlink()


def _clock_is_directory(scene: Scene) -> None:
    _no_clock(scene)
    (scene.directory / "now").mkdir()


def _clock_is_link(scene: Scene) -> None:
    _no_clock(scene)
    (scene.directory / "now").symlink_to(scene.home / "victim")
    (scene.home / "victim").write_text("precious")


def _clock_is_fifo(scene: Scene) -> None:
    _no_clock(scene)
    os.mkfifo(scene.directory / "now")


def _new_configuration(scene: Scene) -> None:
    scene.profile.configure("# nothing yet\n")


def _compiled_configuration(scene: Scene) -> None:
    scene.profile.configure("# nothing yet\n")
    assert scene.profile.run(scene.shell.name).returncode == 0
    scene.let_be_true()


def _edited_configuration(scene: Scene) -> None:
    """As an editor that writes in place leaves it: the same file, only newer."""
    _compiled_configuration(scene)
    moment = time.time() + 60
    os.utime(Environment(scene.environment).config_path or "", (moment, moment))


def _older_configuration(scene: Scene) -> None:
    """As `rsync -t` or a backup brings it."""
    _compiled_configuration(scene)
    path = Path(Environment(scene.environment).config_path or "")
    path.with_name("older").write_text("# nothing either\n")
    os.utime(path.with_name("older"), (1, 1))
    path.with_name("older").replace(path)


def _configuration_of_a_store(scene: Scene) -> None:
    """As nix has it: a link into a store where every file is of 1970."""
    path = Path(Environment(scene.environment).config_path or "")
    path.parent.mkdir(parents=True)
    for name in ("first", "second"):
        (scene.home / name).write_text(f"# {name}\n")
        os.utime(scene.home / name, (1, 1))
    path.symlink_to(scene.home / "first")
    assert scene.profile.run(scene.shell.name).returncode == 0
    scene.let_be_true()


def _configuration_of_a_new_generation(scene: Scene) -> None:
    _configuration_of_a_store(scene)
    path = Path(Environment(scene.environment).config_path or "")
    path.unlink()
    path.symlink_to(scene.home / "second")


def _configuration_of_its_own(scene: Scene) -> None:
    """Another terminal's segment, whose file is as old as this one's."""
    _configuration_of_a_store(scene)
    scene.environment["STATUSLINE_CONFIG"] = str(scene.home / "second")


def _removed_configuration(scene: Scene) -> None:
    _compiled_configuration(scene)
    Path(Environment(scene.environment).config_path or "").unlink()


def _token(scene: Scene) -> None:
    scene.environment["CLAUDE_CODE_OAUTH_TOKEN"] = token("other")
    shutil.copytree(scene.directory, Environment(scene.environment).profile_dir or "")


def _narrow(scene: Scene) -> None:
    scene.columns = 12


def _login(name: str, ahead_s: float, **variables: str) -> Change:
    """A file that says who is signed in, written so long after the numbers were."""

    def change(scene: Scene) -> None:
        usage = scene.directory / "usage.json"
        written = time.time() - 60
        os.utime(usage, (written, written))
        os.utime(scene.home / ".claude/.credentials.json", (written - 60, written - 60))
        path = scene.home / name
        path.touch()
        os.utime(path, (written + ahead_s, written + ahead_s))
        scene.environment |= {key: f"{scene.home}/{value}" for key, value in variables.items()}

    return change


def _signed_out(scene: Scene) -> None:
    (scene.home / ".claude/.credentials.json").unlink()


SCENARIOS = {
    "fresh": Scenario(_fresh, asks=False),
    "same-login": Scenario(_login(".claude.json", -5), asks=False),
    "no-login": Scenario(_signed_out, asks=False),
    "other-login": Scenario(_login(".claude/.credentials.json", 0.01)),
    "other-account": Scenario(_login(".claude.json", 0.01)),
    "other-account-in-legacy-file": Scenario(_login(".claude/.config.json", 0.01)),
    "other-account-in-own-directory": Scenario(
        _login(".claude/.claude.json", 0.01, CLAUDE_CONFIG_DIR=".claude")
    ),
    "other-account-inside": Scenario(_login(".claude/.claude.json", 0.01)),
    "other-account-beside-named-directory": Scenario(
        _login(".claude.json", 0.01, CLAUDE_CONFIG_DIR=".claude")
    ),
    "compiled-config": Scenario(_compiled_configuration, asks=False),
    "config-of-a-store": Scenario(_configuration_of_a_store, asks=False),
    "stale": Scenario(_touch("segment.X", -3600)),
    "just-expired": Scenario(_touch("segment.X", -0.05)),
    "A01-absent": Scenario(_absent),
    "no-usage-json": Scenario(_no_usage),
    "A02-empty": Scenario(_write(b"")),
    "no-width": Scenario(_write(b"5h 61%\n")),
    "bad-width": Scenario(_write(b"5h 61%\nabc\n")),
    "third-line": Scenario(_write(b"5h 61%\n6\n6\n")),
    "binary": Scenario(_write(bytes(range(256)) * 3)),
    "S13-link": Scenario(_link),
    "S13-linked-directory": Scenario(_linked_directory),
    "fifo": Scenario(_fifo),
    "no-clock": Scenario(_no_clock),
    "clock-is-directory": Scenario(_clock_is_directory),
    "clock-is-link": Scenario(_clock_is_link),
    "clock-is-fifo": Scenario(_clock_is_fifo),
    "G02-clock-set-back": Scenario(_touch("usage.json", 3600)),
    "new-config": Scenario(_new_configuration),
    "edited-config": Scenario(_edited_configuration),
    "older-config": Scenario(_older_configuration),
    "config-of-a-new-generation": Scenario(_configuration_of_a_new_generation),
    "config-of-its-own": Scenario(_configuration_of_its_own),
    "removed-config": Scenario(_removed_configuration),
    "token": Scenario(_token),
    "H07-no-color": Scenario(_set("NO_COLOR", "1")),
    "H07-dumb": Scenario(_set("TERM", "dumb")),
    "H05-latin1": Scenario(_set("LC_ALL", "C")),
    "H08-narrow": Scenario(_narrow),
}
FOREIGN = {
    "wrong-owner": Scenario(_foreign),
    "S14-wrong-owner-of-directory": Scenario(_foreign_directory),
}
ALL = [
    *(pytest.param(each, id=name) for name, each in SCENARIOS.items()),
    *(pytest.param(each, id=name, marks=needs_root) for name, each in FOREIGN.items()),
]

#: What a value may hold; {} is the name of a file that must never appear.
PAYLOADS = {
    "S01-substitution": "$(touch {})",
    "S01-backticks": "`touch {}`",
    "S01-arithmetic": "$((x[$(touch {})]))",
    "S01-backslashes": r"\u\h\$(touch {})",
    "S01-history": "!!:touch {}",
    "S02-percent": "%U%n%(!.a.b)%F{red}%D{%H}",
    "S02-color-argument": "%F{$(touch {})}",
    "S03-fish": "(touch {})",
    "S04-tmux": "#(touch {})#{pane_pid}#[fg=red",
    "S07-escape": "\x1b]52;c;cHduZWQ=\x07\x1b[2J\x1b]0;title\x07",
    "S07-inside-bash-style": "\x01\x1b[0\x1b]52;c;cHduZWQ=\x07m\x02",
    "S07-inside-zsh-style": "%{\x1b[0\x1b]52;c;cHduZWQ=\x07m%}",
    "S07-c1": "\x9b2J\x9d52;c;cHduZWQ=\x9c",
    "S07-overwrite": "\r\b\x7f\x00 0%",
    "S08-bidi": "\u202e16\u202c",
    "S08-isolate": "\u2066x\u2069",
}
#: What must never reach a terminal from a value.
HARMFUL = (
    b"\x1b]52",
    b"\x1b[4m",
    b"\x1b[2J",
    b"\x1b]0",
    b"\xc2\x9b",
    b"\xe2\x80\xae",
    b"\xe2\x81\xa6",
)
