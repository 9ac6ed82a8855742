"""The files for plug-in managers, loaded as the managers load them, in the real programs."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shells.prompts import SHELLS, TROUBLE, Scene, steady
from tests.shells.terminal import Terminal
from tests.support.capabilities import needs_fish, needs_tmux, needs_zsh
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.real_line import NOBODY, NUMBERS, close_gate, fill
from tests.support.tmux_server import Server, row

#: What a path may hold that some reader on the way would take for its own.
ODD = "a b'c#{d}%H"


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    """A home with numbers; its processes have ended when the test has."""
    made = Profile(tmp_path / "home", NOBODY)
    fill(made.directory, steady())
    close_gate(made.directory)
    yield made
    assert made.wait_until_quiet()


def checkout(directory: Path) -> Path:
    """What a manager clones: the files that it looks for, and the hooks."""
    directory.mkdir(parents=True)
    for name in ("hooks", "conf.d", "functions"):
        shutil.copytree(ROOT / name, directory / name, symlinks=True)
    for name in ("statusline.tmux", "statusline.plugin.zsh"):
        shutil.copy(ROOT / name, directory / name)
    return directory


def load(server: Server, file: Path, path: str) -> None:
    """Run a plug-in's file as TPM does: in the environment of a pane, with its output dropped."""
    server.tmux("set-environment", "-g", "PATH", path)
    server.tmux("run-shell", shlex.quote(str(file).replace("#", "##")))


@needs_tmux
def test_tmux_shows_the_segment_where_the_word_stands(profile: Profile, tmp_path: Path) -> None:
    """A path with `#{d}` in it was expanded by tmux, and the row was empty."""
    place = checkout(tmp_path / ODD)
    path = f"{make_launcher(tmp_path / 'bin').parent}:{os.environ['PATH']}"
    bare = {"HOME": str(profile.home), "STATUSLINE_API_URL": NOBODY}
    with Server(bare, "true", profile.home) as server, server.client() as screen:
        server.tmux("set-option", "-g", "status-right", "<#{statusline}> | tail 100%%")
        server.tmux("set-option", "-g", "status-right-length", "40")
        load(server, place / "statusline.tmux", path)
        screen.wait_for(rf"<{NUMBERS}> \| tail 100%")
        before = server.tmux("show-option", "-gqv", "status-right")
        load(server, place / "statusline.tmux", path)
        assert server.tmux("show-option", "-gqv", "status-right") == before
        assert "5h 61%" in row(screen)
    assert not (profile.home / "pwned").exists()


@needs_tmux
def test_tmux_says_what_is_missing(profile: Profile, tmp_path: Path) -> None:
    """A row without the program was empty, and nobody knew why."""
    place = checkout(tmp_path / "plugin")
    with Server({"HOME": str(profile.home)}, "true", profile.home) as server:
        server.tmux("set-option", "-g", "status-right", "#{statusline}")
        load(server, place / "statusline.tmux", os.defpath)
        with server.client() as screen:
            screen.wait_for("statusline is not installed")


@needs_tmux
def test_tmux_shows_another_account(profile: Profile, tmp_path: Path) -> None:
    """The option for another account's directory reaches the program."""
    place = checkout(tmp_path / "plugin")
    other = profile.home / "other claude"
    other.mkdir()
    path = f"{make_launcher(tmp_path / 'bin').parent}:{os.environ['PATH']}"
    bare = {"HOME": str(profile.home), "STATUSLINE_API_URL": NOBODY}
    with Server(bare, "true", profile.home) as server, server.client() as screen:
        server.tmux("set-option", "-g", "status-right", "#{statusline}")
        server.tmux("set-option", "-g", "@statusline_claude_dir", str(other))
        load(server, place / "statusline.tmux", path)
        screen.wait_for(r"sign in")  # nobody is, there


@needs_zsh
@pytest.mark.parametrize("how", ["file", "autoloaded"])
def test_zsh_shows_the_segment_at_the_right(tmp_path: Path, how: str) -> None:
    """The plug-in finds its hooks from wherever a manager put it, and leaves nothing behind."""
    scene = Scene(tmp_path / "home", SHELLS["zsh"])
    close_gate(scene.directory)
    place = checkout(tmp_path / ODD)
    source = f"source {shlex.quote(str(place / 'statusline.plugin.zsh'))}"
    if how == "autoloaded":  # some managers load from within a function, with options of their own
        source = f"load() {{ emulate -L zsh; setopt ksharrays; {source} }}; load"
    rc = "unsetopt PROMPT_SP\nPROMPT='<%?>@@ '\nRPROMPT=mine\n"
    (scene.home / ".zshrc").write_text(f"{rc}{source}\n")
    with Terminal(("zsh", "-d", "-i"), scene.environment, scene.home) as terminal:
        terminal.wait_for(rf"@@ .*{NUMBERS} mine")
        terminal.type("statusline_plugin_unload")
        terminal.type("echo $RPROMPT, ${(k)parameters[(I)_statusline*]} $precmd_functions.")
        terminal.wait_for(r"\nmine, \.")
    assert not any(word in terminal.shown for word in TROUBLE), terminal.shown
    assert not (scene.home / "pwned").exists()


@needs_fish
@pytest.mark.parametrize("own", ["echo mine", 'echo "$STATUSLINE_SEGMENT mine"'])
def test_fish_shows_the_segment_from_copied_files(tmp_path: Path, own: str) -> None:
    """Managers copy conf.d and functions; a right prompt of the user's outlives them."""
    scene = Scene(tmp_path / "home", SHELLS["fish"])
    close_gate(scene.directory)
    config = scene.home / ".config" / "fish"
    for name in ("conf.d", "functions"):
        (config / name).mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["cp", "-RL", *map(str, (ROOT / name).iterdir()), str(config / name)],
            timeout=HANG_S,
            check=True,
        )
    (config / "config.fish").write_text(
        "function fish_greeting; end\nfunction fish_title; end\n"
        f"function fish_prompt; echo '@@ '; end\nfunction fish_right_prompt; {own}; end\n"
    )
    with Terminal(("fish", "-i"), scene.environment, scene.home) as terminal:
        terminal.wait_for(rf"{NUMBERS} mine")
        terminal.type("emit statusline_uninstall")
        terminal.type("echo kept: (functions fish_right_prompt | string match -r 'mine').")
        terminal.wait_for(r"\nkept: mine\.")
        terminal.type("echo left: (functions -an | string match '_statusline*').")
        terminal.wait_for(r"\nleft: _statusline_hook\.")  # the file: the manager's to remove
    assert not any(word in terminal.shown for word in TROUBLE), terminal.shown
