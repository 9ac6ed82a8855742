"""zsh's right prompt: the segment stands there as text, beside whatever the user has there."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shells.prompts import SHELLS, TROUBLE, Scene
from tests.shells.scenarios import HARMFUL, PAYLOADS
from tests.shells.terminal import Terminal
from tests.support.capabilities import needs_zsh
from tests.support.house import HOOKS
from tests.support.real_line import NUMBERS, close_gate
from tests.support.screen import Screen

pytestmark = needs_zsh

SOURCE = f"source {shlex.quote(str(HOOKS / 'rprompt.zsh'))}"
BUILD = "build() { RPROMPT=right; }; precmd_functions+=(build)"


@pytest.fixture
def zsh(tmp_path: Path) -> Iterator[Scene]:
    """A home in which zsh's segment is there and true."""
    made = Scene(tmp_path / "home", SHELLS["zsh"])
    close_gate(made.directory)
    yield made
    assert made.profile.wait_until_quiet()


def write_rc(scene: Scene, before: str = "", after: str = "", prompt: str = "mine> ") -> None:
    """A .zshrc that sources the hook between two pieces of it."""
    text = f"PROMPT='{prompt}'\n{before}\n{SOURCE}\n{after}\n"
    (scene.home / ".zshrc").write_text(text)


def opened(scene: Scene) -> Screen:
    """An interactive zsh on a screen of 90 columns."""
    environment = {"TERM": "xterm-256color", **scene.environment}
    return Screen(["zsh", "-d", "-i"], environment, columns=90, directory=scene.home)


def enter(screen: Screen, text: str, pattern: str) -> str:
    """The screen that shows ``pattern`` after one command on a cleared screen."""
    screen.type(f"clear; {text}")
    screen.press("Enter")
    return screen.wait_for(pattern)


def printed(scene: Scene, command: str, before: str = "", after: str = "") -> str:
    """What a command at the second prompt writes to the file ``out``."""
    write_rc(scene, before, after)
    with Terminal(SHELLS["zsh"].interactive, scene.environment, scene.home) as terminal:
        terminal.type("")
        terminal.type(f"{{ {command} }} >out.new 2>&1; command mv out.new out")
        return terminal.wait_for_file(scene.home / "out")


THEMES = {
    "none": ("", "", ""),
    "constant": ("RPROMPT=right", "", " right"),
    "by-its-other-name": ("RPS1=right", "", " right"),
    "set-later": ("", "RPROMPT=right", " right"),
    "precmd": ("precmd() { RPROMPT=right; }", "", " right"),
    "earlier-hook": (BUILD, "", " right"),
    "later-hook": ("", BUILD, " right"),
    "keeps-what-it-saw": (
        "RPROMPT=right",
        "build() { RPROMPT=${old=$RPROMPT}; }; precmd_functions+=(build)",
        " right",
    ),
    "changes-what-it-sees": (
        "build() { RPROMPT=x${RPROMPT#x}; }; precmd_functions+=(build)",
        "",
        " x",
    ),
    "expanded": ("setopt PROMPT_SUBST; RPROMPT='$(echo right)'", "", " right"),
    "odd-options": ("setopt ALL_EXPORT KSH_ARRAYS SH_WORD_SPLIT NO_UNSET GLOB_SUBST", "", ""),
    "sourced-twice": ("RPROMPT=right", SOURCE, " right"),
}


@pytest.mark.parametrize("theme", THEMES)
def test_segment_is_shown_once_before_what_is_there(zsh: Scene, theme: str) -> None:
    """It would have caught a segment that is lost or doubled, whoever builds RPROMPT and when."""
    before, after, rest = THEMES[theme]
    write_rc(zsh, before, after)
    with opened(zsh) as screen:
        screen.wait_for("mine>")
        for number in range(3):
            screen.press("Enter")
            screen.wait_for(rf"(?s)(mine>.*){{{number + 2}}}")
        seen = enter(screen, "print don''e", rf"done\nmine> +{NUMBERS}{rest}$")
        assert seen.count(NUMBERS) == 1
        assert not any(word in seen for word in TROUBLE)


