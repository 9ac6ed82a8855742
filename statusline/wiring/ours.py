"""Whether a command in a file of the user's is ours: it names our launcher, or a hook of ours."""

from __future__ import annotations

import os
import re
import shlex

from statusline.system.programs import which
from statusline.wiring.installation import Installation

#: What install.sh writes into every launcher.
_MARK = b"made by install.sh of usage-statusline"
_HEAD_BYTES = 4096
_HOMES = ("~/", "$HOME/", "${HOME}/")
_PATH = r"(?:~|\$HOME|\$\{HOME\})?(?:/[^\s'\"`();|&]+)*/?"


def is_launcher(word: str, here: Installation) -> bool:
    """Tell whether ``word``, unquoted, is this project's program: not just one of its name."""
    path = which(word, here.env) if word == "statusline" else _path(word, here)
    if path is None:
        return False
    if os.path.realpath(path) == os.path.realpath(here.launcher) or _MARK in _head(path):
        return True
    # Where docs/surfaces.md says that it is, and removed since.
    return path == f"{here.home}/.local/bin/statusline" and not os.path.lexists(path)


def is_hook(word: str, name: str, here: Installation) -> bool:
    """Tell whether ``word``, unquoted, is the path of our hook file ``name``."""
    path = _path(word, here)
    if path is None or os.path.basename(path) != name:
        return False
    is_installed = os.path.realpath(path) == os.path.realpath(f"{here.hooks}/{name}")
    return is_installed or b"# statusline " in _head(path)


def runs(command: str, surface: str, here: Installation) -> bool:
    """Tell whether a shell's command is our program for ``surface``, and nothing else."""
    tokens = split(command)
    return len(tokens) == 2 and tokens[1] == surface and is_launcher(tokens[0], here)


def sources(command: str, name: str, here: Installation) -> bool:
    """Tell whether a shell's command reads our hook ``name``, and does nothing else."""
    tokens = split(command)
    return len(tokens) == 2 and tokens[0] in (".", "source") and is_hook(tokens[1], name, here)


def is_named(text: str, surface: str, hooks: tuple[str, ...], here: Installation) -> bool:
    """Tell whether ``text`` names our program for ``surface``, or one of ``hooks``, anywhere."""
    called = re.finditer(rf"({_PATH}statusline)['\"\\]*\s+{surface}\b", text)
    if any(is_launcher(each[1], here) for each in called):
        return True
    names = "|".join(map(re.escape, hooks))
    read = re.finditer(rf"({_PATH})(?<=/)({names})(?![\w.])", text) if hooks else ()
    return any(is_hook(each[1] + each[2], each[2], here) for each in read)


def split(text: str) -> list[str]:
    """Return the words of a shell's command, none where its quotes do not match."""
    try:
        return shlex.split(text)
    except ValueError:
        return []


def _path(word: str, here: Installation) -> str | None:
    for prefix in _HOMES:
        if word.startswith(prefix):
            return f"{here.home}/{word.removeprefix(prefix)}"
    return word if word.startswith("/") else None


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""
