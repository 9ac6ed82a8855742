"""Programs of this machine: where one is, and the tmux servers that this user runs."""

from __future__ import annotations

import os
import shutil
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

    Another one, started under a name of its own, is some other program's; one that belongs to
    another user is nobody to talk to.
    """
    inside = (env.get("TMUX") or "").partition(",")[0]
    directory = f"{env.get('TMUX_TMPDIR') or '/tmp'}/tmux-{os.getuid()}"  # noqa: S108
    paths = dict.fromkeys((inside, f"{directory}/default"))
    return [path for path in paths if path.startswith("/") and _is_ours(path)]


def _is_ours(path: str) -> bool:
    try:
        return os.stat(path).st_uid == os.getuid()
    except OSError:
        return False
