"""The prompt hooks where the program hangs, or where the user's shell is not as others are."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shells.prompts import PROMPT, SHELLS, TROUBLE, Scene, plain
from tests.support import capabilities
from tests.support.line import NUMBERS, close_gate

POSIX_LIKE = [
    pytest.param("bash", marks=capabilities.needs_bash),
    pytest.param("zsh", marks=capabilities.needs_zsh),
]


@pytest.fixture(params=POSIX_LIKE)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A home with bash or zsh in it."""
    made = Scene(tmp_path / "home", SHELLS[request.param])
    close_gate(made.directory)
    yield made
    assert made.profile.wait_until_quiet()


def test_a_hung_program_is_ended_by_one_ctrl_c(scene: Scene) -> None:
    """Bash begins PROMPT_COMMAND anew after Ctrl+C: the same wait, again and again."""
    launcher = scene.home / "hangs"
    started = shlex.quote(str(scene.home / "started"))
    launcher.write_text(f"#!/bin/sh\necho >>{started}\nexec sleep 3600\n")
    launcher.chmod(0o755)
    scene.environment["STATUSLINE_BIN"] = str(launcher)
    with scene.open() as terminal:
        terminal.wait_for_file(scene.home / "started")
        terminal.press("\x03")
        terminal.wait_for(PROMPT)
        assert scene.value(terminal) == ""
        assert scene.value(terminal) == ""
    assert (scene.home / "started").read_text() == "\n"


@pytest.mark.parametrize("is_true", [True, False])
def test_a_function_of_the_users_is_not_the_program(scene: Scene, is_true: bool) -> None:
    """A function named `exec` printed its own words into the prompt."""
    scene.let_be_true(for_s=3600 if is_true else -1)
    with scene.open(before="exec() { echo mine; }") as terminal:
        assert plain(scene.value(terminal)) == NUMBERS
    assert bool(scene.asked) is not is_true


@capabilities.needs_zsh
@pytest.mark.parametrize("hook", ["prompt.zsh", "rprompt.zsh"])
def test_sh_glob_is_no_error(tmp_path: Path, hook: str) -> None:
    """With SH_GLOB set before, the hook was a parse error and the prompt had no segment."""
    scene = Scene(tmp_path / "home", SHELLS["zsh"])
    close_gate(scene.directory)
    source = f". {shlex.quote(str(scene.shell.hook.with_name(hook)))}"
    with scene.open(before=f"setopt SH_GLOB\n{source}") as terminal:
        assert plain(scene.value(terminal)) == NUMBERS
        terminal.leave()
    assert not any(word in terminal.shown for word in TROUBLE)
    assert not scene.asked


@capabilities.needs_bash
@pytest.mark.parametrize("before", ["readonly PROMPT_COMMAND", "declare -ra PROMPT_COMMAND=(:)"])
def test_a_readonly_prompt_command_is_left_alone(tmp_path: Path, before: str) -> None:
    """An administrator's `readonly PROMPT_COMMAND` made each new shell begin with an error."""
    scene = Scene(tmp_path / "home", SHELLS["bash"])
    with scene.open(before=before) as terminal:
        assert scene.value(terminal) == ""
        terminal.leave()
    assert not any(word in terminal.shown for word in (*TROUBLE, "readonly"))
