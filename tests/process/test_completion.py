"""Completion in real shells: the printed script is sourced, and asked what would follow."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from statusline.cli.verbs import VERBS
from statusline.settings.presets import PRESETS
from tests.support.capabilities import needs_bash, needs_fish, needs_zsh
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile

#: COMP_WORDS as bash sets them; the function is the one that `complete` has registered.
BASH = r"""
source <(statusline completion bash)
[[ $(complete -p statusline) =~ -F\ ([^ ]+) ]]
COMP_WORDS=({words}) COMP_CWORD={index}
"${{BASH_REMATCH[1]}}" statusline
printf '%s\n' "${{COMPREPLY[@]}}"
"""
#: What the widget would offer: compadd and _describe are the two ways in which it does.
ZSH = """
autoload -Uz compinit; compinit -u -d "$HOME/.zcompdump"
source <(statusline completion zsh)
compadd() {{ print -rl -- "${{(P@)argv[-1]}}" }}
_describe() {{ print -rl -- "${{(P@)argv[3]%%:*}}" }}
words=({words}) CURRENT=$(({index} + 1))
"$_comps[statusline]"
"""
FISH = """
statusline completion fish | source
complete -C {line!r} | string replace -r '\\t.*' ''
"""


Shell = Callable[[Profile, list[str]], list[str]]


@pytest.fixture
def home(profile: Profile) -> Profile:
    """A home whose PATH has the command."""
    launchers = make_launcher(profile.home / "bin").parent
    profile.environment["PATH"] = f"{launchers}:{profile.environment['PATH']}"
    return profile


def in_bash(home: Profile, words: list[str]) -> list[str]:
    """What bash would offer for the last word."""
    script = BASH.format(words=" ".join(word or "''" for word in words), index=len(words) - 1)
    return offered(home, ["bash", "--norc", "--noprofile", "-c", script])


def in_zsh(home: Profile, words: list[str]) -> list[str]:
    """What zsh would offer for the last word."""
    script = ZSH.format(words=" ".join(word or "''" for word in words), index=len(words) - 1)
    return offered(home, ["zsh", "-f", "-c", script])


def in_fish(home: Profile, words: list[str]) -> list[str]:
    """What fish would offer for the last word."""
    return offered(home, ["fish", "--no-config", "-c", FISH.format(line=" ".join(words))])


def offered(home: Profile, command: list[str]) -> list[str]:
    """The lines that a shell printed, sorted; nothing may be on stderr."""
    done = subprocess.run(
        command,
        env=home.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.stderr == ""
    return sorted(filter(None, done.stdout.splitlines()))


SHELLS = [
    pytest.param(in_bash, marks=needs_bash, id="bash"),
    pytest.param(in_zsh, marks=needs_zsh, id="zsh"),
    pytest.param(in_fish, marks=needs_fish, id="fish"),
]


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_are_completed(shell: Shell, home: Profile) -> None:
    """`statusline re<TAB>` offers what begins so, `statusline <TAB>` every command."""
    assert shell(home, ["statusline", "ref"]) == ["refresh"]
    assert shell(home, ["statusline", ""]) == sorted(VERBS)


@pytest.mark.parametrize("shell", SHELLS)
def test_options_and_their_values_are_completed(shell: Shell, home: Profile) -> None:
    """`statusline guard --m<TAB>` offers options, `--window <TAB>` what it may be."""
    assert shell(home, ["statusline", "guard", "--m"]) == ["--max", "--max-age"]
    assert shell(home, ["statusline", "guard", "--window", ""]) == ["5h", "7d", "any", "spend"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_command_below_a_command_is_completed(shell: Shell, home: Profile) -> None:
    """`statusline config ch<TAB>` offers what is below config."""
    assert shell(home, ["statusline", "config", "ch"]) == ["check"]


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_and_topics_are_completed_behind_help(shell: Shell, home: Profile) -> None:
    """`statusline help st<TAB>`: nobody knows the topics by heart."""
    assert shell(home, ["statusline", "help", "s"]) == ["show", "states", "surfaces"]


@pytest.mark.parametrize("shell", SHELLS)
def test_keys_and_what_they_may_be_are_completed(shell: Shell, home: Profile) -> None:
    """Forty keys are more than anybody knows by heart."""
    words = ["statusline", "config", "set"]
    assert shell(home, [*words, "thresholds.cr"]) == ["thresholds.critical"]
    assert shell(home, [*words, "preset", ""]) == sorted(PRESETS)
    assert shell(home, [*words, "ascii", ""]) == ["false", "true"]
    assert shell(home, [*words, "time_zone", "Europe/Berl"]) == ["Europe/Berlin"]
    assert shell(home, ["statusline", "config", "unset", "styl"]) != []


def test_completing_prints_no_segment_and_writes_nothing(home: Profile) -> None:
    """What the shell calls while somebody types leaves no cache and asks nobody."""
    assert in_bash(home, ["statusline", "sh"]) == ["show"]
    assert not Path(home.directory).exists()
    assert home.wait_until_quiet()


def test_an_unknown_shell_is_wrong_usage(home: Profile) -> None:
    """Exit code 2, and the shells that are known."""
    done = home.run("completion", "tcsh")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'bash', 'fish', 'zsh'" in done.stderr
