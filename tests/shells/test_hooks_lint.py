"""The hooks as text: what the linters say, and words that must not be in them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.capabilities import needs_fish, needs_shellcheck, needs_shfmt, needs_zsh
from tests.support.house import HOOKS
from tests.support.patience import HANG_S

FILES = sorted(path for path in HOOKS.iterdir() if path.is_file())
POSIX = [path for path in FILES if path.suffix == ".sh"]
BASH = [path for path in FILES if path.suffix == ".bash"]
ZSH = [path for path in FILES if path.suffix == ".zsh"]
FISH = [path for path in FILES if path.suffix == ".fish"]
#: What only `statusline init` prints.
PRINTED = sorted(path for path in (HOOKS / "printed").iterdir() if path.is_file())
SCRIPTS = [ROOT / path for path in ("install.sh", "tests/run", ".ci/run")]


def name(path: Path) -> str:
    """The id of a case."""
    return path.name


def says(*command: str | Path) -> str:
    """All that a linter prints."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    return done.stdout if done.returncode == 0 else f"{done.returncode}: {done.stdout}"


def code(path: Path) -> str:
    """A hook without its comments."""
    return re.sub(r"^\s*#.*$", "", path.read_text(), flags=re.MULTILINE)


@needs_shellcheck
@pytest.mark.parametrize("path", [*POSIX, *BASH], ids=name)
def test_shellcheck_is_content(path: Path) -> None:
    """Shellcheck finds nothing."""
    shell = "bash" if path in BASH else "dash"
    assert says("shellcheck", "-s", shell, path) == ""


@needs_shfmt
@pytest.mark.parametrize("path", [*POSIX, *BASH], ids=name)
def test_shfmt_changes_nothing(path: Path) -> None:
    """The file is written as shfmt writes it."""
    assert says("shfmt", "-i", "2", "-d", path) == ""


@needs_zsh
@pytest.mark.parametrize("option", ["no_sh_glob", "sh_glob", "ksh_glob", "no_multi_func_def"])
@pytest.mark.parametrize("path", ZSH, ids=name)
def test_zsh_parses(path: Path, option: str) -> None:
    """Zsh reads the file without running it; SH_GLOB made a pattern in it a parse error."""
    assert says("zsh", "-fn", "-o", option, path) == ""


@needs_fish
@pytest.mark.parametrize("path", FISH, ids=name)
def test_fish_parses_and_changes_nothing(path: Path) -> None:
    """Fish reads the file without running it, and would not indent it differently."""
    assert says("fish", "--no-config", "--no-execute", path) == ""
    assert says("fish_indent", "--check", path) == ""


def test_every_host_has_its_file() -> None:
    """There is a hook for each host, and no kind of file that nobody checks."""
    expected = {"claude-code.sh", "tmux.sh", "starship.sh", "prompt.bash", "prompt.zsh"}
    assert expected | {"prompt.fish", "p10k.zsh", "rprompt.zsh"} <= {path.name for path in FILES}
    assert {path.suffix for path in FILES} == {".sh", ".bash", ".zsh", ".fish"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_evaluated(path: Path) -> None:
    """S05: no eval, no option, no prompt is set but the one that the file is named after."""
    assert path.read_text().startswith("#")
    forbidden = r"\beval\b|\bset(-option)? -g status|#\{E:|\bPROMPT=|\bPS1=|\bcurl\b|\bpython"
    forbidden += r"|(?i:prompt_?subst|promptvars)|\bsetopt (?!localoptions noallexport)|\bshopt -s"
    if path.name != "rprompt.zsh":
        forbidden += r"|\bRPROMPT="
    assert not re.search(forbidden, code(path))


@pytest.mark.parametrize(
    "path", [*FILES, *(each for each in PRINTED if each.suffix != ".py")], ids=name
)
def test_the_opening_comment_is_the_manual(path: Path) -> None:
    """Two hooks told at their end how they are used; a wary user reads the top, and stops there."""
    opening = re.match(r"(?:#.*\n)+", path.read_text())
    assert opening is not None
    assert re.search(r"^#   \S", opening[0], re.MULTILINE)  # the line to write into one's own file
    assert "What it does: " in opening[0]
    assert "What it never does: " in opening[0]
    assert not path.read_text().splitlines()[-1].startswith("#")


@pytest.mark.parametrize("path", [*FILES, *PRINTED, *SCRIPTS], ids=name)
def test_no_line_is_longer_than_in_python(path: Path) -> None:
    """One assignment had 228 characters, of which an editor shows the first half."""
    long = [line for line in path.read_text().splitlines() if len(line) > 100]
    assert not long


def test_the_installer_is_a_short_file() -> None:
    """It would have caught a program in Python inside it, which no linter saw."""
    assert len((ROOT / "install.sh").read_text().splitlines()) < 300