def test_what_the_user_types_into_rprompt_stays(zsh: Scene) -> None:
    """The user sees, changes and empties a variable of their own, without our text in it."""
    write_rc(zsh, "RPROMPT=right")
    with opened(zsh) as screen:
        screen.wait_for(rf"mine> +{NUMBERS} right$")
        enter(screen, 'print "[$RPROMPT]"', rf"^\[right\]\nmine> +{NUMBERS} right$")
        enter(screen, 'RPROMPT="$RPROMPT left"', rf"mine> +{NUMBERS} right left$")
        enter(screen, "RPROMPT=", rf"mine> +{NUMBERS}$")
        enter(screen, "source ~/.zshrc; source ~/.zshrc", rf"mine> +{NUMBERS} right$")
        enter(screen, "exec zsh -d", rf"mine> +{NUMBERS} right$")


@pytest.mark.parametrize("name", ["PROMPT", "RPROMPT"])
def test_prompt_that_refers_to_the_variable_goes_on_working(zsh: Scene, name: str) -> None:
    """With the user's own PROMPT_SUBST and reference the segment is shown there, and only there."""
    write_rc(zsh, "", f"setopt PROMPT_SUBST; {name}='own ${{STATUSLINE_SEGMENT}} mine> '")
    with opened(zsh) as screen:
        seen = screen.wait_for(f"own {NUMBERS} mine>")
        assert seen.count(NUMBERS) == 1


def test_segment_follows_the_cache(zsh: Scene) -> None:
    """A new number replaces the old one, and none leaves the user's prompt as it was."""
    write_rc(zsh, "RPROMPT=right")
    with opened(zsh) as screen:
        screen.wait_for(rf"mine> +{NUMBERS} right$")
        zsh.write_segment("5h 62%%", 6)
        screen.press("Enter")
        screen.wait_for(r"mine> +5h 62% right$")
        enter(screen, "STATUSLINE_BIN=/gone; rm -r ~/.cache/statusline", "mine> +right$")


@pytest.mark.parametrize("expands", ["NO_PROMPT_SUBST", "PROMPT_SUBST"])
def test_money_is_shown_whole(zsh: Scene, expands: str) -> None:
    """It would have caught $50.90 shown as 0.90 where the user has PROMPT_SUBST on."""
    zsh.profile.configure("[format]\nzsh = '$50.90 of $60 {five_hour}'\n")
    write_rc(zsh, f"setopt {expands}")
    with opened(zsh) as screen:
        screen.wait_for(r"mine> +\$50\.90 of \$60 5h 61%$")
        assert zsh.asked
        asked = len(zsh.asked)
        enter(screen, "", r"mine> +\$50\.90 of \$60 5h 61%$")
        assert len(zsh.asked) == asked


@pytest.mark.parametrize("expands", ["NO_PROMPT_SUBST", "PROMPT_SUBST"])
@pytest.mark.parametrize("case", PAYLOADS)
def test_hostile_segment_is_inert_in_rprompt(zsh: Scene, case: str, expands: str) -> None:
    """S01 S02: what a segment file holds is not run, also where the prompt is expanded again."""
    zsh.write_segment("5h 61 " + PAYLOADS[case].replace("{}", "pwned").replace("\x00", ""))
    write_rc(zsh, f"setopt {expands}", "unsetopt PROMPT_SP", prompt="<|%?>@@ ")
    with Terminal(SHELLS["zsh"].interactive, zsh.environment, zsh.home) as terminal:
        for number in range(1, 3):
            terminal.wait_for("@@", count=number)
            terminal.type("")
        terminal.leave()
    assert not zsh.sentinel.exists()
    assert not [each for each in HARMFUL if each in terminal.raw]


@pytest.mark.parametrize("how", ["export RPROMPT PROMPT", "setopt ALL_EXPORT"])
def test_a_zsh_without_the_hook_inherits_nothing_of_ours(zsh: Scene, how: str) -> None:
    """It would have caught the variable's name, or a number that stands still, in `zsh -f`."""
    shown = printed(zsh, "printenv RPROMPT; zsh -fc 'print -rP -- \"[$RPROMPT]\"';", how)
    assert shown.splitlines()[-1] == "[]"
    assert set(shown.splitlines()) <= {"", "[]"}
    (zsh.home / "out").unlink()
    shown = printed(zsh, "zsh -fc 'print -rP -- \"[$RPROMPT]\"';", f"{how}; RPROMPT=right")
    assert shown == "[right]\n"


@pytest.mark.parametrize("before", ["", "setopt ALL_EXPORT"])
def test_nothing_of_ours_is_exported(zsh: Scene, before: str) -> None:
    """It would have caught `setopt ALL_EXPORT` handing what the hook reads to every command."""
    shown = printed(zsh, "env;", f"unset STATUSLINE_BIN; {before}")
    assert "PATH=" in shown
    assert "_statusline" not in shown
    assert "SEGMENT" not in shown
