"""The tables of ``tokens.sqlite3``, which hold what was found in transcripts.

Everything in it can be found again, so it is a database of its own: the history, which cannot, is
neither as large nor written for as long.
"""

from __future__ import annotations

from statusline.database.place import Kind

FILE_NAME = "tokens.sqlite3"
#: "Sutk" in ASCII: statusline's tokens.
APPLICATION_ID = 0x5375746B
#: 10 GB of transcripts make 0.3 GB of it.
MAX_BYTES = 2 << 30

#: Step 1. ``written`` counts transactions. ``directories`` and ``transcripts`` say how each was
#: when it was looked at (times in ns): at ``offset`` begins what was not counted yet, ``mark`` is
#: that of the bytes before ``size``. ``responses`` has one row for each answer in each transcript;
#: ``used`` is the sum of those that count, of five minutes from ``at`` (epoch s) on, and ``hours``
#: is the same of an hour, without saying whose. ``kind`` is that of ``line.Response``.
_FIRST = (
    "CREATE TABLE written (count INTEGER NOT NULL)",
    "INSERT INTO written VALUES (0)",
    "CREATE TABLE directories (path TEXT PRIMARY KEY, changed_ns INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE transcripts (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        project TEXT NOT NULL,
        cwd TEXT NOT NULL,
        device INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        size INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        changed_ns INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        is_open INTEGER NOT NULL,
        mark INTEGER NOT NULL,
        bad_lines INTEGER NOT NULL
    )""",
    "CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE responses (
        message TEXT NOT NULL,
        request TEXT NOT NULL,
        transcript INTEGER NOT NULL,
        at INTEGER NOT NULL,
        session INTEGER NOT NULL,
        model INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        input INTEGER NOT NULL,
        output INTEGER NOT NULL,
        write_5m INTEGER NOT NULL,
        write_1h INTEGER NOT NULL,
        read INTEGER NOT NULL,
        PRIMARY KEY (message, request, transcript)
    ) WITHOUT ROWID""",
    """CREATE TABLE used (
        at INTEGER NOT NULL,
        transcript INTEGER NOT NULL,
        session INTEGER NOT NULL,
        model INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        input INTEGER NOT NULL,
        output INTEGER NOT NULL,
        write_5m INTEGER NOT NULL,
        write_1h INTEGER NOT NULL,
        read INTEGER NOT NULL,
        responses INTEGER NOT NULL,
        PRIMARY KEY (at, transcript, session, model, kind)
    ) WITHOUT ROWID""",
    """CREATE TABLE hours (
        at INTEGER NOT NULL,
        model INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        input INTEGER NOT NULL,
        output INTEGER NOT NULL,
        write_5m INTEGER NOT NULL,
        write_1h INTEGER NOT NULL,
        read INTEGER NOT NULL,
        responses INTEGER NOT NULL,
        PRIMARY KEY (at, model, kind)
    ) WITHOUT ROWID""",
)
TOKENS = Kind(
    FILE_NAME,
    APPLICATION_ID,
    (_FIRST,),
    frozenset(("directories", "transcripts", "names", "responses", "used", "hours", "written")),
    MAX_BYTES,
    "No transcript was read yet.",
)
