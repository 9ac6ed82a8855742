"""What the program is loaded from is not all there: no memory, other files, missing packages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import HANG_S
from tests.support.profile import quiet_profile
from tests.support.program import package
from tests.support.real_line import NUMBERS, SAMPLE, line_of
from tests.support.stdin import run_fed

WORD = "claude"
#: The program, with as much memory more than its start took as its first argument says.
SHORT_OF_MEMORY = f"""
import resource, sys
sys.path.insert(0, {str(package().parent)!r})
from statusline import entry, surfaces
pages = int(open("/proc/self/statm").read().split()[0])
most = pages * resource.getpagesize() + int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_AS, (most, most))
entry.main()
"""


@pytest.mark.parametrize("more_kb", [0, 64, 128, 192, 256, 512, 1024])
def test_c13_without_memory_there_is_a_line(more_kb: int, tmp_path: Path) -> None:
    """Where none was left to load what draws the line, the prompt got a traceback instead."""
    profile = quiet_profile(tmp_path, with_numbers=True)
    done = run_fed(
        [sys.executable, "-I", "-c", SHORT_OF_MEMORY, str(more_kb << 10), "claude"],
        env=profile.environment,
        input=SAMPLE,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    line = line_of(done)
    assert line == WORD or NUMBERS in line


@pytest.mark.parametrize("harm", ["missing", "half"])
def test_h11_while_the_program_is_replaced_there_is_a_word(harm: str, tmp_path: Path) -> None:
    """A prompt that came while pip replaced the files got a traceback, and an empty line."""
    profile = quiet_profile(tmp_path / "home", with_numbers=True)
    copy = tmp_path / "statusline"
    shutil.copytree(package(), copy, ignore=shutil.ignore_patterns("__pyc*", "*.bundle"))
    module = copy / "segment" / "layout.py"
    text = module.read_text()
    module.unlink()
    if harm == "half":
        module.write_text(text[: len(text) // 2] + "\n(")
    command = [sys.executable, "-I", str(copy / "__main__.py"), "tmux"]
    done = subprocess.run(
        command, env=profile.environment, capture_output=True, timeout=HANG_S, check=False
    )
    assert line_of(done) == WORD


@pytest.mark.parametrize("verb", ["show", "guard"])
def test_h10_a_command_without_its_packages_says_what_to_do(verb: str, tmp_path: Path) -> None:
    """It was a traceback, and `guard` said with it that a limit is reached."""
    profile = quiet_profile(tmp_path / "home", with_numbers=True)
    copy = tmp_path / "statusline"
    shutil.copytree(package(), copy, ignore=shutil.ignore_patterns("__pyc*"))
    program = [sys.executable, "-IS", str(copy / "__main__.py")]
    options = ["--max", "90"] if verb == "guard" else []
    said = [
        subprocess.run(
            [*program, *words],
            env=profile.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )
        for words in (["tmux"], [verb, *options])
    ]
    assert line_of(said[0]) == NUMBERS
    assert said[1].returncode == (3 if verb == "guard" else 1)
    assert said[1].stderr.startswith(b"Error: Python cannot load `click`, which statusline needs. ")
    assert said[1].stderr.count(b"\n") == 1


@pytest.mark.parametrize("verb", ["show", "guard"])
def test_h10_a_verb_without_its_packages_says_what_to_do(verb: str, tmp_path: Path) -> None:
    """As above, where click itself is there: the verb's name decides the exit code."""
    profile = quiet_profile(tmp_path / "home", with_numbers=True)
    lines = [
        "import sys",
        f"sys.path.insert(0, {str(package().parent)!r})",
        "sys.modules['statusline.overview.overview'] = None",
        "from statusline.entry import main",
        "main()",
    ]
    done = subprocess.run(
        [sys.executable, "-I", "-c", "\n".join(lines), verb, "--json"],
        env=profile.environment,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert b"Python cannot load `statusline.overview.overview`" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.returncode == (3 if verb == "guard" else 1)
