"""SQLite: a database opened to be written or to be read; the only importer of sqlite3.

What goes wrong with it leaves here as a ``DatabaseError``. Pythons without sqlite3 exist.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

from statusline.database import migrations, place
from statusline.database.place import DatabaseError, Kind
from statusline.system.errors import reason
from statusline.system.text import printable

#: What SQLite raises. Some Pythons have none: it is a package of its own, or its library is lost.
_ERRORS: tuple[type[Exception], ...] = ()
try:
    import sqlite3
except ImportError:
    IS_THERE = False
else:
    IS_THERE, _ERRORS = True, (sqlite3.Error,)
#: How long a writer waits for another program that holds the database, and how long all of its
#: work may take: a refresher has 20 s for everything. In seconds.
WRITER_WAIT_S, WORK_S = 0.25, 3.0
#: The same for a reader, behind which somebody sits.
READER_WAIT_S, READER_WORK_S = 2.0, 10.0
#: A power loss costs the last numbers, a killed process none.
SYNCHRONOUS = "NORMAL"
#: SQLite's primary result codes: BUSY, LOCKED, INTERRUPT; CORRUPT, FORMAT, NOTADB; IOERR,
#: CANTOPEN, PROTOCOL where there can be no shared memory; READONLY, CANTOPEN where reading alone
#: does not do.
_BUSY, _BROKEN, _NO_SHARING, _CLOSED = (5, 6, 9), (11, 24, 26), (10, 14, 15), (8, 14)
#: Bytes that stand for themselves in a URI.
_PLAIN = frozenset(b"/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
#: Virtual machine steps between two looks at the clock.
_STEPS = 20_000


@contextlib.contextmanager
def explained(kind: Kind) -> Iterator[None]:
    """Turn what SQLite or the system says into a ``DatabaseError``."""
    try:
        yield
    except OSError as error:
        raise _failed(kind, reason(error)) from error
    except UnicodeDecodeError as error:  # SQLite quotes what is damaged, and Python reads that
        raise _meaning(kind, _BROKEN[0], "") from error
    except _ERRORS as error:
        raise _meaning(kind, _code(error), str(error)) from error


def _code(error: Exception) -> int:
    """Return SQLite's primary result code, 0 for an error of Python's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _meaning(kind: Kind, code: int, said: str) -> DatabaseError:
    if code in _BUSY:
        return DatabaseError("busy", f"Another program is using `{kind.file_name}`.", "Try again.")
    if code in _BROKEN:
        return DatabaseError("broken", f"`{kind.file_name}` in the cache directory is damaged.")
    return _failed(kind, printable(said))


def _failed(kind: Kind, said: str) -> DatabaseError:
    what = f"`{kind.file_name}` in the cache directory cannot be used: {said}."
    return DatabaseError("failed", what)


def whole(value: object, kind: Kind) -> int:
    """Return a whole number as it was written, raise ``DatabaseError`` where there is none.

    SQLite lets any value stand in any column, and damage puts some there.
    """
    if type(value) is not int:
        raise _meaning(kind, _BROKEN[0], "")
    return value


def open_to_write(directory: str, work_s: float, kind: Kind) -> sqlite3.Connection:
    """Return the database of a profile, made and brought up to date; raise ``DatabaseError``."""
    _require(kind)
    with explained(kind):
        if not place.make(directory, kind):
            _refuse_newer(directory, work_s, kind)
        connection = _connect(directory, kind, "mode=rw", WRITER_WAIT_S, work_s)
        try:
            connection = _with_journal(connection, directory, work_s, kind)
            connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
            migrations.migrate(connection, _version(connection, kind), kind)
        except BaseException:
            connection.close()
            raise
        return connection


def _refuse_newer(directory: str, work_s: float, kind: Kind) -> None:
    """Look at a database by a connection that cannot write: a newer one stays as it is.

    Where a killed writer left something that has to be undone first, looking is not enough.
    """
    connection = _connect(directory, kind, "mode=ro", WRITER_WAIT_S, work_s)
    with closed_after(connection):
        try:
            _version(connection, kind)
        except sqlite3.OperationalError as error:
            if _code(error) not in _CLOSED:
                raise


