"""The directories of the cache: made private, never in somebody else's home."""

from __future__ import annotations

import posix


def make_private(profile_dir: str, cache_root: str) -> None:
    """Create the directories down to ``profile_dir``, ours mode 0700.

    Raises ``PermissionError`` where root would leave its own directories in another user's
    home (``sudo`` with the user's HOME; reliability.md H04), ``FileNotFoundError`` where the home
    itself is missing (H01: as root nothing would stop us), ``OSError`` where it cannot be.
    """
    must_exist = cache_root.rsplit("/", 2)[0]
    missing = []
    owner = 0
    path = profile_dir
    while path not in ("", "/"):
        try:
            owner = posix.stat(path).st_uid
            break
        except FileNotFoundError:
            if len(path) <= len(must_exist):
                raise
            missing.append(path)
            path = path.rpartition("/")[0]
    if missing and posix.geteuid() == 0 and owner != 0:
        raise PermissionError
    for path in reversed(missing):
        mode = 0o700 if path.startswith(cache_root) else 0o755
        try:
            posix.mkdir(path, mode)
            posix.chmod(path, mode)
        except FileExistsError:
            continue
