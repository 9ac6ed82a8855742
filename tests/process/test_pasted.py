"""`statusline install` where README's lines were pasted before: the segment stands there once."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.system.environ import Environment
from tests.support.canary import Scratch
from tests.support.capabilities import needs_bash, needs_fish, needs_tmux, needs_zsh
from tests.support.examples import crossed
from tests.support.house import HOOKS, House
from tests.support.launcher import make_launcher
from tests.support.real_line import NUMBERS, fill
from tests.support.screen import Screen

FILES = {
    "tmux": ".tmux.conf",
    "starship": ".config/starship.toml",
    "bash": ".bashrc",
    "zsh": ".zshrc",
    "fish": ".config/fish/config.fish",
    "p10k": ".zshrc",
}
_TABLE = '[custom.claude]\ncommand = "{}"\nwhen = true\nshell = ["/bin/sh"]\nformat = "$output "\n'
_ZSH = (
    '_statusline_right() { RPROMPT="$(BIN zsh)"; }; autoload -Uz add-zsh-hook;'
    " add-zsh-hook precmd _statusline_right\n"
)
#: Every form of today and of earlier versions; BIN is the launcher, HOOKS the hooks' directory.
FORMS = [
    ("tmux", 'set -g status-right-length 60\nset -g status-right "#(BIN tmux)"\n'),
    ("tmux", 'set -g status-right "#(BIN tmux)"\n'),
    ("tmux", 'set -ag status-right " #(BIN tmux)"\n'),
    (
        "tmux",
        "set -g status-right '#(STATUSLINE_PROFILE=/p STATUSLINE_BIN=/b; . HOOKS/tmux.sh)'\n",
    ),
    ("bash", "shopt -q promptvars && PS1='$(BIN bash) '\"$PS1\"\n"),
    ("bash", "PS1='$(BIN bash) '\"$PS1\"\n"),
    ("bash", ". HOOKS/prompt.bash\n"),
    ("zsh", _ZSH),
    ("zsh", "setopt PROMPT_SUBST; RPROMPT='$(BIN zsh)'\n"),
    ("zsh", "source HOOKS/prompt.zsh\n"),
    ("zsh", "source HOOKS/rprompt.zsh\n"),
    ("p10k", "source HOOKS/p10k.zsh\n"),
    ("p10k", _ZSH),
    ("fish", "function fish_right_prompt; BIN fish; end\n"),
    ("fish", "source HOOKS/prompt.fish\n"),
    ("starship", _TABLE.format("BIN starship")),
    ("starship", _TABLE.format("STATUSLINE_PROFILE=/p STATUSLINE_BIN=/b; . HOOKS/starship.sh")),
]


@pytest.fixture
def house() -> Iterator[House]:
    """A home with known numbers and a launcher beside it."""
    with Scratch(prefix="house-") as base:
        home = House(Path(base, "home"), make_launcher(Path(base, "bin")))
        home.environment["TERM"] = "xterm-256color"
        fill(Path(Environment(home.environment).profile_dir or ""))
        yield home


def write(house: House, surface: str, text: str) -> Path:
    """A surface's file in the home."""
    path = house.home / FILES[surface]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("surface", "form", "launcher"),
    crossed([pytest.param(*each) for each in FORMS], ["~/.local/bin/statusline", "BIN"]),
)
def test_pasted_lines_are_replaced_where_they_stand(
    house: House, surface: str, form: str, launcher: str
) -> None:
    """It would have caught the segment shown twice, by README's line and by install's."""
    launcher = launcher.replace("BIN", house.environment["STATUSLINE_BIN"])
    lines = form.replace("(BIN ", f"({launcher} ").replace("HOOKS", str(HOOKS))
    lines = lines.replace("; BIN ", f"; {launcher} ").replace('"BIN ', f'"{launcher} ')
    path = write(house, surface, f"# first\n{lines}# last\n")
    tree = house.tree()
    house.ok("install", surface, "--yes")
    block = f"# >>> statusline {surface} >>>.*\n# <<< statusline {surface} <<<\n"
    assert re.fullmatch(f"# first\n{block}# last\n", path.read_text(), re.DOTALL)
    assert f"\n{lines}" not in path.read_text()
    wired = house.tree()
    house.ok("install", surface, "--yes")
    assert house.tree() == wired
    house.ok("uninstall", surface, "--yes")
    assert house.tree() == tree
    house.ok("install", surface, "--yes")
    path.write_text(f"# zero\n{path.read_text()}")
    house.ok("uninstall", surface, "--yes")
    assert path.read_text() == f"# zero\n# first\n{lines}# last\n"


