"""What becomes of old numbers: after thirteen months, the highest of each hour is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from statusline.database import access
from statusline.history.cycles import FALL_PCT, Seen, is_sound
from statusline.history.schema import HISTORY
from statusline.usage.observation import DAY_S, HOUR_S

if TYPE_CHECKING:
    import sqlite3

#: How long every number is kept, in seconds: thirteen months.
KEEP_S = 396 * DAY_S
#: A database that comes to more bytes than this is thinned out earlier, but not what is younger
#: than ``KEEP_LEAST_S``.
MOST_BYTES = 14 << 20
KEEP_LEAST_S = 35 * DAY_S
#: How much is looked at in one step, in seconds of the history.
STEP_S = 7 * DAY_S
#: The clock is believed as far as it went on for so many numbers.
_BELIEVED = 100


def is_due(connection: sqlite3.Connection, now: float) -> bool:
    """Tell whether there is something to thin out at ``now``: once a day, or while too much."""
    old_until = _hourly_until(connection) + KEEP_S + DAY_S
    # The second looks at every row, and only where the first does not rule it out.
    is_old = now >= old_until and _believed(connection, now) >= old_until
    return is_old or _is_full(connection)


def step(connection: sqlite3.Connection, now: float) -> int:
    """Thin out the next days of the history, if they are old at ``now``; return what went.

    Inside a transaction of the caller's. Where even that leaves too much, the oldest days go.
    """
    hourly_until = _hourly_until(connection)
    is_full = _is_full(connection)
    old = int(_believed(connection, now) - (KEEP_LEAST_S if is_full else KEEP_S))
    begin, end = max(hourly_until, _first(connection, hourly_until, old)), old
    gone = 0
    if begin < old:
        end = min(old, begin + STEP_S)
        gone = _thin_out(connection, begin, end)
    elif is_full:
        gone = _drop_oldest(connection, old)
    connection.execute("UPDATE kept SET hourly_until = max(hourly_until, ?)", (end,))
    return gone


def _hourly_until(connection: sqlite3.Connection) -> int:
    rows = connection.execute("SELECT hourly_until FROM kept").fetchall()
    return access.whole(rows[0][0] if rows else None, HISTORY)


def _first(connection: sqlite3.Connection, since: int, otherwise: int) -> int:
    """Return when the first number from ``since`` on came in, to the hour."""
    (at,) = connection.execute("SELECT min(at) FROM seen WHERE at >= ?", (since,)).fetchone()
    return otherwise if at is None else access.whole(at, HISTORY) // HOUR_S * HOUR_S


def _is_full(connection: sqlite3.Connection) -> bool:
    """Tell whether too much of the file is in use."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return bool((pages - free) * size > MOST_BYTES)


def _believed(connection: sqlite3.Connection, now: float) -> float:
    """Return ``now``, unless the clock has jumped ahead: then a moment that it came through."""
    rows = connection.execute(
        "SELECT max(at) FROM (SELECT at FROM seen ORDER BY at DESC LIMIT 1 OFFSET ?)", (_BELIEVED,)
    )
    (moment,) = rows.fetchone()
    return now if moment is None else min(now, access.whole(moment, HISTORY) + 35 * DAY_S)


def _thin_out(connection: sqlite3.Connection, begin: int, end: int) -> int:
    """Keep the highest number of each hour of each run of a window, and the last of those."""
    rows = connection.execute(
        """SELECT account, window, id, used_pct, resets_at, at FROM seen
        WHERE at >= ? AND at < ? ORDER BY account, window, id""",
        (begin, end),
    ).fetchall()
    gone = []
    highest: tuple[tuple[int, int, int], int, Seen] | None = None
    for account, window, number, used_pct, resets_at, at in rows:
        if not is_sound(used_pct, resets_at, at, at):
            gone.append((account, window, number))
            continue
        hour = (account, window, at // HOUR_S)
        seen = Seen("", used_pct, resets_at, at, at)
        if highest is None or highest[0] != hour or not _is_one_run(highest[2], seen):
            highest = (hour, number, seen)
        elif used_pct >= highest[2].used_pct:
            gone.append((account, window, highest[1]))
            highest = (hour, number, seen)
        else:
            gone.append((account, window, number))
    connection.executemany("DELETE FROM seen WHERE account = ? AND window = ? AND id = ?", gone)
    return len(gone)


def _is_one_run(one: Seen, other: Seen) -> bool:
    return one._replace(used_pct=other.used_pct).is_same(other) and (
        other.used_pct >= one.used_pct - FALL_PCT
    )


def _drop_oldest(connection: sqlite3.Connection, end: int) -> int:
    until = min(_first(connection, 0, end) + STEP_S, end)
    return connection.execute("DELETE FROM seen WHERE at < ?", (until,)).rowcount
