"""The directories of the cache: made private, never in somebody else's home."""

from __future__ import annotations

import posix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.system.environ import Environment


class ForeignError(PermissionError):
    """The place is another user's; ``str`` says which, without its path."""


def make_private(env: Environment, profile_dir: str) -> None:
    """Create the directories down to ``profile_dir``, ours mode 0700.

    Raises ``ForeignError`` where the place is another user's (``foreign``), ``FileNotFoundError``
    where the home itself is missing (H01: as root nothing would stop us), ``OSError`` where it
    cannot be.
    """
    whose = foreign(env, profile_dir)
    if whose:
        raise ForeignError(whose)
    cache_root = env.cache_root or profile_dir
    must_exist = cache_root.rsplit("/", 2)[0]
    missing = []
    path = profile_dir
    while path not in ("", "/"):
        try:
            posix.stat(path)
            break
        except FileNotFoundError:
            if len(path) <= len(must_exist):
                raise
            missing.append(path)
            path = path.rpartition("/")[0]
    for path in reversed(missing):
        mode = 0o700 if path.startswith(cache_root) else 0o755
        try:
            posix.mkdir(path, mode)
            posix.chmod(path, mode)
        except FileExistsError:
            continue


def foreign(env: Environment, path: str) -> str:
    """Return why nothing of ours may lie at ``path``: "" where it may, else whose it is.

    ``sudo`` and ``su`` may keep HOME: what root leaves there its owner cannot remove or replace.
    A place of root's own, such as /tmp, is nobody's home.
    """
    if path.startswith(f"{(env.home or '/').rstrip('/')}/") and home_is_foreign(env):
        return "HOME belongs to another user"
    while path and not _is_there(path):
        path = path.rpartition("/")[0]
    return "The cache directory belongs to another user" if _is_foreign(path or "/") else ""


def home_is_foreign(env: Environment) -> bool:
    """Tell whether HOME is another user's, neither root's nor that of who runs this."""
    return env.home is not None and _is_foreign(env.home)


def _is_foreign(path: str) -> bool:
    try:
        return posix.stat(path).st_uid not in (0, posix.geteuid())
    except OSError:
        return False  # whoever makes something there meets the same error


def _is_there(path: str) -> bool:
    try:
        posix.stat(path)
    except OSError:
        return False
    return True
