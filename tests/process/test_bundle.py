"""The bundle: one file instead of a dozen, and never other code than the sources say."""

from __future__ import annotations

import json
import marshal
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from statusline.segment.bundle_finder import Bundle
from tests.support.capabilities import needs_strace
from tests.support.launcher import loaders, make_launcher
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import package
from tests.support.real_line import NOBODY, NUMBERS, SAMPLE, close_gate, fill, known
from tests.support.stdin import run_fed

#: Of a `.pyc`: what says which Python made it, then 12 bytes more.
HEADER = 16


class Installed:
    """A copy of the package with its bundle, a launcher for it, and a warm cache."""

    def __init__(self, directory: Path) -> None:
        site = directory / "site"
        self.package = site / "statusline"
        shutil.copytree(package(), self.package, ignore=shutil.ignore_patterns("__pycache__"))
        self.bundle = self.package / "render.bundle"
        self.launcher = make_launcher(directory / "bin", site)
        self.profile = Profile(directory / "home", NOBODY)
        close_gate(self.profile.directory)
        fill(self.profile.directory)
        self.make()

    def make(self) -> None:
        """What install.sh does at its end."""
        words = (
            "import sys; sys.path.insert(0, sys.argv[1]); "
            "from statusline.segment.bundle import make; make()"
        )
        command = [sys.executable, "-IS", "-B", "-c", words, str(self.package.parent)]
        subprocess.run(command, timeout=HANG_S, check=True)

    def loaders(self, word: str = "tmux", stdin: bytes = b"") -> dict[str, str]:
        """The class that loaded each module of a render."""
        return loaders(self.launcher, word, environment=self.profile.environment, stdin=stdin)

    def line(self, *words: str) -> bytes:
        """What a run prints, which ends well and without a complaint."""
        done = subprocess.run(
            [str(self.launcher), *words],
            env=self.profile.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=HANG_S,
            check=True,
        )
        assert done.stderr == b""
        return done.stdout


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    """A copy of the package with its bundle."""
    return Installed(tmp_path)


@pytest.mark.parametrize("word", ["tmux", "claude"])
def test_a_render_loads_every_module_from_the_bundle(word: str, installed: Installed) -> None:
    """Also with news on stdin and with a refresher to start: no module has a file of its own."""
    if word == "claude":
        (installed.profile.directory / "spawn.1").unlink()
    found = installed.loaders(word, SAMPLE)
    assert "statusline.segment.render" in found
    assert set(found.values()) == {"Bundle"}


@needs_strace
@pytest.mark.parametrize("word", ["claude", "plain"])
def test_a_render_opens_exactly_these_files(
    word: str, installed: Installed, tmp_path: Path
) -> None:
    """Launcher (by Python, twice), bundle and cache: beside Python's own files, no other."""
    document = json.loads(SAMPLE)
    heard = {document["session_id"]: (time.time() + 60, None, None)}
    fill(installed.profile.directory, known(sessions=heard))
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "-o", str(trace), "-e", "trace=open,openat"]
    run_fed(
        [*strace, str(installed.launcher), word],
        env=installed.profile.environment,
        input=SAMPLE if word == "claude" else b"",
        capture_output=True,
        timeout=HANG_S,
        check=True,
    )
    opened = re.findall(r'"([^"]+)", [^)]*\) = \d+', trace.read_text())
    ours = [Path(path) for path in opened if path.startswith(str(tmp_path))]
    files = sorted(path.name for path in ours if not path.is_dir())
    assert files == ["render.bundle", "statusline", "statusline", "usage.json"]


def test_the_line_is_the_same_with_and_without(installed: Installed) -> None:
    """The bundle changes what a render costs and nothing else."""
    with_it = {word: installed.line(word) for word in ("tmux", "bash", "plain")}
    installed.bundle.unlink()
    assert {word: installed.line(word) for word in ("tmux", "bash", "plain")} == with_it
    assert set(installed.loaders().values()) == {"SourceFileLoader"}


def test_other_words_use_it_too(installed: Installed) -> None:
    """`statusline profile`, which a shell asks at its start."""
    found = loaders(installed.launcher, "profile", environment=installed.profile.environment)
    assert set(found.values()) == {"Bundle"}
    assert installed.line("profile").decode() == f"{installed.profile.directory}\n"


def test_a_changed_source_runs_as_it_is_now(installed: Installed) -> None:
    """H11: an edit in place, an upgrade by pip: the old code is not run again."""
    source = installed.package / "segment" / "escaping.py"
    text = source.read_text()
    before = source.stat()
    source.write_text(text + "\nencode = lambda *_, **__: b'new'\n")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert installed.line("tmux") == b"new\n"
    found = installed.loaders()
    assert found.pop("statusline.segment.escaping") == "SourceFileLoader"
    assert set(found.values()) == {"Bundle"}


def test_a_source_of_the_same_size_is_told_by_its_time(installed: Installed) -> None:
    """The size alone would miss a digit that was changed."""
    source = installed.package / "segment" / "escaping.py"
    source.write_text(source.read_text())
    assert installed.loaders()["statusline.segment.escaping"] == "SourceFileLoader"


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _of_another_python(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def _no_code(data: bytes) -> bytes:
    return data[:HEADER] + marshal.dumps(7)


@pytest.mark.parametrize(
    "spoil",
    [_cut, _of_another_python, _no_code, lambda _data: b""],
    ids=["cut", "another-python", "no-code", "empty"],
)
def test_a_bundle_that_is_no_good_is_passed_over(
    spoil: Callable[[bytes], bytes], installed: Installed
) -> None:
    """The line comes, without a word about it, from the modules' own files."""
    line = installed.line("tmux")
    installed.bundle.write_bytes(spoil(installed.bundle.read_bytes()))
    assert installed.line("tmux") == line
    assert NUMBERS.encode() in installed.line("plain")
    assert set(installed.loaders().values()) == {"SourceFileLoader"}


def test_one_module_that_is_damaged_is_passed_over(tmp_path: Path) -> None:
    """Its source is there and unchanged, its code is not: the usual import has it."""
    source = tmp_path / "sample.py"
    source.touch()
    seen = (str(source), False, source.stat().st_mtime_ns, 0)
    code = marshal.dumps(compile("", str(source), "exec"))
    assert Bundle({"sample": (*seen, code)}).find_spec("sample") is not None
    for damaged in (b"", b"?" + code[1:], code[:20]):
        assert Bundle({"sample": (*seen, damaged)}).find_spec("sample") is None


def test_the_bundle_is_made_anew_in_one_step(installed: Installed) -> None:
    """Twice is the same as once, and nothing half made is left."""
    before = installed.bundle.read_bytes()
    installed.make()
    assert installed.bundle.read_bytes() == before
    assert not list(installed.package.glob("*.new"))
