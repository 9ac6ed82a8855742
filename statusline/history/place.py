"""The database's file: private, never a link, and out of the way where it cannot be read."""

from __future__ import annotations

import contextlib
import os
import stat

from statusline.system.bounded_read import is_private
from statusline.system.errors import FixableError

FILE_NAME = "history.sqlite3"
#: What SQLite keeps beside it; without the first or the last of them, numbers may be missing.
BESIDE = ("-wal", "-shm", "-journal")
#: Nothing of ours grows to this, in bytes (``store.MOST_BYTES``).
MAX_BYTES = 64 << 20
#: How many databases that could not be read are kept beside the one in use.
MOST_BROKEN = 2
_NOFOLLOW = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class HistoryError(FixableError):
    """The history cannot be used now; ``trouble`` says why, in one word.

    "missing" (there is none yet), "no_sqlite" (this Python cannot read one), "not_ours"
    (something else stands in its place), "newer" (a newer program's), "busy" (another program
    holds it), "broken" (no database of ours, or a damaged one), "failed" (the system says why).
    """

    def __init__(self, trouble: str, what: str, fix: str = "") -> None:
        super().__init__(what, fix)
        self.trouble = trouble


def path_in(directory: str) -> str:
    """Return where the history of a profile's ``directory`` is."""
    return f"{directory}/{FILE_NAME}"


def check(directory: str) -> None:
    """Raise ``HistoryError`` unless there is a file of ours in its place, and of its size."""
    path = path_in(directory)
    status = _status(path)
    require(is_there=status is not None)
    found = [status, *(_status(f"{path}{end}") for end in BESIDE)]
    for each in [each for each in found if each is not None]:
        if not stat.S_ISREG(each.st_mode) or not is_private(each):
            raise HistoryError(
                "not_ours",
                f"`{FILE_NAME}` in the cache directory is not a file that only you can write;"
                " no history is kept.",
                f"Remove `{FILE_NAME}*` there.",
            )
    if status is not None and status.st_size > MAX_BYTES:
        raise HistoryError("broken", f"`{FILE_NAME}` in the cache directory is far too large.")


def require(*, is_there: bool) -> None:
    """Raise ``HistoryError`` where there is no history yet."""
    if not is_there:
        raise HistoryError("missing", "Nothing has been recorded yet.")


def make(directory: str) -> bool:
    """Make the file if there is none, mode 0600 in any case; tell whether it was made.

    SQLite gives its other files the same mode. Raises ``HistoryError`` or ``OSError``.
    """
    path = path_in(directory)
    try:
        check(directory)
    except HistoryError as error:
        if error.trouble != "missing":
            raise
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600))
        os.chmod(path, 0o600)  # whatever the umask
        return True
    if stat.S_IMODE(os.lstat(path).st_mode) != 0o600:
        os.chmod(path, 0o600)
    return False


def set_aside(directory: str) -> None:
    """Put the database out of the way, with what SQLite keeps beside it; raise ``OSError``.

    The last ``MOST_BROKEN`` are kept. The file itself goes last: whoever is killed before has
    another try, and a new one never meets a journal of the old one.
    """
    path = path_in(directory)
    for number in range(MOST_BROKEN, 0, -1):
        newer = path if number == 1 else broken(directory, number - 1)
        older = broken(directory, number)
        for end in (*BESIDE, ""):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{older}{end}")
            with contextlib.suppress(FileNotFoundError):
                os.rename(f"{newer}{end}", f"{older}{end}")


def broken(directory: str, number: int) -> str:
    """Return where the ``number``-th last database that was set aside is, from 1 on."""
    return f"{path_in(directory)}.broken-{number}"


def aside(directory: str) -> list[str]:
    """Return the databases that were set aside and are there still, the last one first."""
    paths = (broken(directory, number) for number in range(1, MOST_BROKEN + 1))
    return [path for path in paths if _status(path) is not None]


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HistoryError("failed", f"`{FILE_NAME}`: {error.strerror}.") from error
