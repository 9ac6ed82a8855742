"""Write a file so that a reader sees the old contents or the new, and never anything between.

Temp file + fsync + replace (docs/decisions.md 11). The data is
derived, so the directory is not synced: after a power loss the file is old, new or absent.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import stat
from typing import TYPE_CHECKING

from statusline import clock
from statusline.directory import ForeignError, make_private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.environ import Environment

#: Left-over temp files (a SIGKILL leaves 6 in 10) are swept when older than this, and no more
#: than this many in one run.
SWEEP_AGE_S, SWEEP_MOST = 60.0, 1000
#: The directory of a token from the environment goes when nothing was done there for so long; no
#: more than this many in one run.
PROFILE_AGE_S, PROFILES_MOST = 30 * 86400.0, 20
_PROFILE = re.compile(r"[0-9a-f]{16}-env-[0-9a-f]{8}")
_PREFIX = ".tmp-"
_ATTEMPTS = 8


class NotPrivateError(Exception):
    """The profile's directory is not ours alone; ``str`` says why, without its path."""


class NoPlaceError(Exception):
    """Something else stands where a file belongs; ``str`` says what, without its path."""


def prepare(env: Environment) -> str:
    """Return the profile's directory, made private; raise ``NotPrivateError`` or ``OSError``.

    A directory of ours that others may read is tightened to 0700; one of another user, a
    symbolic link or something else in its place is refused (B15, S13, S14).
    """
    directory = env.profile_dir
    if directory is None:
        message = "HOME, or CLAUDE_CONFIG_DIR, is not an absolute path"
        raise NotPrivateError(message)
    try:
        make_private(env, directory)
    except ForeignError as error:
        raise NotPrivateError(str(error)) from None
    status = os.lstat(directory)
    if not stat.S_ISDIR(status.st_mode):
        message = "the cache directory is not a directory"
        raise NotPrivateError(message)
    if status.st_uid != os.geteuid():
        message = "the cache directory belongs to another user"
        raise NotPrivateError(message)
    if stat.S_IMODE(status.st_mode) & 0o077:
        os.chmod(directory, 0o700)
    return directory


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
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
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
    """Let ``path`` be a symbolic link to ``target``, in one step; raise ``OSError``."""
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
            raise NoPlaceError(f"`{name}` in the cache directory is a directory")
    temporary, handle = _open_temporary(os.path.dirname(path))
    try:
        os.write(handle, bytes(size))
    finally:
        os.close(handle)
        _remove(temporary)


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


def sweep_profiles(directory: str) -> None:
    """Remove profiles of environment tokens beside this one that nobody uses; never raises.

    A token is used for hours (in CI) or for a year; its numbers are worth minutes.
    """
    removed = 0
    with contextlib.suppress(OSError), os.scandir(os.path.dirname(directory)) as entries:
        for entry in entries:
            if not _PROFILE.fullmatch(entry.name) or entry.path == directory:
                continue
            with contextlib.suppress(OSError):
                removed += _remove_profile(entry)
            if removed >= PROFILES_MOST:
                return


def _remove_profile(profile: os.DirEntry[str]) -> bool:
    status = profile.stat(follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        return False
    with os.scandir(profile.path) as entries:
        files = list(entries)
    if any(each.is_dir(follow_symlinks=False) for each in files):
        return False  # not of our making
    # A segment's time is the moment until which it is true.
    times = [
        each.stat(follow_symlinks=False).st_mtime
        for each in files
        if not each.name.startswith("segment.")
    ]
    if clock.now() - max([status.st_mtime, *times]) < PROFILE_AGE_S:
        return False
    for each in files:
        os.unlink(each.path)
    os.rmdir(profile.path)
    return True


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
