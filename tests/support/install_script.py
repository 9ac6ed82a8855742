"""Real runs of install.sh in throw-away homes and prefixes, and what they left."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

from .patience import HANG_S

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "install.sh"
MARK = "# made by install.sh of usage-statusline"


class Installation(NamedTuple):
    """One finished run: where it went and what it said."""

    prefix: Path
    home: Path
    said: str
    lines: str

    @property
    def launcher(self) -> Path:
        """The command that hosts call."""
        return self.prefix / "bin" / "statusline"

    def line_below(self, title: str) -> str:
        """The lines to paste that stand below the line starting with `title`, as one text."""
        below = f"\n{self.lines}".split(f"\n{title}", 1)[1].split("\n", 1)[1]
        return re.split(r"\n\n|\n(?=[\w ]+, in ~/)", below, maxsplit=1)[0]


def run_script(*arguments: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs install.sh with `home` as HOME and the interpreter of this test run."""
    own = {"HOME": str(home), "PYTHON": sys.executable, "TMUX_TMPDIR": str(home), "TMUX": ""}
    environment = os.environ | own | variables
    environment.setdefault(
        "RUSTUP_HOME", str(home.parent / "rustup")
    )  # pip asks for rustc's version
    return subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )


def install(home: Path, prefix: Path | None = None) -> Installation:
    """A finished installation; without `prefix` below `home`/.local."""
    home.mkdir()
    arguments = [] if prefix is None else ["--prefix", str(prefix)]
    done = run_script(*arguments, home=home)
    assert done.returncode == 0, done.stderr
    root = prefix or home / ".local"
    return Installation(root, home, done.stdout, output_of(root / "bin" / "statusline", "init"))


def shared(factory: pytest.TempPathFactory) -> Installation:
    """An installation that all test files have in common; nobody may change it.

    It takes 20 s of a core, so whichever worker comes first makes it and the others wait.
    """
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    kept, done = base / "i" / "h", base / "installed"
    with FileLock(base / "installing"):
        if not done.exists():
            kept.parent.mkdir()
            done.write_text(install(kept).said)
    root = kept / ".local"
    lines = output_of(root / "bin" / "statusline", "init")
    return Installation(root, kept, done.read_text(), lines)


def output_of(*command: str | Path) -> str:
    """What `command` prints; it has to exit with 0 and stay silent on stderr."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout
