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

    def write(self, name: str, text: str) -> Path:
        """Write a file in the home; return its path."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def tree(self) -> dict[str, tuple[int, bytes]]:
        """Everything in the home."""
        return {self.name(path): self.seen(path) for path in sorted(self.home.rglob("*"))}


#: Where each surface's lines go in a house.
FILES = {
    "claude": ".claude/settings.json",
    "tmux": ".tmux.conf",
    "starship": ".config/starship.toml",
    "bash": ".bashrc",
    "zsh": ".zshrc",
    "fish": ".config/fish/conf.d/statusline.fish",
    "p10k": ".zshrc",
}


LINES = b"# mine \xc3\xbc\n\n# the end"
SETTINGS = b'{\n  "model": "opus",\n  "env": {"A": "1"}'
FOREIGN = b'{"statusLine" : {"type":"command", "command": "echo \'$HOME\'"},\n "a":1.50}\n'


def contents(surface: str, state: str) -> bytes | None:
    """A file of this surface's kind in a state; None is no file."""
    body = SETTINGS + b"\n}" if surface == "claude" else LINES
    return {
        "missing": None,
        "empty": b"",
        "plain": body + b"\n",
        "no final newline": body,
        "CRLF": body.replace(b"\n", b"\r\n") + b"\r\n",
        "BOM": b"\xef\xbb\xbf" + body + b"\n",
    }[state]
