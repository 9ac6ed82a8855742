"""A profile's directory in the cache: made ready to write in, removed once nobody uses it."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from typing import TYPE_CHECKING

from statusline.system import clock
from statusline.system.errors import FixableError
from statusline.system.private_dir import ForeignError, make_private

if TYPE_CHECKING:
    from statusline.system.environ import Environment

#: The directory of a token from the environment goes when nothing was done there for so long; no
#: more than this many in one run.
PROFILE_AGE_S, PROFILES_MOST = 30 * 86400.0, 20
_PROFILE = re.compile(r"[0-9a-f]{16}-env-[0-9a-f]{8}")


class NotPrivateError(FixableError):
    """The profile's directory is not ours alone; ``what`` says why, without its path."""


def prepare(env: Environment) -> str:
    """Return the profile's directory, made private; raise ``NotPrivateError`` or ``OSError``.

    A directory of ours that others may read is tightened to 0700; one of another user, a
    symbolic link or something else in its place is refused (B15, S13, S14).
    """
    directory = env.profile_dir
    if directory is None:
        raise NotPrivateError("HOME, or CLAUDE_CONFIG_DIR, is not an absolute path.")
    try:
        make_private(env, directory)
    except ForeignError as error:
        raise NotPrivateError(f"{error}.") from None
    status = os.lstat(directory)
    if not stat.S_ISDIR(status.st_mode):
        raise NotPrivateError("The cache directory is not a directory.")
    if status.st_uid != os.geteuid():
        raise NotPrivateError("The cache directory belongs to another user.")
    if stat.S_IMODE(status.st_mode) & 0o077:
        os.chmod(directory, 0o700)
    return directory


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
