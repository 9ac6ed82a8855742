"""A program that is not all there, because it is just being replaced: a line all the same."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from statusline.entry import NAMES
from statusline.segment.bundle import FILES
from statusline.surfaces import SURFACES
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import package
from tests.support.real_line import NUMBERS, SAMPLE, line_of
from tests.support.stdin import run_fed

WORD = "claude"
CONSOLE = "import sys\nfrom statusline.entry import main\nsys.exit(main())\n"
HARMS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] + b"\n("),
}


class Copy:
    """A copy of the package that a test may take apart, and the ways to start it."""

    def __init__(self, root: Path, *, bundled: bool) -> None:
        site = root / "site"
        self.package = site / "statusline"
        shutil.copytree(package(), self.package, ignore=shutil.ignore_patterns("*.bundle"))
        self.profile: Profile = quiet_profile(root / "home", with_numbers=True)
        if bundled:
            words = "import sys; sys.path.insert(0, sys.argv[1]); from statusline.segment import "
            words += "bundle; bundle.make()"
            command = [sys.executable, "-ISBc", words, str(site)]
            subprocess.run(command, timeout=HANG_S, check=True)
        here = f"import sys; sys.path.insert(0, {str(site)!r})\n"
        self.entries = {
            "launcher": [sys.executable, "-IS", str(make_launcher(root / "bin", site))],
            "console": [sys.executable, "-IS", "-c", f"{here}{CONSOLE}"],
            "file": [sys.executable, "-IS", str(self.package / "__main__.py")],
        }

    def run(self, entry: str, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run one of the entries, with what Claude Code says on stdin."""
        return run_fed(
            [*self.entries[entry], *words],
            env=self.profile.environment,
            input=SAMPLE,
            capture_output=True,
            timeout=HANG_S,
            check=False,
        )

    @contextmanager
    def harmed(self, name: str, harm: str) -> Iterator[None]:
        """One file of the package as an upgrade may leave it for a moment."""
        path = self.package / name
        aside = path.with_name(f"{path.name}.aside")
        path.rename(aside)
        shutil.copy2(aside, path)
        HARMS[harm](path)
        try:
            yield
        finally:
            aside.replace(path)


def check(copy: Copy, entry: str, surface: str) -> None:
    """Assert that a render ends well, with its numbers or with a word."""
    done = copy.run(entry, surface)
    assert (done.returncode, done.stderr) == (0, b"")
    line = line_of(done).replace("%%", "%")
    assert line == WORD or NUMBERS in line


def test_the_names_for_an_emergency_are_those_of_the_table() -> None:
    """A surface that is added later would be unknown where the table cannot be loaded."""
    assert set(NAMES) == set(SURFACES)


@pytest.mark.parametrize("name", ["__init__.py", "entry.py", "surfaces.py"])
def test_h11_without_what_every_render_begins_with_there_is_a_line(
    name: str, tmp_path: Path
) -> None:
    """The launcher printed a traceback where one of these was just being replaced."""
    copy = Copy(tmp_path, bundled=False)
    with copy.harmed(name, "missing"):
        check(copy, "launcher", "tmux")


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("way", ["launcher", "bundle", "console", "file"])
def test_h11_no_file_that_is_missing_costs_the_line(way: str, harm: str, tmp_path: Path) -> None:
    """H11: each file of a render, by each way in, for Claude Code and for one other surface.

    Before any code of ours runs - in the console script's own import, or where the file is missing
    that Python is to start - no code of ours can help.
    """
    copy = Copy(tmp_path, bundled=way == "bundle")
    entry = "launcher" if way == "bundle" else way
    beyond = {"console": ("__init__.py", "entry.py"), "file": ("__main__.py",)}.get(entry, ())
    others = [name for name in SURFACES if name != "claude"]
    for number, name in enumerate((*FILES, "__main__.py", "segment/bundle_finder.py")):
        if name not in beyond:
            with copy.harmed(name, harm):
                check(copy, entry, "claude")
                check(copy, entry, others[number % len(others)])


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("harm", HARMS)
def test_h11_no_file_beside_a_render_costs_its_line(harm: str, tmp_path: Path) -> None:
    """H11: nothing else in the package is needed by a render, as every fourth file shows."""
    copy = Copy(tmp_path, bundled=False)
    files = {str(path.relative_to(copy.package)) for path in copy.package.rglob("*.py")}
    for name in sorted(files - set(FILES))[::4]:
        with copy.harmed(name, harm):
            assert NUMBERS in line_of(copy.run("launcher", "claude")), name


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("words", [("show",), ("guard", "--max", "90"), ("tokens", "--json")])
def test_h11_a_command_that_lacks_a_file_says_one_sentence(
    words: tuple[str, ...], harm: str, tmp_path: Path
) -> None:
    """H11: no traceback, as every twelfth file shows; and `guard` does not exit with 1."""
    copy = Copy(tmp_path, bundled=False)
    start = [word for word in copy.entries["launcher"] if word != "-IS"]
    copy.entries["command"] = [start[0], "-I", *start[1:]]
    for path in sorted(copy.package.rglob("*.py"))[::12]:
        with copy.harmed(str(path.relative_to(copy.package)), harm):
            done = copy.run("command", *words)
        seen = (path.name, done)
        assert b"Traceback" not in done.stderr, seen
        assert b"unexpected" not in done.stderr, seen
        assert done.stderr.count(b"\n") <= 1, seen
        assert done.returncode in ((0, 3) if words[0] == "guard" else (0, 1)), seen
