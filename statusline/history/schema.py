"""The tables of ``history.sqlite3``, which hold every number that was new."""

from __future__ import annotations

from statusline.database.place import Kind

FILE_NAME = "history.sqlite3"
#: No history grows to this, in bytes (``compaction.MOST_BYTES``).
MAX_BYTES = 64 << 20
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
