"""What is installed or pasted expands nothing else: a prompt that was safe before stays so."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.system.environ import Environment
from tests.support.canary import Scratch
from tests.support.capabilities import needs_bash, needs_fish, needs_tmux, needs_zsh
from tests.support.house import House
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.real_line import NUMBERS, fill
from tests.support.screen import Screen

#: The name of a directory and a branch: each shell's way to run something.
NAME = "x$(id>pwned)`id>pwned`"
#: Prompts that show such a name and expand nothing, built anew each time.
CAREFUL = {
    "bash": """\
shopt -u promptvars
PROMPT_COMMAND='PS1="${PWD##*/} $(cut -d/ -f3- .git/HEAD) mine> "'
""",
    "zsh": """\
precmd() { PROMPT="${PWD:t} ${$(<.git/HEAD)#*heads/} mine> "; }
""",
    "fish": """\
function fish_greeting; end
function fish_prompt
    echo (basename $PWD) (string replace 'ref: refs/heads/' '' <.git/HEAD) 'mine> '
end
""",
}
FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish", "p10k": ".zshrc"}
SHELLS = [
    pytest.param("bash", marks=needs_bash),
    pytest.param("zsh", marks=needs_zsh),
    pytest.param("fish", marks=needs_fish),
]
#: What tells the options of a shell that has read its startup file.
OPTIONS = {
    "bash": ("bash", "--norc", "-ic", "shopt; set -o"),
    "zsh": ("zsh", "-f", "-ic", "set -o"),
    "p10k": ("zsh", "-f", "-ic", "set -o"),
}


@pytest.fixture
def house() -> Iterator[House]:
    """A home with known numbers and a repository of a hostile name."""
    # A shell that loses its terminal may still write its history there.
    with Scratch(prefix="house-", ignore_cleanup_errors=True) as base:
        home = House(Path(base, "home"), make_launcher(Path(base, "bin")))
        home.environment["TERM"] = "xterm-256color"
        directory = Environment(home.environment).profile_dir
        assert directory is not None
        fill(Path(directory))
        repository = home.home / NAME / ".git"
        repository.mkdir(parents=True)
        (repository / "HEAD").write_text(f"ref: refs/heads/{NAME}\n")
        yield home


def pasted(house: House, shell: str) -> str:
    """The line for a shell that `statusline init` prints."""
    _before, _, rest = house.ok("init").stdout.partition(f"{shell}, in ")
    return rest.splitlines()[1].strip() + "\n"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("how", ["installed", "pasted"])
def test_a_prompt_that_expands_nothing_still_does_not(house: House, shell: str, how: str) -> None:
    """It would have caught `setopt prompt_subst`, which ran the name of the branch."""
    text = CAREFUL[shell]
    path = house.write(FILES[shell], text)
    if how == "installed":
        house.ok("install", shell, "--yes")
    else:
        path.write_text(text + pasted(house, shell))
    directory = house.home / NAME
    with Screen([shell, "-i"], house.environment, columns=150, directory=directory) as screen:
        seen = screen.wait_for("mine>")
        screen.press("Enter")
        seen = screen.wait_for(r"(?s)(mine>.*){2}")
        screen.type("echo don''e")
        screen.press("Enter")
        seen = screen.wait_for(r"(?s)\ndone.*mine>")
    assert seen.count(NAME) == 2 * seen.count("mine>")
    assert not list(house.home.rglob("pwned"))
    assert "STATUSLINE" not in seen
    if shell != "bash":  # its PS1 could only refer to the segment
        assert NUMBERS in seen


@needs_tmux
def test_tmux_expands_no_name_that_it_did_not(house: House) -> None:
    """A pane's path in the status line stays text beside our line."""
    name = "x#(id>pwned)#{pane_pid}"
    (house.home / name).mkdir()
    house.write(".tmux.conf", "set -g status-right '[#{b:pane_current_path}]'\n")
    house.ok("install", "tmux", "--yes")
    shell = 'cd "$1" && exec tmux -S "$HOME/s" new-session -n w sleep 3600'
    command = ["sh", "-c", shell, "sh", str(house.home / name)]
    with Screen(command, house.environment, columns=160) as screen:
        try:
            seen = screen.wait_for(rf"\].*{NUMBERS}")
        finally:
            subprocess.run(
                ["tmux", "-S", f"{house.home}/s", "kill-server"],
                env=house.environment,
                capture_output=True,
                timeout=HANG_S,
                check=True,
            )
    assert f"[{name}]" in seen
    assert not list(house.home.rglob("pwned"))


@pytest.mark.parametrize(
    "surface",
    [
        pytest.param("bash", marks=needs_bash),
        pytest.param("zsh", marks=needs_zsh),
        pytest.param("p10k", marks=needs_zsh),
    ],
)
def test_no_option_of_the_shell_changes(house: House, surface: str) -> None:
    """It would have caught any option that an installed line or a prompt of ours turns on."""
    *shell, options = OPTIONS[surface]
    house.ok("install", surface, "--yes")
    seen = []
    for before in ("", f". ~/{FILES[surface]}; _statusline_prompt; "):
        done = subprocess.run(
            [*shell, f"{before}{options}"],
            env=house.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=True,
        )
        seen.append(done.stdout)
    assert seen[0] == seen[1]
    assert len(seen[0].splitlines()) > 20


@needs_zsh
def test_both_of_zsh_s_blocks_show_the_segment_once(house: House) -> None:
    """A prompt that powerlevel10k fills refers to the variable; RPROMPT gets no second one."""
    house.write(".zshrc", "setopt PROMPT_SUBST; PROMPT='${STATUSLINE_SEGMENT-} mine> '\n")
    house.ok("install", "p10k", "zsh", "--yes")
    with Screen(["zsh", "-i"], house.environment, columns=120) as screen:
        screen.wait_for(f"{NUMBERS} mine>")
        screen.press("Enter")
        assert screen.wait_for(r"(?s)(mine>.*){2}").count(NUMBERS) == 2
