"""``config.toml`` on disk: read once, and replaced in one step if it is still as it was read.

A link is followed to the file it leads to, as dotfiles are kept, but never one that somebody
else has made.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import time
from collections.abc import Iterator
from typing import NamedTuple

from statusline.settings import load
from statusline.system import file_lock
from statusline.system.environ import Environment
from statusline.system.errors import FixableError, reason
from statusline.system.private_dir import home_is_foreign
from statusline.wiring import edit

#: How long another change of the file is waited for, and between two looks.
_PATIENCE_S, _LOOK_S = 5.0, 0.01


class ConfigFileError(FixableError):
    """A file that cannot be read or written, or was changed meanwhile."""


class ConfigFile(NamedTuple):
    """The file at one moment: its path, where that leads, and its bytes (``None``: no file)."""

    path: str
    target: str
    data: bytes | None

    @property
    def text(self) -> str:
        """The file's text, without the mark that it may begin with; "" for no file."""
        return (self.data or b"").decode(load.ENCODING)


def path_of(env: Environment) -> str:
    """Return where the file is or would be; raise ``ConfigFileError``."""
    if env.config_path is None:
        raise ConfigFileError("There is no place for config.toml.", "Set HOME.")
    return env.config_path


def read(env: Environment) -> ConfigFile:
    """Return the file as it is now; raise ``ConfigFileError`` where it could not be written."""
    path = path_of(env)
    if home_is_foreign(env):
        raise ConfigFileError("HOME belongs to another user.", "Run this as that user.")
    try:
        _check_links(path)
        target = edit.target_of(path)
        data = edit.read(target)
    except FixableError as error:
        raise ConfigFileError(error.what, error.fix) from None
    except OSError as error:
        raise ConfigFileError(f"{path} cannot be read: {reason(error)}.") from None
    try:
        (data or b"").decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigFileError(f"{path} is not UTF-8.", "Save the file as UTF-8.") from None
    if data is not None and len(data) > load.MAX_BYTES:
        raise ConfigFileError(f"{path} is larger than {load.MAX_BYTES} bytes.", "Shorten the file.")
    return ConfigFile(path, target, data)


def write(env: Environment, before: ConfigFile, text: str) -> ConfigFile:
    """Replace the file in one step, and return it; raise ``ConfigFileError``, then it is as it was.

    Mode, owner and links stay. A file that is not as it was ``before`` is left alone.
    """
    with locked(env):
        if read(env) != before:
            what = "config.toml was changed meanwhile; nothing was written."
            raise ConfigFileError(what, "Look at it, and do this again.")
        return replace(before, text)


def create(before: ConfigFile, text: str) -> None:
    """Write a file that is not there; the caller holds the lock. Raises ``ConfigFileError``."""
    if before.data is not None:
        raise ConfigFileError(f"{before.path} is there already.", "It was left as it is.")
    replace(before, text)


def replace(before: ConfigFile, text: str) -> ConfigFile:
    """Write the text; the caller holds the lock and has just read ``before``.

    A byte order mark at the beginning stays: the editor that has put it there may look for it.
    """
    mark = codecs.BOM_UTF8 if (before.data or b"").startswith(codecs.BOM_UTF8) else b""
    data = mark + text.encode("utf-8")
    try:
        edit.write(before.target, data)
    except FixableError as error:
        raise ConfigFileError(error.what, error.fix) from None
    return before._replace(data=data)


@contextlib.contextmanager
def locked(env: Environment) -> Iterator[None]:
    """Keep every other change of the file away, and make its directory where there is none.

    The lock is on that directory, so that no file is left lying about.
    """
    directory = os.path.dirname(read(env).target)
    try:
        os.makedirs(directory, exist_ok=True)
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigFileError(f"{directory} cannot be used: {reason(error)}.") from None
    try:
        _wait_for(handle)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int) -> None:
    end_s = time.monotonic() + _PATIENCE_S
    try:
        while not file_lock.try_lock(handle):
            if time.monotonic() > end_s:
                what = "Another program has been changing config.toml for some seconds."
                raise ConfigFileError(what, "Wait for it.")
            time.sleep(_LOOK_S)
    except OSError:
        return  # a file system without locks: one person seldom runs two of these at once


def _check_links(path: str, *, depth: int = 40) -> None:
    """Raise ``ConfigFileError`` where a link on the way to the file is another user's."""
    where = "/"
    names = [name for name in path.split("/") if name]
    while names:
        where = os.path.normpath(os.path.join(where, names.pop(0)))
        try:
            status = os.lstat(where)
            to = os.readlink(where) if os.path.islink(where) else None
        except FileNotFoundError:
            return
        if to is None:
            continue
        depth -= 1
        if status.st_uid not in (os.geteuid(), 0):
            what = f"{where} is another user's link; config.toml is left alone."
            raise ConfigFileError(what, "Put a link or a file of your own there.")
        if depth < 0:
            raise ConfigFileError(f"{path} is a loop of links.", "Remove one of them.")
        where = "/" if to.startswith("/") else os.path.dirname(where)
        names[:0] = [name for name in to.split("/") if name]
