"""The cache: whether it is private, readable, recent, has room on its disk and can be locked."""

from __future__ import annotations

import errno
import os
import stat

from statusline.doctor.check import ON_THE_WAY, Check, fail, ok, skip, warn
from statusline.doctor.context import Context
from statusline.overview import wrong_clock
from statusline.overview.words import ago, counted, size
from statusline.system import file_lock
from statusline.system.private_dir import foreign, home_is_foreign
from statusline.usage.messages import NO_LOGIN
from statusline.usage.snapshot import FILE_NAME

#: Less than this and the next file may not fit, in bytes.
LOW_BYTES, NONE_BYTES = 10 << 20, 256 << 10
_ELSEWHERE = "Set STATUSLINE_CACHE_DIR to a directory of yours on a local disk."


def directory(context: Context) -> list[Check]:
    """Look at the profile's directory: there, ours, and nobody else's."""
    path = context.directory
    if path is None:
        what = "There is no place for the cache: HOME, or CLAUDE_CONFIG_DIR, is not absolute."
        fix = "Set HOME, or STATUSLINE_CACHE_DIR and CLAUDE_CONFIG_DIR, to absolute paths."
        return [fail("cache", what, fix)]
    shown = context.tidy(path)
    whose = foreign(context.env, path)
    if whose:
        fix = "Run this as that user, without sudo." if home_is_foreign(context.env) else _ELSEWHERE
        return [fail("cache", f"{whose}; nothing is stored there.", fix)]
    return [_as_it_is(path, shown)]


def _as_it_is(path: str, shown: str) -> Check:
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return skip("cache", f"{shown} does not exist yet.")  # `numbers` says what to do
    except OSError as error:
        return fail("cache", f"{shown}: {error.strerror}.", _ELSEWHERE)
    if not stat.S_ISDIR(status.st_mode):
        return fail("cache", f"{shown} is not a directory.", "Remove it.")
    if status.st_uid != os.geteuid():
        return fail("cache", f"{shown} belongs to another user.", _ELSEWHERE)
    if not os.access(path, os.W_OK | os.X_OK):
        return fail("cache", f"{shown} cannot be written.", f"chmod 700 {shown}")
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        what = f"{shown} is open to other users (mode {mode:04o})."
        return warn("cache", what, f"chmod 700 {shown}")
    return ok("cache", f"{shown}, private")


def numbers(context: Context) -> list[Check]:
    """Look at usage.json as a segment does (A10, A12)."""
    if context.directory is None:
        return []
    path = f"{context.directory}/{FILE_NAME}"
    shown = context.tidy(path)
    try:
        status = os.lstat(path)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return [_none_yet(context)]
        fix = f"chmod 700 {os.path.dirname(shown)}"
        return [fail("numbers", f"{shown} cannot be read.", fix, after=("cache",))]
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        return [fail("numbers", f"{shown} does not belong to you; it is ignored.", _again(shown))]
    if status.st_mode & 0o022:
        what = f"{shown} can be written by other users; it is ignored."
        return [fail("numbers", what, f"chmod 600 {shown}")]
    if not os.access(path, os.R_OK):
        return [fail("numbers", f"{shown} cannot be read.", f"chmod 600 {shown}")]
    return [_contents(context, shown)]


def _none_yet(context: Context) -> Check:
    what = "No numbers have been fetched yet."
    if context.env.billing and context.login.state in NO_LOGIN:
        return skip("numbers", what)
    after = ("cache", "login", "scope", *ON_THE_WAY, "usage API")
    return warn("numbers", what, "Run `statusline refresh`.", after=after)


def _contents(context: Context, shown: str) -> Check:
    snapshot = context.snapshot
    if snapshot is None:
        return fail("numbers", f"{shown} is broken.", _again(shown))
    if snapshot.is_newer_than_us():
        what = f"{shown} was written by a newer statusline; this one only reads it."
        return warn("numbers", what, "Run install.sh of the newer version.")
    age = ago(max(0.0, context.now - snapshot.written_at))
    return ok("numbers", f"{counted(len(snapshot.windows), 'window')}, written {age}")


def _again(shown: str) -> str:
    return f"Remove {shown}, then run `statusline refresh`."


def disk(context: Context) -> list[Check]:
    """Tell whether the next file fits."""
    path = context.directory
    while path and not os.path.isdir(path):
        path = os.path.dirname(path) if path != "/" else ""
    if not path:
        return []
    try:
        found = os.statvfs(path)
    except AttributeError:
        return [skip("disk", "This system does not say how full it is.")]
    except OSError as error:
        return [skip("disk", f"The file system does not say: {error.strerror}.")]
    free = found.f_bavail * found.f_frsize
    fix = f"Free some space, or {_ELSEWHERE[0].lower()}{_ELSEWHERE[1:]}"
    if free < NONE_BYTES or (found.f_files and not found.f_favail):
        return [fail("disk", "The disk of the cache is full.", fix)]
    if free < LOW_BYTES:
        return [warn("disk", f"Only {size(free)} are free on the disk of the cache.", fix)]
    return [ok("disk", f"{size(free)} free")]


def lock(context: Context) -> list[Check]:
    """Take the refresher's lock for an instant, if it was ever made (B18)."""
    if context.directory is None:
        return []
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(f"{context.directory}/lock", flags)
    except FileNotFoundError:
        return [skip("lock", "There has been no refresh yet.")]
    except OSError as error:
        what = f"The lock cannot be opened, so no request is made: {error.strerror}."
        fix = f"Remove {context.tidy(context.directory)}/lock."
        return [fail("lock", what, fix, after=("cache",))]
    try:
        is_free = file_lock.try_lock(handle)
    except OSError as error:
        what = f"This disk does not support locks, so no request is made: {error.strerror}."
        return [fail("lock", what, _ELSEWHERE)]
    finally:
        os.close(handle)
    return [ok("lock", "works" if is_free else "works; a refresh is running")]


def clock(context: Context) -> list[Check]:
    """Tell whether the clock can be right."""
    found = wrong_clock.problem(context.snapshot, context.loaded.settings, context.now)
    if found is not None:
        return [warn("clock", *found)]
    return [ok("clock", "agrees with the cache")]
