"""How a database of an older version becomes one of this.

``user_version`` counts the steps that were taken. A step never changes what an earlier one says,
and each is one transaction: killed in its midst, the database is what it was before.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from statusline.database.place import Kind


def version_of(connection: sqlite3.Connection, kind: Kind) -> int | None:
    """Return how many steps a database has behind it, ``None`` for one that is not ours.

    An empty database has none behind it. All is read at one moment: the half of a step that
    another process takes meanwhile would look like nobody's.
    """
    with _one_moment(connection):
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


def migrate(connection: sqlite3.Connection, version: int, kind: Kind) -> None:
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


@contextlib.contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Read in one transaction, the one that is open or one that ends with what is inside."""
    is_inside = connection.in_transaction
    if not is_inside:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if not is_inside and connection.in_transaction:  # an error may have ended it
            connection.execute("ROLLBACK")
