"""What an installed line has to name: the launcher, the hooks, the directories, quoted safely."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass

import statusline
from statusline.system.environ import Environment
from statusline.system.errors import FixableError
from statusline.system.private_dir import home_is_foreign
from statusline.system.programs import which
from statusline.wiring import lasting

#: The scripts of the package; installed lines name the first.
_SCRIPTS = ("statusline", "usage-statusline")
#: What a host shows where the program is gone, and where it is there and cannot be started.
GONE = "statusline is not installed"
DEAD = "statusline cannot start"


class WiringError(FixableError):
    """Something cannot be wired."""


class KeptError(WiringError):
    """The user's own line shows the segment already and stays; ``str`` says where it is."""


@dataclass(frozen=True)
class Installation:
    """This installation as other programs' files name it. All paths are absolute.

    ``hooks`` are the copies of the hook files, which no upgrade moves (``kept_hooks.py``).
    """

    env: Environment
    home: str
    launcher: str
    hooks: str
    data_dir: str

    def hook(self, name: str) -> str:
        """Return the path of a hook file, quoted for a POSIX shell."""
        return shlex.quote(f"{self.hooks}/{name}")

    @property
    def bin(self) -> str:
        """The assignment of ``STATUSLINE_BIN``, as a POSIX shell reads it."""
        return f"STATUSLINE_BIN={shlex.quote(self.launcher)}"

    def become(self, name: str, surface: str) -> str:
        """Return what becomes the program for ``surface`` by way of a hook file, for a POSIX shell.

        Where the file is gone, the program on PATH is asked; where that fails, this is shown.
        """
        return (
            f'_hook={self.hook(name)}; [ ! -r "$_hook" ] || . "$_hook"; '
            f"statusline {surface} 2>/dev/null || echo {shlex.quote(DEAD)}"
        )


def find_installation(env: Environment) -> Installation:
    """Return this installation; raise ``WiringError`` where a line could not name it."""
    home, data_dir = env.home, env.data_dir
    if home is None or data_dir is None:
        raise WiringError("HOME is not an absolute path.", "Set it to your home directory.")
    if home_is_foreign(env):
        raise WiringError("HOME belongs to another user.", "Run this as that user, without sudo.")
    if env.claude_dir is None:
        raise WiringError(
            "CLAUDE_CONFIG_DIR is not an absolute path.", "Set it to one, or unset it."
        )
    found = Installation(env, home, find_launcher(env), kept_hooks_dir(data_dir), data_dir)
    names = {
        "HOME": home,
        "CLAUDE_CONFIG_DIR": env.claude_dir,
        "The cache's path": env.profile_dir,
        "The data directory's path": data_dir,
        "The launcher's path": found.launcher,
        "The hooks' path": found.hooks,
    }
    for what, value in names.items():
        check_printable(what, value or "")
    return found


def check_printable(what: str, value: str) -> None:
    """Raise ``WiringError`` for a value that no configuration file could hold (S27)."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise WiringError(f"{what} is not UTF-8.", "Use another path.") from None
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise WiringError(f"{what} holds a line end or a control character.", "Use another path.")


def check_lasting(here: Installation) -> None:
    """Raise ``WiringError`` where lines that name this program would break by themselves."""
    for path in (here.launcher, sys.prefix):
        place = lasting.passing(path, here.env)
        if place is not None:
            raise WiringError(
                f"This statusline runs from {place.what}, which is emptied without notice.",
                f"Type `{place.instead}`, then `statusline install`.",
            )


def kept_hooks_dir(data_dir: str) -> str:
    """Return the directory of the hook files that installed lines name."""
    return f"{data_dir}/hooks"


def hooks_dir() -> str:
    """Return the directory of the hook files: inside the package, or beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(statusline.__file__))
    for directory in (f"{package}/hooks", f"{os.path.dirname(package)}/hooks"):
        if os.path.isfile(f"{directory}/prompt.bash"):
            return directory
    raise WiringError("The hook files are missing.", "Run install.sh again.")


def find_launcher(env: Environment) -> str:
    """Return the program that hosts call: what was started, under the name it has (S22).

    ``STATUSLINE_BIN`` wins. Links are kept, since an upgrade may replace what they point to; where
    what was started is not one, but a link on PATH leads there, that is the name.
    """
    if env.program and _is_program(env.program):
        return env.program
    started = os.path.abspath(sys.argv[0])
    beside_share = started.removesuffix("/share/statusline/launch.py") + "/bin/statusline"
    candidates = [
        f"{os.path.dirname(started)}/{_SCRIPTS[0]}" if _is_script(started) else None,
        beside_share,
        f"{os.path.dirname(sys.executable)}/statusline",
        which("statusline", env),
    ]
    for path in candidates:
        if path and _is_program(path):
            return lasting.outer_name(path, env)
    raise WiringError(
        "No `statusline` program was found.", "Run install.sh, or set STATUSLINE_BIN."
    )


def _is_script(path: str) -> bool:
    return os.path.basename(path) in _SCRIPTS


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
