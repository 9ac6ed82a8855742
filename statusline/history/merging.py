"""Numbers that were kept under two marks, and are of one account, become one past."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from statusline.database import access
from statusline.history.cycles import Seen, is_sound
from statusline.history.schema import HISTORY

if TYPE_CHECKING:
    import sqlite3


def merge(connection: sqlite3.Connection, mark: str, other: str, now: float) -> None:
    """Let the account ``mark`` have the numbers of ``other``, which is none any more then.

    Inside a transaction of the caller's. Either may be unknown.
    """
    connection.execute("UPDATE OR IGNORE accounts SET mark = ? WHERE mark = ?", (mark, other))
    both = connection.execute(
        """SELECT id FROM accounts WHERE mark IN (?, ?)
        ORDER BY (SELECT count(*) FROM seen WHERE account = accounts.id), id DESC""",
        (mark, other),
    ).fetchall()
    if len(both) < 2:
        return
    (few,), (many,) = both  # a year's numbers stay where they are, those of a moment join them
    windows = connection.execute("SELECT DISTINCT window FROM seen WHERE account = ?", (few,))
    for (window,) in windows.fetchall():
        _join(connection, (few, window), (many, window), now)
    connection.execute("DELETE FROM seen WHERE account = ?", (few,))
    connection.execute("DELETE FROM accounts WHERE id = ?", (few,))
    connection.execute("UPDATE accounts SET mark = ? WHERE id = ?", (mark, many))


def in_order(one: Sequence[Seen], other: Sequence[Seen], now: float) -> list[Seen]:
    """Return the numbers of both in the order in which they came in, as far as times tell.

    Each keeps its own order, since a clock may have been set back. As when numbers come in, what is
    older than what is known from the other is left out: it would look like a fall.
    """
    both = [
        (moment, whose, seen)
        for whose, numbers in enumerate((one, other))
        for moment, seen in zip(_moments(numbers), numbers, strict=True)
    ]
    both.sort(key=lambda each: each[0])
    found: list[Seen] = []
    before = 0
    for _moment, whose, seen in both:
        known_s = found[-1].until_s if found and whose != before else seen.at_s
        if seen.at_s < known_s <= now:
            if seen.until_s <= known_s:
                continue
            seen = seen._replace(at_s=known_s)  # noqa: PLW2901
        found.append(seen)
        before = whose
    return found


def _moments(numbers: Sequence[Seen]) -> list[float]:
    """Return by when each had come in: a clock that was set back had been ahead before."""
    return list(itertools.accumulate((each.at_s for each in reversed(numbers)), min))[::-1]


def _join(
    connection: sqlite3.Connection, few: tuple[int, int], many: tuple[int, int], now: float
) -> None:
    """Put numbers of an account's window among those of another, which move as far as needed."""
    added = _numbers(connection, few, 0)
    if not added:
        return
    last, begin = connection.execute(
        """SELECT max(id), min(CASE WHEN until >= ? THEN id END) FROM seen
        WHERE account = ? AND window = ?""",
        (min(each.at_s for each in added), *many),
    ).fetchone()
    after_last = 1 if last is None else access.whole(last, HISTORY) + 1
    begin = after_last if begin is None else access.whole(begin, HISTORY)
    numbers = in_order(_numbers(connection, many, begin), added, now)
    connection.execute(
        "DELETE FROM seen WHERE account = ? AND window = ? AND id >= ?", (*many, begin)
    )
    connection.executemany(
        "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((*many, number, *seen[1:]) for number, seen in enumerate(numbers, begin)),
    )


def _numbers(connection: sqlite3.Connection, whose: tuple[int, int], begin: int) -> list[Seen]:
    """Return what can be read of an account's window from the row ``begin`` on."""
    rows = connection.execute(
        """SELECT used_pct, resets_at, at, until FROM seen
        WHERE account = ? AND window = ? AND id >= ? ORDER BY id""",
        (*whose, begin),
    )
    return [Seen("", *row) for row in rows if is_sound(*row)]
