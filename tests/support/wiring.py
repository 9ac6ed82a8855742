"""A home into which surfaces are wired by the real program, and everything that lies in it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .patience import HANG_S
from .program import argv, environment, package

#: The hook files that the program under test refers to.
HOOKS = next(path for path in (package() / "hooks", package().parent / "hooks") if path.is_dir())


class House:
    """A home directory, a launcher, and the environment of whoever lives there."""

    def __init__(self, home: Path, launcher: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.environment = environment(home, STATUSLINE_BIN=str(launcher))

    def argv(self, *words: str) -> list[str]:
        """The command line of ``statusline WORDS``."""
        return argv(*words)

    def run(self, *words: str, through: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run ``statusline WORDS`` here without a terminal, `through` a program that starts it."""
        return subprocess.run(
            [*through, *self.argv(*words)],
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )

    def ok(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``statusline WORDS``; it has to succeed and to stay silent on stderr."""
        done = self.run(*words)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done

    def name(self, path: Path) -> str:
        """A path as `tree` calls it."""
        return str(path.relative_to(self.home))

    def seen(self, path: Path) -> tuple[int, bytes]:
        """The mode of a path, and its bytes, or where it leads to."""
        if path.is_symlink():
            return 0, os.readlink(path).encode()
        return path.stat().st_mode, b"" if path.is_dir() else path.read_bytes()

    def tree(self) -> dict[str, tuple[int, bytes]]:
        """Everything in the home."""
        return {self.name(path): self.seen(path) for path in sorted(self.home.rglob("*"))}
