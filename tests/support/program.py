"""The program under test: how a test starts the installed package, and in what environment."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path


def package() -> Path:
    """The directory of the `statusline` package that this Python imports."""
    spec = importlib.util.find_spec("statusline")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("statusline is not installed")
    return Path(spec.origin).parent


def argv(*words: str) -> list[str]:
    """The command line that runs ``statusline WORDS``, isolated from every Python variable."""
    return [sys.executable, "-I", str(package() / "__main__.py"), *words]


def environment(home: str | os.PathLike[str], **extra: str) -> dict[str, str]:
    """A whole environment with this home and nothing of the caller's but PATH; `extra` wins.

    No tmux server of whoever runs the tests is looked at, or changed.
    """
    path = os.environ.get("PATH", os.defpath)
    own = {"HOME": os.fspath(home), "TMUX_TMPDIR": f"{os.fspath(home)}/tmux"}
    return {**own, "PATH": path, "LANG": "C.UTF-8", **extra}
