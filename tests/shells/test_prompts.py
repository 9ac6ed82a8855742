"""The shell hooks in real bash, zsh and fish: right, silent, without a process, and inert."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.shells.prompts import EVERY_SHELL, PROMPT, RUN, SHELLS, TROUBLE, Scene, plain, steady
from tests.shells.scenarios import ALL, FOREIGN, SCENARIOS, Scenario
from tests.support import capabilities
from tests.support.canary import Scratch
from tests.support.examples import crossed
from tests.support.patience import HANG_S
from tests.support.program import environment
from tests.support.real_line import NUMBERS, close_gate, fill


@pytest.mark.parametrize("scenario", ALL)
def test_prompt_shows_the_segment_or_asks(scene: Scene, scenario: Scenario) -> None:
    """A prompt shows a true segment without the program, and asks the program for all others."""
    scenario.arrange(scene)
    with scene.open() as terminal:
        shown = scene.value(terminal)
        terminal.leave()
    assert bool(scene.asked) is scenario.asks
    text = plain(shown)
    assert text.startswith(("5h 61%", "usage: "))
    assert len(text) <= scene.columns
    assert not any(word in terminal.shown for word in TROUBLE)
    if (victim := scene.home / "victim").exists():
        assert victim.read_text() == "precious"


@pytest.mark.parametrize(("scenario", "scene"), crossed(ALL, EVERY_SHELL), indirect=["scene"])
def test_strict_shell_is_not_disturbed(scene: Scene, scenario: Scenario) -> None:
    """Under set -eu, pipefail and noclobber, sourced twice, nothing fails and stderr is empty."""
    scenario.arrange(scene)
    script = f"{scene.shell.source}; {scene.shell.source}; {RUN[scene.shell.name]}; "
    script += f"{RUN[scene.shell.name]}; printf %s $STATUSLINE_SEGMENT"
    script = script.replace("$STATUSLINE_SEGMENT", '"$STATUSLINE_SEGMENT"')
    done = subprocess.run(
        [*scene.shell.strict, script],
        env={**scene.environment, "COLUMNS": str(scene.columns)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert plain(done.stdout.decode()).startswith(("5h 61%", "usage: "))


@capabilities.needs_second_uid
@pytest.mark.parametrize("name", EVERY_SHELL)
@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_clock_file_that_cannot_be_written(name: str, mode: int) -> None:
    """Where `now` cannot be touched, nothing tells the time: the program is asked, silently."""
    with Scratch(prefix="hooks-") as made:
        directory = Path(made) / "profile"
        directory.mkdir()
        (directory / "usage.json").write_text("{}\n")
        (directory / "now").touch(mode)
        segment = directory / f"segment.{name}"
        segment.write_text("from the file\n13\n")
        os.utime(segment, (time.time() + 3600,) * 2)
        launcher = Path(made) / "launcher"
        launcher.write_text(f'#!/bin/sh\n[ "$1" = profile ] && echo {directory} || echo asked\n')
        launcher.chmod(0o755)
        for path in (directory, *directory.iterdir()):
            os.chown(path, capabilities.SECOND_UID, capabilities.SECOND_UID)
        hook = Path(made) / "hook"
        shutil.copy(SHELLS[name].hook, hook)
        Path(made).chmod(0o755)
        uid = str(capabilities.SECOND_UID)
        through = ("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups")
        script = f'. {hook}; {RUN[name]}; printf %s "$STATUSLINE_SEGMENT"'
        done = subprocess.run(
            [*through, *SHELLS[name].strict, script],
            env=environment(made, STATUSLINE_BIN=str(launcher), TERM="xterm"),
            cwd=made,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )
    expected = "from the file" if mode == 0o600 else "asked"
    assert (done.returncode, done.stderr, done.stdout) == (0, "", expected)


def test_scenarios_cover_both_answers() -> None:
    """The list holds states that need the program and states that do not."""
    answers = {each.asks for each in (*SCENARIOS.values(), *FOREIGN.values())}
    assert answers == {True, False}


def test_prompt_notices_what_changes_between_prompts(scene: Scene) -> None:
    """A segment that expires is asked for at the next prompt, and read again once it is new."""
    with scene.open() as terminal:
        assert plain(scene.value(terminal)) == NUMBERS
        assert scene.asked == []
        scene.let_be_true(for_s=-1)
        (scene.directory / "usage.json").unlink()
        terminal.type("")
        scene.value(terminal)
        assert scene.asked
        fill(scene.directory, steady())
        assert scene.profile.run(scene.shell.name).returncode == 0
        scene.let_be_true()
        scene.value(terminal)  # typed at a prompt that may be older than the new segment
        count = len(scene.asked)
        assert plain(scene.value(terminal)) == NUMBERS
        assert len(scene.asked) == count


def test_prompt_notices_another_login(scene: Scene) -> None:
    """It would have caught the old account's number after `claude` has signed in another."""
    login = scene.home / ".claude" / ".credentials.json"
    with scene.open() as terminal:
        assert plain(scene.value(terminal)) == NUMBERS
        assert scene.asked == []
        moment = (scene.directory / "usage.json").stat().st_mtime + 0.01
        os.utime(login, (moment, moment))
        terminal.type("")
        scene.value(terminal)
        count = len(scene.asked)
        assert count > 0
        os.utime(login, (moment - 60, moment - 60))
        scene.value(terminal)  # typed at a prompt that may have seen the newer file
        count = len(scene.asked)
        assert plain(scene.value(terminal)) == NUMBERS
        assert len(scene.asked) == count


