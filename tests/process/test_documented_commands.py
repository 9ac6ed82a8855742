"""Every command that README and docs/ tell to type is run, as they tell it."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
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
#: question so soon after the first is not allowed; a notification has nowhere to go; an update is
#: of the numbers or of the program.
OTHER_CODES = {"doctor": 1, "credentials": 1, "notify": 1, "update": 2}
#: What needs a terminal, and says so as wrong usage; test_config_edit.py runs it on one.
NEEDS_TERMINAL = "statusline config edit"
#: What may ask the API, where a minute or two have passed since the home was made.
ASKING = {"--online", "--refresh"}
#: When the next request is due, and when it is allowed.
NEXT = ("next_refresh_at", "next_allowed_at")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Profile, UsageServer]]:
    """A home whose numbers stay fresh for an hour, with a copy of all its files beside it."""
    with UsageServer() as server:
        home = tmp_path_factory.mktemp("prepared") / "home"
        made = Profile(home, server.url)
        equip(made)
        assert made.run("refresh").returncode == 0
        for name in ("usage.json", "state.json"):
            document = json.loads((made.directory / name).read_text())
            later = {key: document[key] + 3600 for key in document if key in NEXT}
            (made.directory / name).write_text(json.dumps({**document, **later}))
        shutil.copytree(home, home.with_name("copy"), symlinks=True)
        yield made, server


@pytest.mark.parametrize("line", sorted({*commands(), *inline()}))
def test_documented_commands_run(
    line: str, prepared: tuple[Profile, UsageServer], tmp_path: Path
) -> None:
    """README told to type `statusline install --print`, which ended with a usage error."""
    profile, server = prepared
    before = server.count
    shutil.rmtree(profile.home)
    shutil.copytree(profile.home.with_name("copy"), profile.home, symlinks=True)
    words = shlex.split(line)[1:]
    environment = dict(profile.environment)
    if "timer" in words:  # not that of whoever runs the tests
        environment["PATH"] = f"{stand_in(tmp_path, 'systemctl', '')}:{environment['PATH']}"
    if "--textfile" in words:
        words[words.index("--textfile") + 1] = str(tmp_path)
    if words[0] in ADDED and "--print" not in words:
        words.append(ADDED[words[0]])
    done = subprocess.run(
        argv(*words),
        env=environment,
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
    assert profile.wait_until_quiet()
    asks = words[0] == "refresh" or not ASKING.isdisjoint(words)
    assert server.count - before <= asks


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
