"""A database's file: private, never a link, and out of the way where it cannot be read."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import NamedTuple

from statusline.system.bounded_read import is_private
from statusline.system.errors import FixableError

#: What SQLite keeps beside it; without the first or the last of them, numbers may be missing.
BESIDE = ("-wal", "-shm", "-journal")
#: How many databases that could not be read are kept beside the one in use.
MOST_BROKEN = 2
_NOFOLLOW = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Kind(NamedTuple):
    """What a database of ours is: its file's name, and how one is told from another's.

    ``steps`` make its ``tables`` (``migrations``), ``application_id`` marks the file. One that is
    larger than ``max_bytes`` is not ours. ``unknown`` is what is said where there is none yet.
    """

    file_name: str
    application_id: int
    steps: tuple[tuple[str, ...], ...]
    tables: frozenset[str]
    max_bytes: int
    unknown: str


class DatabaseError(FixableError):
    """A database cannot be used now; ``trouble`` says why, in one word.

    "missing" (there is none yet), "no_sqlite" (this Python cannot read one), "not_ours"
    (something else stands in its place), "newer" (a newer program's), "busy" (another program
    holds it), "broken" (no database of ours, or a damaged one), "failed" (the system says why).
    """

    def __init__(self, trouble: str, what: str, fix: str = "") -> None:
        super().__init__(what, fix)
        self.trouble = trouble


def path_in(directory: str, kind: Kind) -> str:
    """Return where a database of a profile's ``directory`` is."""
    return f"{directory}/{kind.file_name}"


def check(directory: str, kind: Kind) -> None:
    """Raise ``DatabaseError`` unless there is a file of ours in its place, and of its size."""
    path = path_in(directory, kind)
    status = _status(path)
    require(kind, is_there=status is not None)
    found = [status, *(_status(f"{path}{end}") for end in BESIDE)]
    for each in [each for each in found if each is not None]:
        if not stat.S_ISREG(each.st_mode) or not is_private(each):
            raise DatabaseError(
                "not_ours",
                f"`{kind.file_name}` in the cache directory is not a file that only you can"
                " write; nothing is kept in it.",
                f"Remove `{kind.file_name}*` there.",
            )
    if status is not None and status.st_size > kind.max_bytes:
        said = f"`{kind.file_name}` in the cache directory is far too large."
        raise DatabaseError("broken", said)


def require(kind: Kind, *, is_there: bool) -> None:
    """Raise ``DatabaseError`` where there is no database yet."""
    if not is_there:
        raise DatabaseError("missing", kind.unknown)


def make(directory: str, kind: Kind) -> bool:
    """Make the file if there is none, mode 0600 in any case; tell whether it was made.

    SQLite gives its other files the same mode. Raises ``DatabaseError`` or ``OSError``.
    """
    path = path_in(directory, kind)
    try:
        check(directory, kind)
    except DatabaseError as error:
        if error.trouble != "missing":
            raise
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600))
        except FileExistsError:  # another program was faster
            check(directory, kind)
            return False
        os.chmod(path, 0o600)  # whatever the umask
        return True
    if stat.S_IMODE(os.lstat(path).st_mode) != 0o600:
        os.chmod(path, 0o600)
    return False


def set_aside(directory: str, kind: Kind) -> None:
    """Put the database out of the way, with what SQLite keeps beside it; raise ``OSError``.

    The last ``MOST_BROKEN`` are kept. The file itself goes last: whoever is killed before has
    another try, and a new one never meets a journal of the old one.
    """
    path = path_in(directory, kind)
    for number in range(MOST_BROKEN, 0, -1):
        newer = path if number == 1 else broken(directory, number - 1, kind)
        older = broken(directory, number, kind)
        for end in (*BESIDE, ""):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{older}{end}")
            with contextlib.suppress(FileNotFoundError):
                os.rename(f"{newer}{end}", f"{older}{end}")


def discard(directory: str, kind: Kind) -> None:
    """Remove a database that can be made again; raise ``OSError``. The file itself goes last."""
    for end in (*BESIDE, ""):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{path_in(directory, kind)}{end}")


def broken(directory: str, number: int, kind: Kind) -> str:
    """Return where the ``number``-th last database that was set aside is, from 1 on."""
    return f"{path_in(directory, kind)}.broken-{number}"


def aside(directory: str, kind: Kind) -> list[str]:
    """Return the databases that were set aside and are there still, the last one first."""
    paths = (broken(directory, number, kind) for number in range(1, MOST_BROKEN + 1))
    return [path for path in paths if os.path.lexists(path)]


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        said = f"`{os.path.basename(path)}`: {error.strerror}."
        raise DatabaseError("failed", said) from error
