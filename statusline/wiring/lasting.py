"""Whether a program will be there tomorrow: not in a cache, not in a temporary directory."""

from __future__ import annotations

import os
import re
import tempfile
from typing import NamedTuple

from statusline.system.environ import Environment
from statusline.system.programs import search_path

_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/folders")  # noqa: S108
#: Directories of uv's cache that hold whole environments.
_UV = re.compile(r"/(?:archive|environments|builds)-v\d+/")
_STORE = "/nix/store/"


class Passing(NamedTuple):
    """A place that is emptied by itself: what it is, and what installs the program for good."""

    what: str
    instead: str


def passing(path: str, env: Environment) -> Passing | None:
    """Return what is wrong with the place of a program, ``None`` where it lasts.

    A place that the home directory is in as well lasts as long as the files that name it.
    """
    path = os.path.realpath(path)
    if path.startswith(_STORE):
        return Passing("the Nix store, outside every profile", "nix profile install")
    if _UV.search(path) or _is_below(path, env.get("UV_CACHE_DIR"), env):
        return Passing("uv's cache", "uv tool install usage-statusline")
    caches = [
        path[: found.end()] for found in re.finditer(r"/(?:\.cache|Caches)(?=/)", path)
    ]  # pipx keeps what it runs in one of its own
    if any(_is_below(path, each, env) for each in (env.get("XDG_CACHE_HOME"), *caches)):
        return Passing("a cache", "pipx install usage-statusline")
    if any(_is_below(path, each, env) for each in (tempfile.gettempdir(), *_TEMPORARY)):
        return Passing("a temporary directory", "pipx install usage-statusline")
    return None


def _is_below(path: str, directory: str | None, env: Environment) -> bool:
    if not directory or not directory.startswith("/"):
        return False
    inside = os.path.realpath(directory) + "/"
    home = os.path.realpath(env.home or "/") + "/"
    return path.startswith(inside) and not home.startswith(inside)


def outer_name(path: str, env: Environment) -> str:
    """Return the name under which a launcher is called from outside its environment.

    ``uv tool``, pipx and Nix put a link where PATH leads; what it points to they may move.
    """
    real = os.path.realpath(path)
    if path != real and not path.startswith(_STORE):
        return path
    directories = [*search_path(env).split(":"), f"{env.home}/.local/bin"]
    for each in (f"{directory.rstrip('/')}/statusline" for directory in directories):
        if each != path and os.path.realpath(each) == real and not each.startswith(_STORE):
            return each
    return path
