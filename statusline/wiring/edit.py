"""Read and replace one file of the user's: through links, in one step, with its mode and owner."""

from __future__ import annotations

import contextlib
import os
import stat

from statusline.system.errors import reason
from statusline.wiring.installation import WiringError, check_printable

#: No settings or startup file is longer, in bytes.
MAX_BYTES = 4 * 1024 * 1024
_SUFFIX = ".statusline-new"


def target_of(path: str) -> str:
    """Return the file that ``path`` leads to, itself where it is no link (I10)."""
    check_printable("A file's path", path)
    return os.path.realpath(path)


def read(target: str) -> bytes | None:
    """Return what the file holds, ``None`` where there is none; raise ``WiringError``.

    Refused is what may not or need not be written: something else than a file, a read-only
    file, another user's, one over ``MAX_BYTES``.
    """
    try:
        status = os.lstat(target)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WiringError(f"{target} cannot be read: {reason(error)}.") from None
    if not stat.S_ISREG(status.st_mode):
        raise WiringError(f"{target} is not a regular file.", "Move it away.")
    if status.st_size > MAX_BYTES:
        raise WiringError(f"{target} is larger than {MAX_BYTES >> 20} MiB; it is left alone.")
    if status.st_uid != os.geteuid() and os.geteuid() != 0:
        raise WiringError(f"{target} belongs to another user; it is left alone.")
    if not status.st_mode & stat.S_IWUSR:
        raise WiringError(
            f"{target} is read-only.", "Allow writing (chmod u+w) and run this again."
        )
    try:
        with open(target, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WiringError(f"{target} cannot be read: {reason(error)}.") from None


def missing_directories(target: str) -> list[str]:
    """Return the directories that writing ``target`` would have to create, outermost first.

    Raises ``WiringError`` where that cannot be told: one that was there is not ours to remove.
    """
    missing: list[str] = []
    directory = os.path.dirname(target)
    try:
        while _status(directory) is None:
            missing.insert(0, directory)
            directory = os.path.dirname(directory)
    except OSError as error:
        raise WiringError(f"{directory} cannot be read: {reason(error)}.") from None
    return missing


def write(target: str, data: bytes, *, new_mode: int = 0o644) -> None:
    """Replace ``target`` by ``data`` in one step; raise ``WiringError``, then it is as it was.

    Mode and owner stay, and the group but where its members may do no more than everybody and
    the user is none of them; a new file gets ``new_mode`` less the umask. The caller holds the
    lock, so a temp file that lies there is one that a killed run left.
    """
    directory, temporary = os.path.dirname(target), _temporary(target)
    try:
        status = _status(target)
        os.makedirs(directory, exist_ok=True)
        sweep(target)
        try:
            _write_through(temporary, data, status, new_mode)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        sync_directory(directory)
    except OSError as error:
        raise WiringError(f"{target} cannot be written: {reason(error)}.") from None


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def sweep(target: str) -> None:
    """Remove the temp file that a killed run may have left beside ``target``."""
    with contextlib.suppress(OSError):
        os.unlink(_temporary(target))


def _temporary(target: str) -> str:
    directory, name = os.path.split(target)
    return f"{directory}/.{name}{_SUFFIX}"


def _write_through(path: str, data: bytes, like: os.stat_result | None, new_mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    handle = os.open(path, flags, new_mode if like is None else 0o600)
    with open(handle, "wb") as file:
        file.write(data)
        if like is not None:
            _own_like(handle, like)
            os.fchmod(handle, stat.S_IMODE(like.st_mode))
        file.flush()
        os.fsync(handle)


def _own_like(handle: int, like: os.stat_result) -> None:
    made = os.fstat(handle)
    if (made.st_uid, made.st_gid) == (like.st_uid, like.st_gid):
        return
    try:
        os.fchown(handle, like.st_uid, like.st_gid)
    except PermissionError:
        group, others = like.st_mode >> 3 & 7, like.st_mode & 7
        if made.st_uid != like.st_uid or group != others:
            raise


def remove(target: str, directories: list[str]) -> None:
    """Remove a file, and the directories that were made for it as far as they are empty."""
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(target)
    except OSError as error:
        raise WiringError(f"{target} cannot be removed: {reason(error)}.") from None
    remove_directories(directories)


def remove_directories(directories: list[str]) -> None:
    """Remove those of ``directories`` (outermost first) that are empty."""
    with contextlib.suppress(OSError):
        for directory in reversed(directories):
            os.rmdir(directory)


def sync_directory(directory: str) -> None:
    """Make a rename in ``directory`` last; a file system that cannot is no reason to fail."""
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
