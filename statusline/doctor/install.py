"""The program itself: its Python, its launcher, and which ``statusline`` the user's PATH finds."""

from __future__ import annotations

import os
import platform
import sys

import statusline
from statusline.doctor.check import Check, fail, ok, warn
from statusline.doctor.context import Context
from statusline.system.programs import which
from statusline.wiring import lasting

#: How much of a launcher is read; ours have a few hundred bytes.
_HEAD_BYTES = 4096
SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
#: Variables that let Python load other modules than those of the program.
_PYTHONS = ("PYTHONPATH", "PYTHONHOME")


def python(_scene: Context) -> list[Check]:
    """Tell which program and which interpreter this is."""
    return [
        ok(
            "python",
            f"statusline {statusline.__version__} on Python {platform.python_version()},"
            f" {SYSTEMS.get(sys.platform, sys.platform)}",
        )
    ]


def launcher(context: Context) -> list[Check]:
    """Look at the command that hosts call: it is there, and Python's variables do not reach it."""
    if context.nowhere is not None:
        fix = context.nowhere.fix or "Run install.sh again."
        return [fail("launcher", context.nowhere.what, fix)]
    if context.here is None:
        return []
    path = context.here.launcher
    place = lasting.passing(path, context.env)
    if place is not None:
        what = f"{context.tidy(path)} lies in {place.what}, which is emptied without notice."
        return [fail("launcher", what, place.instead)]
    if _is_isolated(path):
        return [ok("launcher", f"{context.tidy(path)}, isolated from Python's variables")]
    variable = next((name for name in _PYTHONS if context.env.get(name)), None)
    if variable is None:
        return [ok("launcher", f"{context.tidy(path)}, by way of Python's site-packages")]
    what = f"{variable} decides what {context.tidy(path)} loads at each prompt."
    return [warn("launcher", what, "Unset it, or run ./install.sh for a launcher without it.")]


def _is_isolated(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return b" -IS" in file.read(_HEAD_BYTES)
    except OSError:
        return False


def on_path(context: Context) -> list[Check]:
    """Tell whether typing ``statusline`` starts this one."""
    if context.here is None:
        return []
    path, found = context.here.launcher, which("statusline", context.env)
    directory = context.tidy(os.path.dirname(path))
    if found is None:
        what = f"{directory} is not on PATH, so typing `statusline` does not find it."
        fix = f'Add to your shell\'s startup file: export PATH="{_shell(directory)}:$PATH"'
        return [warn("PATH", what, fix)]
    if os.path.realpath(found) != os.path.realpath(path):
        what = f"{context.tidy(found)} comes first on PATH and shadows {context.tidy(path)}."
        return [warn("PATH", what, f"Remove it, or put {directory} earlier in PATH.")]
    return [ok("PATH", f"`statusline` is {context.tidy(found)}")]


def _shell(directory: str) -> str:
    return f"$HOME{directory[1:]}" if directory.startswith("~/") else directory


def settings(context: Context) -> list[Check]:
    """Tell whether config.toml is read as it was meant."""
    loaded = context.loaded
    path = context.tidy(context.env.config_path or "config.toml")
    if not loaded.problems:
        return [ok("config", path if loaded.found else "no config.toml; the defaults apply")]
    first, more = loaded.problems[0], len(loaded.problems) - 1
    also = f", and {more} more" if more else ""
    what, fix = f"{path}: {first}{also}.", f"{first.fix} See `statusline config check`."
    # Without a key the file as a whole was not read.
    return [warn("config", what, fix) if first.key else fail("config", what, fix)]
