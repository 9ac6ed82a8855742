"""Root with a user's HOME (`sudo -E`, `su`): whatever is run, root leaves no file there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.capabilities import SECOND_UID, needs_bash, needs_fish, needs_root, needs_zsh
from tests.support.examples import crossed
from tests.support.house import HOOKS
from tests.support.install_script import run_script
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv, package
from tests.support.real_line import NOBODY, fill, known, line_of

pytestmark = needs_root

WORDS = ["claude", "tmux", "bash", "zsh", "fish", "starship", "plain"]
COMMANDS = {
    "refresh": ("refresh", "refresh --force", "refresh --background", "profile"),
    "look": ("show", "show --json", "watch --once", "guard", "export"),
    "examine": ("doctor", "env", "credentials", "credentials --online"),
    "configure": ("config show", "config check", "config preview", "init", "demo --once"),
    "change": ("config init", "config set width 50", "config unset old_after_s"),
    "wire": ("install --all --yes", "uninstall --all --yes", "install tmux --print"),
}
#: Each kind of prompt, twice, as root's shell runs it from the user's startup file.
SHELLS = [
    pytest.param(("bash", "--norc", "-c"), "prompt.bash", "_statusline_prompt", marks=needs_bash),
    pytest.param(("zsh", "-f", "-c"), "prompt.zsh", "_statusline_prompt", marks=needs_zsh),
    pytest.param(("zsh", "-f", "-c"), "rprompt.zsh", "_statusline_prompt", marks=needs_zsh),
    pytest.param(
        ("fish", "--no-config", "-c"), "prompt.fish", "emit fish_prompt", marks=needs_fish
    ),
    pytest.param(("sh", "-c"), "tmux.sh", ":"),
    pytest.param(("sh", "-c"), "starship.sh", ":"),
]
HOMES = ["new", "used", "used-and-configured", "root-was-here"]
Seen = dict[str, tuple[int, int, bytes]]


@pytest.fixture(params=HOMES)
def user(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Profile]:
    """A home of another user, before and after that one has used the program."""
    made = Profile(tmp_path / "home", NOBODY, TERM="xterm")
    if request.param != "new":
        fill(made.directory)
        if request.param == "used-and-configured":
            made.configure("old_after_s = 600\n")
        for word in WORDS:
            assert made.run(word).returncode == 0
        fill(made.directory, known(next_refresh_at=1.0))  # something is due
    if request.param == "root-was-here":
        shutil.rmtree(made.directory.parent)
    launcher = make_launcher(tmp_path / "bin")
    made.environment["STATUSLINE_BIN"] = str(launcher)
    assert made.wait_until_quiet()
    for path in (made.home, *made.home.rglob("*")):
        os.chown(path, SECOND_UID, SECOND_UID)
    if request.param == "root-was-here":
        os.chown(made.home / ".cache", 0, 0)
    yield made
    assert made.wait_until_quiet()


def seen(home: Path) -> Seen:
    """Every path in a home: its owner, its modification time in ns, what it holds."""
    found = {}
    for path in sorted([home, *home.rglob("*")]):
        status = path.lstat()
        data = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(home))] = (status.st_uid, status.st_mtime_ns, data)
    return found


def run(user: Profile, *command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as root with the user's HOME, and wait for whatever it starts."""
    done = subprocess.run(
        command,
        env=user.environment,
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert user.wait_until_quiet()
    return done


def test_a_segment_is_printed_and_nothing_made(user: Profile) -> None:
    """It would have caught the spawn gate of root's, which stopped the user's own refreshers."""
    before = seen(user.home)
    for word in WORDS:
        done = run(user, *argv(word))
        assert line_of(done)
    assert seen(user.home) == before


@pytest.mark.parametrize(("user", "verbs"), crossed(HOMES, COMMANDS), indirect=["user"])
def test_no_command_makes_anything(user: Profile, verbs: str) -> None:
    """Whatever root asks for, the user's home stays as it is, byte by byte."""
    before = seen(user.home)
    for words in COMMANDS[verbs]:
        done = run(user, *argv(*words.split()))
        assert b"Traceback" not in done.stderr
        assert seen(user.home) == before, words


@pytest.mark.parametrize(
    ("user", "shell", "hook", "prompt"), crossed(HOMES, SHELLS), indirect=["user"]
)
def test_no_hook_makes_anything(
    user: Profile, shell: tuple[str, ...], hook: str, prompt: str
) -> None:
    """Root's shell reads the user's startup file: not even the empty file `now` is touched."""
    user.environment["STATUSLINE_PROFILE"] = str(user.directory)
    run(user, *shell, "true")  # fish makes directories of its own
    before = seen(user.home)
    done = run(user, *shell, f". {HOOKS}/{hook}; {prompt}; {prompt}")
    assert (done.returncode, done.stderr) == (0, b"")
    assert seen(user.home) == before


@pytest.mark.parametrize(
    ("user", "words"),
    crossed(HOMES, ["refresh", "doctor", "install bash --yes"]),
    indirect=["user"],
)
def test_one_sentence_says_why(user: Profile, words: str) -> None:
    """It would have caught "PermissionError." and a doctor that found nothing wrong."""
    done = run(user, *argv(*words.split()))
    assert done.returncode == 1
    assert b"HOME belongs to another user" in done.stdout + done.stderr


def test_a_cache_of_roots_own_is_used(user: Profile, tmp_path: Path) -> None:
    """With a directory elsewhere root has numbers of its own, and the home stays as it is."""
    before = seen(user.home)
    user.environment["STATUSLINE_CACHE_DIR"] = str(tmp_path / "own")
    run(user, *argv("refresh"))
    assert list((tmp_path / "own").glob("*/usage.json"))
    assert seen(user.home) == before


def test_no_compiled_code_is_left(tmp_path: Path) -> None:
    """It would have caught `__pycache__` directories of root's in the user's installation."""
    home = tmp_path / "home"
    copy = home / "lib" / "statusline"
    shutil.copytree(package(), copy, ignore=shutil.ignore_patterns("__pycache__", "*.bundle"))
    launcher = make_launcher(home / "bin", copy.parent)
    for path in (home, *home.rglob("*")):
        os.chown(path, SECOND_UID, SECOND_UID)
    before = seen(home)
    environment = {"HOME": str(home), "PATH": os.defpath}
    for command in (
        [sys.executable, "-IS", str(launcher), "tmux"],
        [sys.executable, "-I", str(copy / "__main__.py"), "tmux"],
        [sys.executable, "-I", str(copy / "__main__.py"), "show"],
    ):
        done = subprocess.run(
            command, env=environment, cwd="/", capture_output=True, timeout=HANG_S, check=False
        )
        assert done.stdout
        assert seen(home) == before


def test_install_sh_refuses(tmp_path: Path) -> None:
    """`sudo ./install.sh` where sudo keeps HOME: one sentence, and nothing is written."""
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, SECOND_UID, SECOND_UID)
    done = run_script(home=home)
    assert done.returncode == 1
    assert "belongs to another user; run this as that user, without sudo" in done.stderr
    assert not list(home.iterdir())
