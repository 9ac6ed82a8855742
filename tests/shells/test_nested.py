"""What a shell that never read the hook inherits from one that did: nothing that shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shells.prompts import SHELLS, TROUBLE, Scene
from tests.shells.terminal import Terminal
from tests.support.capabilities import SECOND_UID, needs_bash, needs_second_uid
from tests.support.real_line import NUMBERS, close_gate

pytestmark = needs_bash

#: The prompt that `statusline install bash` makes, and what the user has in PROMPT_COMMAND.
PROMPT = "PS1='${STATUSLINE_SEGMENT:+$STATUSLINE_SEGMENT }mine> '\n"
SEES = "PROMPT_COMMAND='echo \"[saw $?]\"'"
EXPORTS = {
    "export": (SEES, "export PROMPT_COMMAND PS1"),
    "export-before": (f"export {SEES}", "export PS1"),
    "allexport": (f"set -a\n{SEES}", ""),
    "allexport-later": (SEES, "set -a; PROMPT_COMMAND=$PROMPT_COMMAND PS1=$PS1"),
    "alone": ("unset PROMPT_COMMAND", "export PROMPT_COMMAND+='; echo \"[saw $?]\"' PS1"),
}
UID = str(SECOND_UID)
OTHERS = [
    "bash --norc",
    "bash --norc -u",
    "bash --norc -e",
    "bash --norc --posix",
    "env -u HOME bash --norc",
    "exec bash --norc",
    pytest.param(
        f"setpriv --reuid {UID} --regid {UID} --clear-groups bash --norc", marks=needs_second_uid
    ),
]


@pytest.fixture
def bash(tmp_path: Path) -> Iterator[Scene]:
    """A home in which bash's segment is there and true."""
    made = Scene(tmp_path / "home", SHELLS["bash"])
    close_gate(made.directory)
    yield made
    assert made.profile.wait_until_quiet()


def opened(scene: Scene, how: str) -> Terminal:
    """An interactive bash whose PROMPT_COMMAND and PS1 are exported in one of the usual ways."""
    before, after = EXPORTS[how]
    (scene.home / ".bashrc").write_text(f"{before}\n{scene.shell.source}\n{PROMPT}{after}\n")
    return Terminal(scene.shell.interactive, scene.environment, scene.home)


@pytest.mark.parametrize("nested", OTHERS)
@pytest.mark.parametrize("how", ["export", "allexport", "alone"])
def test_a_bash_without_the_hook_is_not_disturbed(bash: Scene, how: str, nested: str) -> None:
    """It would have caught `_statusline_prompt: command not found` at each prompt; $? is kept."""
    with opened(bash, how) as terminal:
        terminal.wait_for(rf"{NUMBERS} mine>")
        start = len(terminal.shown)
        terminal.type(nested)
        terminal.type("echo nes''ted")
        terminal.wait_for("nested")
        terminal.type("! true")
        if " -e" in nested:  # there a function that keeps 1 would end the shell
            terminal.wait_for(r"! true\n\[saw 0\]")
        else:
            terminal.wait_for(r"\[saw 1\]")
            terminal.type("sh -c 'exit 7'")
            terminal.wait_for(r"\[saw 7\]")
        terminal.type("echo ali''ve")
        terminal.wait_for("alive")
        seen = terminal.shown[start:]
    assert not any(word in seen for word in TROUBLE)
    assert "5h" not in seen
    assert "STATUSLINE" not in seen
    assert "_statusline" not in seen


@pytest.mark.parametrize("how", EXPORTS)
def test_nothing_of_ours_is_exported(bash: Scene, how: str) -> None:
    """It would have caught `set -a` handing the hook's variables and functions to every command."""
    with opened(bash, how) as terminal:
        terminal.type("")
        terminal.type("env >out.new; command mv out.new out")
        seen = terminal.wait_for_file(bash.home / "out")
    names = re.findall(r"^(\w+)(?:%%)?=", seen, re.MULTILINE)
    ours = {name for name in names if "statusline" in name.lower()}
    assert ours <= {"STATUSLINE_BIN", "STATUSLINE_API_URL"}
    assert {"PROMPT_COMMAND", "PS1"} <= set(names) or how == "allexport-later"


@pytest.mark.parametrize("shell", ["sh -i", "bash --norc +o history"])
def test_an_exported_prompt_shows_no_name(bash: Scene, shell: str) -> None:
    """Where the variable is missing, PS1 shows what was there before us, also in other shells."""
    with opened(bash, "export") as terminal:
        terminal.wait_for("mine>")
        start = len(terminal.shown)
        terminal.type(shell)
        terminal.wait_for("mine>", 2)  # dash throws away what was typed before
        terminal.type("echo ne''sted")
        terminal.wait_for(r"nested(?s:.*)mine>")
        assert "STATUSLINE" not in terminal.shown[start:]
        assert NUMBERS not in terminal.shown[start:]


@pytest.mark.parametrize("how", EXPORTS)
def test_a_script_is_not_disturbed(bash: Scene, how: str) -> None:
    """`bash -c`, strict or not, prints what it prints."""
    with opened(bash, how) as terminal:
        terminal.type("{ bash -c 'echo a'; bash -euc 'echo b'; sh -c 'echo c'; } >out.new 2>&1")
        terminal.type("command mv out.new out")
        assert terminal.wait_for_file(bash.home / "out") == "a\nb\nc\n"


def test_a_nested_bash_with_the_hook_shows_its_own(bash: Scene) -> None:
    """What it inherits is not added to: one call a prompt, and the segment once."""
    with opened(bash, "allexport") as terminal:
        terminal.wait_for(rf"{NUMBERS} mine>")
        terminal.type("bash --noprofile --rcfile ~/.bashrc -i")
        terminal.type('printf %s "$PROMPT_COMMAND|$PS1" >out.new; command mv out.new out')
        command, _, prompt = terminal.wait_for_file(bash.home / "out").partition("|$")
        start = len(terminal.shown)
        terminal.type("echo ne''sted")
        terminal.wait_for("nested")
        terminal.wait_for(rf"{NUMBERS} mine>", terminal.shown[:start].count(NUMBERS) + 1)
    assert command.count('_statusline_prompt "') == 1
    assert prompt.count("STATUSLINE_SEGMENT") in (1, 2)