@pytest.mark.parametrize(
    ("surface", "line"),
    [
        ("tmux", 'set -g status-right "#(~/.local/bin/statusline tmux) %H:%M"'),
        ("bash", "PS1='[$(~/.local/bin/statusline bash)] '"),
        ("zsh", "[[ -r HOOKS/rprompt.zsh ]] && source HOOKS/rprompt.zsh"),
        ("fish", "function fish_prompt; BIN fish; echo '> '; end"),
    ],
)
def test_a_line_of_the_users_own_stays_and_is_named(house: House, surface: str, line: str) -> None:
    """It would have caught a second segment beside one that somebody had placed with care."""
    line = line.replace("BIN", house.environment["STATUSLINE_BIN"]).replace("HOOKS", str(HOOKS))
    write(house, surface, f"# first\n{line}\n")
    tree = house.tree()
    done = house.ok("install", surface, "--yes")
    said = "Line 2 runs statusline already; it stays as you wrote it."
    assert done.stdout == f"{surface}: ~/{FILES[surface]}: {said}\n"
    assert house.tree() == tree


def test_a_line_of_another_program_is_no_reason(house: House) -> None:
    """Only what names this program counts; another `statusline` stays beside ours."""
    line = "PS1='$(/opt/other/statusline bash) '\"$PS1\"\n"
    path = write(house, "bash", line)
    house.ok("install", "bash", "--yes")
    assert path.read_text().startswith(f"{line}# >>> statusline bash >>>")


def test_lines_pasted_below_an_installed_block_go(house: House) -> None:
    """It would have caught a file with both, after `install` of an earlier version."""
    path = write(house, "bash", "# mine\n")
    house.ok("install", "bash", "--yes")
    wired = path.read_text()
    path.write_text(f"{wired}PS1='$(~/.local/bin/statusline bash) '\"$PS1\"\n")
    house.ok("install", "bash", "--yes")
    assert path.read_text() == wired


SHELLS = [
    pytest.param("bash", "PS1='mine> '\n", marks=needs_bash),
    pytest.param("zsh", "PS1='mine> '\n", marks=needs_zsh),
    pytest.param("fish", "function fish_prompt; echo 'mine> '; end\n", marks=needs_fish),
]


@pytest.mark.parametrize(("shell", "text"), SHELLS)
def test_a_shell_shows_pasted_and_installed_once(house: House, shell: str, text: str) -> None:
    """It would have caught two segments in a real prompt."""
    write(house, shell, text + below(house, f"{shell}, in"))
    house.ok("install", shell, "--yes")
    with Screen([shell, "-i"], house.environment, columns=120) as screen:
        pattern = f"{NUMBERS} mine>" if shell == "bash" else f"mine> .*{NUMBERS}"
        assert screen.wait_for(pattern).count(NUMBERS) == 1


@needs_tmux
def test_tmux_shows_pasted_and_installed_once(house: House) -> None:
    """It would have caught two segments in status-right, and a clock that was not there before."""
    write(house, "tmux", below(house, "tmux, in"))
    house.ok("install", "tmux", "--yes")
    start = ["sh", "-c", 'cd "$HOME" && exec tmux -S s new-session -n w sleep 3600']
    with Screen(start, house.environment, columns=160) as screen:
        try:
            seen = screen.wait_for(NUMBERS)
            assert seen.count(NUMBERS) == 1
            assert re.search(r"\d\d:\d\d \d\d-", seen) is None
        finally:
            kill = ["tmux", "-S", str(house.home / "s"), "kill-server"]
            subprocess.run(kill, env=house.environment, check=True)


def below(house: House, title: str) -> str:
    """The lines that `statusline init` prints below a title, without their indent."""
    said = house.ok("init").stdout.split(f"\n{title}", 1)[1].split("\n", 1)[1]
    block = re.split(r"\n(?=[\w ]+, in ~/)", said, maxsplit=1)[0]
    return "".join(f"{line.strip()}\n" for line in block.splitlines())
