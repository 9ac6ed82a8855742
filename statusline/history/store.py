"""The history of use: ``history.sqlite3`` in a profile's directory.

The refresher writes it under its lock; whoever shows it reads it at the same time. It costs
nobody anything else: what goes wrong with it is a ``DatabaseError``, and a database that is
damaged is put aside for a new one. One of a newer version is neither written nor put aside.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from statusline.agents import AGENTS
from statusline.database import access, place
from statusline.database.place import DatabaseError
from statusline.history import compaction, merging
from statusline.history.cycles import Cycle, Seen, cycles, is_sound, length_s
from statusline.history.schema import FILE_NAME, HISTORY
from statusline.system.clock import TOLERANCE_S
from statusline.usage.observation import Observation

if TYPE_CHECKING:
    import sqlite3

#: A number that stands is noted as seen again after so many seconds.
AGAIN_S = 300
#: More windows and accounts than these are not kept apart; nobody has so many.
MOST_WINDOWS, MOST_ACCOUNTS = 256, 64


class Window(NamedTuple):
    """A window of which something is known, and from when to when (epoch s)."""

    name: str
    label: str
    first_at: float
    last_at: float


class History:
    """An open history; ``writing`` and ``reading`` make one. Every method may raise DatabaseError.

    An account is named by its mark (``Snapshot.account``), and has numbers of its own.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute  # inside a transaction, which explains what goes wrong
        self._last: dict[tuple[int, int], tuple[int, Seen | None]] = {}
        self._windows: dict[str, tuple[int | None, str]] = {}

    def accounts(self) -> list[str]:
        """Return the marks of Claude's accounts, the one that came last first.

        The windows of another agent go by its name, whichever account Claude is used with.
        """
        rows = self._rows("SELECT mark FROM accounts ORDER BY id DESC")
        return [str(mark) for (mark,) in rows if mark not in AGENTS]

    def adopt(self, account: str, others: Iterable[str], now: float) -> None:
        """Let what went by ``others`` go by ``account``, among what it has already."""
        with self._transaction():
            for other in others:
                merging.merge(self._connection, account, other, now)
            self._last.clear()

    def windows(self, account: str) -> list[Window]:
        """Return the windows of which numbers of ``account`` are known."""
        rows = self._rows(
            """SELECT name, label, min(at), max(until) FROM seen
            JOIN windows ON windows.id = window JOIN accounts ON accounts.id = account
            WHERE mark = ? GROUP BY window ORDER BY window""",
            account,
        )
        return [
            Window(str(name), str(label), first, last)
            for name, label, first, last in rows
            if type(first) is type(last) is int
        ]

    def seen(self, account: str, window: str, since_s: float = 0.0) -> list[Seen]:
        """Return what was seen of a window from ``since_s`` on, in the order it came in."""
        rows = self._rows(
            """SELECT used_pct, resets_at, at, until FROM seen
            WHERE account = (SELECT id FROM accounts WHERE mark = ?)
            AND window = (SELECT id FROM windows WHERE name = ?) AND until >= ? ORDER BY id""",
            *(account, window, int(since_s)),
        )
        return [
            Seen(window, used_pct, resets_at, at, until)
            for used_pct, resets_at, at, until in rows
            if is_sound(used_pct, resets_at, at, until)
        ]

    def cycles(self, account: str, window: str, since_s: float, now: float) -> list[Cycle]:
        """Return the runs of a window that end after ``since_s``, oldest first."""
        seen = self.seen(account, window, since_s - (length_s(window) or 0))
        return [each for each in cycles(seen, now) if each.ends_at > since_s]

    def note(self, account: str, observed: Iterable[Observation], now: float) -> int:
        """Keep what has changed of ``account``'s windows; return how many numbers were new.

        All of it or nothing, in one transaction. What is older than what is known is left out,
        unless the clock was set back meanwhile.
        """
        with self._transaction():
            owner = self._account(account)
            return sum(self._note(owner, each, now) for each in observed)

    def compact(self, now: float) -> int:
        """Thin out what is old, once a day, or while it is too much; return how much went."""
        with access.explained(HISTORY):
            if not compaction.is_due(self._connection, now):
                return 0
        with self._transaction():
            return compaction.step(self._connection, now)

    def check(self) -> None:
        """Read all of it, whatever it takes."""
        if self._rows("PRAGMA quick_check(1)") != [("ok",)]:
            raise DatabaseError("broken", f"`{FILE_NAME}` in the cache directory is damaged.")

    def _note(self, owner: int, observed: Observation, now: float) -> bool:
        """Keep one observation; of a number that stands only until when it does."""
        window = self._window(observed)
        if window is None:
            return False
        at = int(observed.observed_at)  # rounded up it might lie ahead of the present
        new = Seen.of(observed)._replace(at_s=at, until_s=at)
        number, last = self._last_of(owner, window, observed.window)
        if last is not None and at < last.until_s <= now + TOLERANCE_S:
            return False
        if last is None or not last.is_same(new):
            row = (owner, window, number + 1, new.used_pct, new.resets_at, at, at)
            self._execute("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self._last[owner, window] = number + 1, new
            return True
        if at - last.until_s >= AGAIN_S:
            self._execute(
                "UPDATE seen SET until = ? WHERE account = ? AND window = ? AND id = ?",
                (at, owner, window, number),
            )
            self._last[owner, window] = number, last._replace(until_s=at)
        return False

    def _last_of(self, owner: int, window: int, name: str) -> tuple[int, Seen | None]:
        """Return the place of the number that came in last, and itself; 0 before the first."""
        if (owner, window) not in self._last:
            rows = self._rows(
                """SELECT id, used_pct, resets_at, at, until FROM seen
                WHERE account = ? AND window = ? ORDER BY id DESC LIMIT 1""",
                *(owner, window),
            )
            number, *values = rows[0] if rows else (0,)
            last = Seen(name, *values) if values and is_sound(*values) else None
            self._last[owner, window] = access.whole(number, HISTORY), last
        return self._last[owner, window]

    def _account(self, mark: str) -> int:
        """Return the number of an account; of too many, the one unused longest goes."""
        found = self._rows("SELECT id FROM accounts WHERE mark = ?", mark)
        if found:
            return int(found[0][0])
        self._execute("INSERT INTO accounts (mark) VALUES (?)", (mark,))
        ((number,),) = self._rows("SELECT id FROM accounts WHERE mark = ?", mark)
        if len(self.accounts()) > MOST_ACCOUNTS:
            self._forget_unused(number)
        return int(number)

    def _forget_unused(self, present: int) -> None:
        """Remove the account whose numbers are the oldest, with all that it had."""
        rows = self._rows(
            """SELECT id, mark FROM accounts WHERE id <> ?
            ORDER BY (SELECT max(until) FROM seen WHERE account = accounts.id), id""",
            present,
        )
        unused = next(number for number, mark in rows if mark not in AGENTS)
        self._execute("DELETE FROM seen WHERE account = ?", (unused,))
        self._execute("DELETE FROM accounts WHERE id = ?", (unused,))

    def _window(self, observed: Observation) -> int | None:
        """Return the number of a window, which is shown as it was called last."""
        name, label = observed.window, observed.label
        if name not in self._windows:
            rows = self._rows("SELECT id, label FROM windows WHERE name = ?", name)
            if not rows:
                self._execute(
                    """INSERT INTO windows (name, label) SELECT ?, ?
                    WHERE (SELECT count(*) FROM windows) < ?""",
                    (name, label, MOST_WINDOWS),
                )
                rows = self._rows("SELECT id, label FROM windows WHERE name = ?", name)
            self._windows[name] = rows[0] if rows else (None, label)
        number, known = self._windows[name]
        if known != label:
            self._execute("UPDATE windows SET label = ? WHERE id = ?", (label, number))
            self._windows[name] = (number, label)
        return number

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with access.explained(HISTORY):
            return self._connection.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """Let everything inside happen or nothing of it."""
        with access.explained(HISTORY):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._last.clear()
                self._windows.clear()
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def writing(directory: str, *, work_s: float = access.WORK_S) -> Iterator[History]:
    """Open the history of a profile to write, for the one writer; raise ``DatabaseError``.

    All of the work may take ``work_s`` seconds. A database that is damaged is put aside, and a
    new one begun: at once, or by the next writer where it was found out later.
    """
    try:
        connection = access.open_to_write(directory, work_s, HISTORY)
    except DatabaseError as error:
        if error.trouble != "broken":
            raise
        _set_aside(directory, error, work_s)
        connection = access.open_to_write(directory, work_s, HISTORY)
    with access.closed_after(connection):
        try:
            yield History(connection)
        except DatabaseError as error:
            _set_aside(directory, error, work_s)
            raise


def _set_aside(directory: str, found: DatabaseError, work_s: float) -> None:
    if access.is_damaged(directory, found, work_s, HISTORY):
        with access.explained(HISTORY):
            place.set_aside(directory, HISTORY)


@contextlib.contextmanager
def reading(directory: str) -> Iterator[History]:
    """Open the history of a profile as it is now, to read; raise ``DatabaseError``."""
    connection = access.open_to_read(directory, HISTORY)
    with access.closed_after(connection):
        yield History(connection)
