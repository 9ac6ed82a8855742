"""What arbitrary bytes may do as the history: targets of `fuzzed`."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import sqlite3
from pathlib import Path

from statusline.database.place import DatabaseError
from statusline.history import store
from statusline.history.predict import predict
from statusline.system import bounded_read
from statusline.usage.observation import Observation
from tests.support.fuzzed_place import HOME, NOW, written

_SEEN = [Observation("five_hour", "5h", 61.0, int(NOW) + 7860, NOW - 60, "api")]


def history_rows(data: bytes) -> None:
    """Rows of the history with any value in any column: read, made cycles of, and added to."""
    rows = bounded_read.parse(data)
    directory = _fresh_history(empty_history())
    database = sqlite3.connect(f"{directory}/history.sqlite3")
    with database:
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, list) and len(row) == 5:
                with contextlib.suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
                    database.execute("INSERT OR IGNORE INTO seen VALUES (1, 1, ?, ?, ?, ?, ?)", row)
    database.close()
    _use_history(directory)


def history_file(data: bytes) -> None:
    """Any bytes where the history should be: read as far as it goes, or put aside."""
    _use_history(_fresh_history(data))


def _fresh_history(data: bytes) -> str:
    directory = f"{HOME}/profile"
    shutil.rmtree(directory, ignore_errors=True)
    os.mkdir(directory, 0o700)
    written("profile/history.sqlite3", data)
    return directory


def _use_history(directory: str) -> None:
    """Read it as `statusline history` does, then be the refresher; only a DatabaseError is fine."""
    with contextlib.suppress(DatabaseError), store.reading(directory) as history:
        for mark in history.accounts():
            for window in history.windows(mark):
                runs = history.cycles(mark, window.name, 0.0, NOW)
                for run in runs[-2:]:
                    predict(run, NOW, runs[:-1])
    with contextlib.suppress(DatabaseError), store.writing(directory) as history:
        history.note("mark", _SEEN, NOW)
        history.compact(NOW)


@functools.cache
def empty_history() -> bytes:
    """The file of a history without a row."""
    directory = f"{HOME}/made"
    os.mkdir(directory, 0o700)
    with store.writing(directory) as history:
        history.note("mark", _SEEN, NOW - 60)
    database = sqlite3.connect(f"{directory}/history.sqlite3")
    with database:
        database.execute("DELETE FROM seen")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    return Path(directory, "history.sqlite3").read_bytes()