def open_to_read(directory: str, kind: Kind) -> sqlite3.Connection:
    """Return the database of a profile as it is at this moment; raise ``DatabaseError``."""
    _require(kind)
    with explained(kind):
        place.check(directory, kind)
        try:
            return _snapshot(directory, kind, "mode=ro")
        except sqlite3.OperationalError as error:
            if _code(error) not in _CLOSED:
                raise
        # A killed writer left something to be undone first. Where nobody writes, SQLite has no
        # room for its shared memory either.
        is_ours = os.access(directory, os.W_OK)
        return _snapshot(directory, kind, "mode=rw" if is_ours else "mode=ro&immutable=1")


def check_writable(directory: str, kind: Kind) -> None:
    """Raise ``DatabaseError`` where the database of a profile, which is there, takes nothing."""
    with explained(kind):
        connection = _connect(directory, kind, "mode=rw", WRITER_WAIT_S, WORK_S)
        with closed_after(connection):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")


def is_damaged(directory: str, found: DatabaseError, work_s: float, kind: Kind) -> bool:
    """Tell whether a database that was ``found`` broken is so when all of it is read anew.

    To SQLite a read that the disk or a file server failed once is damage as well. What was found
    in it without SQLite's saying so is believed.
    """
    if found.trouble != "broken" or not isinstance(found.__cause__, _ERRORS):
        return found.trouble == "broken"
    try:
        connection = open_to_write(directory, work_s, kind)
        with closed_after(connection), explained(kind):
            return connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]
    except DatabaseError as error:
        return error.trouble == "broken"


@contextlib.contextmanager
def closed_after(connection: sqlite3.Connection) -> Iterator[None]:
    """Close the database afterwards, whatever becomes of that."""
    try:
        yield
    finally:
        with contextlib.suppress(OSError, UnicodeDecodeError, *_ERRORS):
            connection.close()


def _snapshot(directory: str, kind: Kind, how: str) -> sqlite3.Connection:
    connection = _connect(directory, kind, how, READER_WAIT_S, READER_WORK_S)
    try:
        connection.execute("PRAGMA query_only = 1")
        connection.execute("BEGIN")
        place.require(kind, is_there=_version(connection, kind) > 0)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(
    directory: str, kind: Kind, how: str, wait_s: float, work_s: float
) -> sqlite3.Connection:
    name = _quoted(place.path_in(directory, kind))
    made = sqlite3.connect(f"file://{name}?{how}", timeout=wait_s, isolation_level=None, uri=True)
    made.text_factory = _text
    made.execute("PRAGMA temp_store = MEMORY")  # nothing of it lies in /tmp
    until_s = time.monotonic() + work_s
    made.set_progress_handler(lambda: time.monotonic() > until_s, _STEPS)
    return made


def _quoted(path: str) -> str:
    """Return a path as a URI has it; ``urllib`` would take longer than a query."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in os.fsencode(path))


def _version(connection: sqlite3.Connection, kind: Kind) -> int:
    """Return the version of a database that may be used: not a newer one, nobody else's."""
    version = migrations.version_of(connection, kind)
    if version is None:
        said = f"`{kind.file_name}` in the cache directory is no database of ours."
        raise DatabaseError("broken", said)
    if version > len(kind.steps):
        raise DatabaseError(
            "newer",
            f"`{kind.file_name}` was written by a newer statusline; this one leaves it alone.",
            "Update this one; `statusline update` says how.",
        )
    return version


def _with_journal(
    connection: sqlite3.Connection, directory: str, work_s: float, kind: Kind
) -> sqlite3.Connection:
    """Let readers read while it is written, where the file system has memory to share.

    Elsewhere they wait for each other.
    """
    try:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        if mode != "wal":
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if _code(error) not in _NO_SHARING:
            raise
    else:
        return connection
    connection.close()
    connection = _connect(directory, kind, "mode=rw", WRITER_WAIT_S, work_s)
    try:
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = DELETE"):
            connection.execute(f"PRAGMA {setting}").fetchone()
        connection.execute("PRAGMA locking_mode = NORMAL").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _require(kind: Kind) -> None:
    if not IS_THERE:
        said = f"This Python has no sqlite3, so there is no `{kind.file_name}`."
        raise DatabaseError("no_sqlite", said, "Install your system's package of it.")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
