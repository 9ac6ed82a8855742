"""Programs of this machine: where one is, and the tmux servers that this user runs."""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from statusline.system.environ import Environment


def which(name: str, env: Environment) -> str | None:
    """Return a program on PATH; relative entries of PATH do not count (S22)."""
    path = search_path(env)
    return shutil.which(name, path=path) if path else None


def search_path(env: Environment) -> str:
    """Return PATH without what depends on the working directory."""
    return ":".join(entry for entry in env.path.split(":") if entry.startswith("/"))


def tmux_sockets(env: Environment) -> list[str]:
    """Return the sockets of tmux: the server that we are in, and the user's default one.

    Nothing is to be put into another one: started under a name of its own (``tmux -L NAME``) it
    may be some other program's. One that belongs to another user is nobody to talk to.
    """
    inside = (env.get("TMUX") or "").partition(",")[0]
    return _ours([inside, f"{_tmux_directory(env)}/default"])


def named_tmux_sockets(env: Environment) -> list[str]:
    """Return ``tmux_sockets``, and those of the servers with a name of their own.

    For whoever looks for something of ours: it was put into the server that the user was in then,
    or that server has read the user's tmux.conf. One that was started with a path
    (``tmux -S PATH``) is found only from within.
    """
    directory = _tmux_directory(env)
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        names = []
    return _ours([*tmux_sockets(env), *(f"{directory}/{name}" for name in names)])


def _tmux_directory(env: Environment) -> str:
    return f"{env.get('TMUX_TMPDIR') or '/tmp'}/tmux-{os.getuid()}"  # noqa: S108


def _ours(paths: list[str]) -> list[str]:
    return [path for path in dict.fromkeys(paths) if path.startswith("/") and _is_ours(path)]


def _is_ours(path: str) -> bool:
    try:
        status = os.stat(path)
    except OSError:
        return False
    return stat.S_ISSOCK(status.st_mode) and status.st_uid == os.getuid()
