"""What is known of a database's version while another process makes it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from statusline.database import access, migrations, place
from statusline.database.place import DatabaseError, Kind

KIND = Kind(
    file_name="kept.sqlite3",
    application_id=0x6B657074,
    steps=(("CREATE TABLE kept (number INTEGER)",),),
    tables=frozenset({"kept"}),
    max_bytes=1 << 20,
    unknown="Nothing is kept yet.",
)


@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("between", ["application_id", "user_version", "sqlite_master"])
def test_a_database_that_is_being_made_is_never_nobodys(
    tmp_path: Path, journal: str, between: str
) -> None:
    """One process read half of what another wrote, and threw the other's new database away."""
    place.make(str(tmp_path), KIND)
    connection = sqlite3.connect(tmp_path / KIND.file_name, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    makers: list[str] = []

    def make_meanwhile(statement: str) -> None:
        if between in statement:
            makers.append(statement)
            with contextlib.suppress(DatabaseError):  # it may have to wait for the reader
                access.open_to_write(str(tmp_path), 1.0, KIND).close()

    connection.set_trace_callback(make_meanwhile)
    assert migrations.version_of(connection, KIND) in (0, 1)
    assert len(makers) == 1
    connection.set_trace_callback(None)
    access.open_to_write(str(tmp_path), 1.0, KIND).close()
    assert migrations.version_of(connection, KIND) == 1
    connection.close()
