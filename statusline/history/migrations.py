"""The tables of the history, and how a database of an older version becomes one of this.

Others of our databases have tables of their own (``place.Kind``) and become newer in the same way.

``user_version`` counts the steps that were taken. A step never changes what an earlier one says,
and each is one transaction: killed in its midst, the database is what it was before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.history.place import FILE_NAME, MAX_BYTES, Kind

if TYPE_CHECKING:
    import sqlite3

#: Says that a database is a history of ours: "Suse" in ASCII, statusline's use.
APPLICATION_ID = 0x53757365

#: Step 1. Of each account and window: the numbers in the order they came in, which ``id`` counts,
#: since a clock may be set back. Moments are whole epoch seconds; ``until`` is when the number was
#: seen last. Before ``hourly_until`` only the highest number of each hour is kept. An account is
#: a random salt and a salted hash.
_FIRST = (
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, mark TEXT NOT NULL UNIQUE)",
    "CREATE TABLE windows (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, label TEXT NOT NULL)",
    """CREATE TABLE seen (
        account INTEGER NOT NULL REFERENCES accounts (id),
        window INTEGER NOT NULL REFERENCES windows (id),
        id INTEGER NOT NULL,
        used_pct REAL NOT NULL,
        resets_at INTEGER,
        at INTEGER NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (account, window, id)
    ) WITHOUT ROWID""",
    "CREATE TABLE kept (hourly_until INTEGER NOT NULL)",
    "INSERT INTO kept VALUES (0)",
)
STEPS: tuple[tuple[str, ...], ...] = (_FIRST,)
TABLES = frozenset(("accounts", "windows", "seen", "kept"))
HISTORY = Kind(
    FILE_NAME, APPLICATION_ID, STEPS, TABLES, MAX_BYTES, "Nothing has been recorded yet."
)


def version_of(connection: sqlite3.Connection, kind: Kind) -> int | None:
    """Return how many steps a database has behind it, ``None`` for one that is not ours.

    An empty database has none behind it.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {name for (name,) in rows}
    if application == 0 and version == 0 and not tables:
        return 0
    if application != kind.application_id or version < 1:
        return None
    is_whole = version > len(kind.steps) or tables >= kind.tables
    return int(version) if is_whole else None


def migrate(connection: sqlite3.Connection, version: int, kind: Kind = HISTORY) -> None:
    """Take the steps that are missing after ``version``, each in a transaction."""
    for number, step in enumerate(kind.steps[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection, kind) != number - 1:  # another process was faster
                connection.execute("ROLLBACK")
                return
            for statement in step:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {kind.application_id}")
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
