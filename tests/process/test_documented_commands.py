"""Every command that README and docs/ tell to type is run, as they tell it."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.checkup import stand_in
from tests.support.doctor import equip
from tests.support.documents import commands, inline
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.server import UsageServer

#: What a command needs that nobody sits in front of.
ADDED = {"install": "--yes", "uninstall": "--yes", "watch": "--once", "demo": "--once"}
#: Verbs that are named without what they need: a usage error, never anything worse.
NAMED = ("completion", "config", "export", "guard", "install", "uninstall")
#: Exit codes beside 0: what doctor finds depends on the machine that runs the tests, and a second
#: question so soon after the first is not allowed; a notification has nowhere to go.
OTHER_CODES = {"doctor": 1, "credentials": 1, "notify": 1}
#: What needs a terminal, and says so as wrong usage; test_config_edit.py runs it on one.
NEEDS_TERMINAL = "statusline config edit"


@pytest.mark.parametrize("line", sorted({*commands(), *inline()}))
def test_documented_commands_run(
    line: str, profile: Profile, server: UsageServer, tmp_path: Path
) -> None:
    """README told to type `statusline install --print`, which ended with a usage error."""
    equip(profile)
    assert profile.run("refresh").returncode == 0
    words = shlex.split(line)[1:]
    if "timer" in words:  # not that of whoever runs the tests
        found = profile.environment["PATH"]
        profile.environment["PATH"] = f"{stand_in(tmp_path, 'systemctl', '')}:{found}"
    if "--textfile" in words:
        words[words.index("--textfile") + 1] = str(tmp_path)
    if words[0] in ADDED and "--print" not in words:
        words.append(ADDED[words[0]])
    done = subprocess.run(
        argv(*words),
        env=profile.environment,
        cwd=profile.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    is_named = line.split()[1:] in ([verb] for verb in NAMED)
    if line == NEEDS_TERMINAL:
        assert "needs a terminal" in done.stderr
        is_named = True
    assert done.returncode in (0, 2 if is_named else OTHER_CODES.get(words[0], 0)), done.stderr
    assert "Traceback" not in done.stderr
    assert server.count == 1


@pytest.mark.parametrize("verb", ["install", "uninstall"])
def test_print_alone_is_about_every_surface(verb: str, profile: Profile) -> None:
    """It ended with a usage error, or showed one surface of several."""
    equip(profile)
    for name in (".bashrc", ".zshrc", ".tmux.conf"):
        (profile.home / name).write_text("# mine\n")
    if verb == "uninstall":
        assert profile.run("install", "bash", "zsh", "tmux", "--yes").returncode == 0
    before = {path: path.read_bytes() for path in profile.home.glob(".*rc")}
    done = profile.run(verb, "--print")
    assert (done.returncode, done.stderr) == (0, "")
    for name in (".bashrc", ".zshrc", ".tmux.conf"):
        assert f"--- ~/{name}" in done.stdout
    assert {path: path.read_bytes() for path in profile.home.glob(".*rc")} == before


def test_the_files_are_listed_below_their_diffs(profile: Profile) -> None:
    """A long diff pushed the names off the screen, and when one sees it was said afterwards."""
    equip(profile)
    files = {
        ".bashrc": "  ~/.bashrc     bash, in the next shell you open",
        ".zshrc": "  ~/.zshrc      zsh, in the next shell you open",
        ".tmux.conf": "  ~/.tmux.conf  tmux, at once, also where it runs",
    }
    for name in files:
        (profile.home / name).write_text("# mine\n")
    done = profile.run("install", "bash", "zsh", "tmux", "--print")
    before, _title, listed = done.stdout.partition("\nFiles that change:\n")
    assert listed.splitlines() == list(files.values())
    assert before.count("@@ ") == len(files)
