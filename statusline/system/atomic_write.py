"""Write a file of ours so that a reader sees the old contents or the new, nothing between.

Temp file + fsync + replace (docs/decisions.md 11). The data is derived, so the directory is not
synced: after a power loss the file is old, new or absent.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from typing import TYPE_CHECKING

from statusline.system import clock
from statusline.system.errors import FixableError

if TYPE_CHECKING:
    from collections.abc import Mapping


#: Left-over temp files (a SIGKILL leaves 6 in 10) are swept when older than this, and no more
#: than this many in one run.
SWEEP_AGE_S, SWEEP_MOST = 60.0, 1000
_PREFIX = ".tmp-"
_ATTEMPTS = 8


class NoPlaceError(FixableError):
    """Something else stands where a file belongs; ``what`` says what, without its path."""


def write_json(
    path: str,
    value: Mapping[str, object],
    *,
    mtime_s: float | None = None,
    mtime_ns: int | None = None,
) -> None:
    """Publish ``value`` as JSON at ``path`` (see ``write``)."""
    if mtime_s is not None:
        mtime_ns = int(mtime_s * 1e9)
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write(path, f"{text}\n".encode("utf-8", "replace"), mtime_ns=mtime_ns)


def write(path: str, data: bytes, *, mtime_ns: int | None = None, mode: int = 0o600) -> None:
    """Publish ``data`` at ``path``, mode ``mode`` whatever the umask; raise ``OSError``.

    On any error the temp file goes and ``path`` keeps what it had. ``mtime_ns`` becomes the
    file's modification time.
    """
    temporary, handle = _open_temporary(os.path.dirname(path))
    try:
        try:
            os.fchmod(handle, mode)
            _write_all(handle, data)
            os.fsync(handle)
            if mtime_ns is not None:
                os.utime(handle, ns=(mtime_ns, mtime_ns))
        finally:
            os.close(handle)
        os.replace(temporary, path)
    except BaseException:
        _remove(temporary)
        raise


def link(path: str, target: str) -> None:
    """Make ``path`` a symbolic link to ``target``, in one step; raise ``OSError``."""
    temporary = f"{os.path.dirname(path)}/{_PREFIX}{secrets.token_hex(8)}"
    os.symlink(target, temporary)
    try:
        os.replace(temporary, path)
    except OSError:
        _remove(temporary)
        raise


def check_place(path: str, size: int) -> None:
    """Make sure that ``size`` bytes could be published at ``path`` now; leave nothing behind.

    For what must not be begun where its result could not be kept. Raises ``NoPlaceError`` where
    a directory is there, ``OSError`` where the directory around or the disk takes no file.
    """
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(os.lstat(path).st_mode):
            name = os.path.basename(path)
            raise NoPlaceError(f"`{name}` in the cache directory is a directory.")
    temporary, handle = _open_temporary(os.path.dirname(path))
    try:
        try:
            _write_all(handle, bytes(size))
        finally:
            os.close(handle)
    finally:
        _remove(temporary)


def _write_all(handle: int, data: bytes) -> None:
    """Write ``data`` or raise: of what does not fit, a first call may take a part in silence."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _open_temporary(directory: str) -> tuple[str, int]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    for _ in range(_ATTEMPTS):
        path = f"{directory}/{_PREFIX}{secrets.token_hex(8)}"
        try:
            return path, os.open(path, flags, 0o600)
        except FileExistsError:
            continue
    raise FileExistsError(_PREFIX)


def sweep(directory: str) -> int:
    """Remove temp files that a killed writer left; return how many. Never raises."""
    removed = 0
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                if removed < SWEEP_MOST and _is_left_over(entry):
                    removed += _remove(entry.path)
    except OSError:
        return removed
    return removed


def _is_left_over(entry: os.DirEntry[str]) -> bool:
    if not entry.name.startswith(_PREFIX):
        return False
    status = entry.stat(follow_symlinks=False)
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    return is_ours and abs(clock.now() - status.st_mtime) > SWEEP_AGE_S


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True