def test_prompt_keeps_the_exit_status(scene: Scene) -> None:
    """What follows the hook sees the status of the user's command, segment true or not."""
    with scene.open() as terminal:
        terminal.type("sh -c 'exit 7'")
        terminal.wait_for(PROMPT.replace(r"\d+", "7"))
        scene.let_be_true(for_s=-1)
        terminal.type("sh -c 'exit 9'")
        terminal.wait_for(PROMPT.replace(r"\d+", "9"))
    assert scene.asked


def test_prompt_keeps_the_pipe_status(scene: Scene) -> None:
    """The statuses of a pipeline's parts are still there at the prompt."""
    name = {"bash": "${PIPESTATUS[*]}", "zsh": "${pipestatus[*]}", "fish": "$pipestatus"}
    with scene.open() as terminal:
        terminal.type("sh -c 'exit 3' | sh -c 'exit 4'")
        terminal.wait_for(PROMPT.replace(r"\d+", "4"))
        terminal.type(f'printf "[%s]" "{name[scene.shell.name]}"')
        assert terminal.wait_for(r"\[3 4\]")


def test_missing_launcher_means_an_empty_segment(scene: Scene) -> None:
    """Without the program the prompt shows nothing, says nothing and goes on."""
    scene.environment["STATUSLINE_BIN"] = str(scene.home / "gone")
    with scene.open() as terminal:
        assert scene.value(terminal) == ""
        terminal.leave()
    assert not any(word in terminal.shown for word in TROUBLE)


def test_directory_is_asked_for_once(scene: Scene) -> None:
    """Only what decides about the profile makes a prompt ask for its directory again."""
    assign = {"fish": "set -gx CLAUDE_CONFIG_DIR"}.get(scene.shell.name, "export CLAUDE_CONFIG_DIR")
    gap = " " if scene.shell.name == "fish" else "="
    with scene.open() as terminal:
        terminal.type("cd /")
        terminal.type("cd ~")
        scene.value(terminal)
        assert scene.profile_questions == 1
        terminal.type(f"{assign}{gap}{shlex.quote(str(scene.home / 'other'))}")
        assert plain(scene.value(terminal)).startswith("usage: ")
        assert scene.profile_questions == 2
    close_gate(Path(next(iter(scene.directory.parent.iterdir()))))


def test_segment_is_not_exported(scene: Scene) -> None:
    """Child processes do not get the variable, even if the shell got it from its parent."""
    scene.environment["STATUSLINE_SEGMENT"] = "inherited"
    with scene.open() as terminal:
        terminal.type("printenv STATUSLINE_SEGMENT >exported; command mv exported printed")
        assert terminal.wait_for_file(scene.home / "printed") == ""


def test_source_twice_registers_once(scene: Scene) -> None:
    """Two sourcings leave one call per prompt."""
    scene.let_be_true(for_s=-1)
    (scene.directory / "usage.json").unlink()  # so that every prompt asks
    with scene.open(before=scene.shell.source) as terminal:
        terminal.wait_for(PROMPT)
        terminal.leave()
    assert len(scene.asked) == 1


ALIASES = {
    "bash": "for n in true read printf local return builtin command exec type export; do\n"
    "alias $n='echo aliased'; done",
    "zsh": "for n in true read printf local return builtin command exec whence typeset emulate; do"
    "\nalias $n='echo aliased'; done\nsetopt KSH_ARRAYS SH_WORD_SPLIT NO_UNSET NO_CLOBBER"
    " GLOB_SUBST RC_EXPAND_PARAM",
    "fish": "for n in true read string test\nfunction $n; false; end\nend",
}


@pytest.mark.parametrize("is_true", [True, False])
def test_aliases_and_options_do_not_matter(scene: Scene, is_true: bool) -> None:
    """A user who has renamed the builtins and turned odd options on gets the same segment."""
    scene.let_be_true(for_s=3600 if is_true else -1)
    undo = "functions -e true read string test" if scene.shell.name == "fish" else "\\unalias -a"
    with scene.open(before=ALIASES[scene.shell.name], after=undo) as terminal:
        assert plain(scene.value(terminal)) == NUMBERS
    assert bool(scene.asked) is not is_true
    assert "aliased" not in terminal.shown


PROMPT_COMMANDS = {
    "unset": "unset PROMPT_COMMAND",
    "string": "PROMPT_COMMAND='echo x >>ran'",
    "string-with-semicolon": "PROMPT_COMMAND='echo x >>ran;'",
    "array": "PROMPT_COMMAND=('echo x >>ran' 'echo \"$?\" >>last')",
    "empty-array": "PROMPT_COMMAND=()",
}


@capabilities.needs_bash
@pytest.mark.parametrize("value", PROMPT_COMMANDS)
def test_prompt_command_is_extended(tmp_path: Path, value: str) -> None:
    """What the user had in PROMPT_COMMAND still runs, string or array, and ours runs with it."""
    scene = Scene(tmp_path / "home", SHELLS["bash"])
    with scene.open(before=f"set -u\n{PROMPT_COMMANDS[value]}") as terminal:
        assert plain(scene.value(terminal)) == NUMBERS
        terminal.leave()
    if "ran" in PROMPT_COMMANDS[value]:
        assert set((scene.home / "ran").read_text().split()) == {"x"}
    assert not any(word in terminal.shown for word in TROUBLE)


@capabilities.needs_bash
@pytest.mark.parametrize("before", ["", "set -e"])
def test_later_prompt_commands_see_the_status(tmp_path: Path, before: str) -> None:
    """What follows ours in PROMPT_COMMAND sees the user's status; set -e ends no shell there."""
    scene = Scene(tmp_path / "home", SHELLS["bash"])
    with scene.open("PROMPT_COMMAND='echo \"$?\" >>last'", before) as terminal:
        terminal.type("! true")
        assert plain(scene.value(terminal)) == NUMBERS
        terminal.leave()
    seen = (scene.home / "last").read_text().split()
    assert ("1" in seen) is (not before)
