"""Which lines count: of all that repeat an answer one, whatever transcripts they stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from statusline.tokens.counts import FAST, LONG, SIDECHAIN, SLOT_S
from statusline.usage.observation import HOUR_S

if TYPE_CHECKING:
    import sqlite3

    from statusline.tokens.line import Response

#: The columns of sums.
_SUMMED = ("input", "output", "write_5m", "write_1h", "read", "responses")
#: SQLite takes so many values in one statement, at least.
_MOST_VALUES = 500


class Row(NamedTuple):
    """The line of a transcript that has most of an answer, as ``schema`` keeps it."""

    message: str
    request: str
    transcript: int
    at: int
    session: int
    model: int
    kind: int
    input: int
    output: int
    write_5m: int
    write_1h: int
    read: int


class Answers:
    """The rows of ``responses``, and of ``used`` what follows from them.

    What changes lies in memory until ``write``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        #: Transcripts by number, as far as they were needed.
        self._paths: dict[int, str] = {}
        #: Rows by message, as they will be; those that are new, and what becomes of the others.
        self._rows: dict[str, list[Row]] = {}
        self._new: dict[tuple[object, ...], Row] = {}
        self._changed: dict[tuple[object, ...], Row | None] = {}
        self._sums: dict[tuple[int, ...], list[int]] = {}
        self._names: dict[str, int] = {}
        self._new_names: list[tuple[int, str]] = []
        (self._last_name,) = connection.execute("SELECT coalesce(max(id), 0) FROM names").fetchone()
        #: All messages, where none of them was there before: nothing has to be looked up then.
        self._all: set[str] | None = None
        if connection.execute("SELECT 1 FROM responses LIMIT 1").fetchone() is None:
            self._all = set()

    def add(
        self,
        transcript: int,
        path: str,
        found: Iterable[tuple[tuple[str, str], Response]],
        session: str,
    ) -> None:
        """Take in what stands in a transcript: a line for each message and request."""
        self._paths[transcript] = path
        found = list(found)
        self._load({message for (message, _request), _response in found})
        for (message, request), response in found:
            _total, _m, _r, at_s, kind, own, model, _cwd, _a, given, output, w_5m, w_1h, read = (
                response
            )
            names = (self._name(own or session), self._name(model))
            counts = (given, output, w_5m, w_1h, read)
            row = Row(message, request, transcript, at_s, *names, kind, *counts)
            known = self._rows.get(message)
            if known is None:
                self._rows[message] = [row]
                self._new[row[:3]] = row
                self._count(row, 1)
            else:
                self._repeat(known, row)

    def _repeat(self, known: list[Row], row: Row) -> None:
        """Take in a line whose message is known."""
        old = next((each for each in known if each[:3] == row[:3]), None)
        if old is not None and self._order(old) <= self._order(row):
            return
        before = self._counting(known)
        if old is not None:
            known.remove(old)
        known.append(row)
        key = row[:3]
        if key in self._new:
            self._new[key] = row
        else:
            self._changed[key] = row
        self._recount(before, self._counting(known))

    def remove(self, transcripts: Collection[int]) -> None:
        """Forget all that stands in these transcripts; nothing may be waiting for ``write``."""
        gone = self._select(f"transcript IN ({','.join(map(str, transcripts))})", ())
        self._load({row.message for row in gone})
        for row in gone:
            known = self._rows[row.message]
            before = self._counting(known)
            known.remove(row)
            self._changed[row[:3]] = None
            self._recount(before, self._counting(known))

    def write(self) -> None:
        """Put what has changed into the tables, inside of the caller's transaction."""
        run, changed = self._connection.executemany, self._changed
        run("INSERT INTO names VALUES (?, ?)", self._new_names)
        run(
            "DELETE FROM responses WHERE message = ? AND request = ? AND transcript = ?",
            [key for key, row in changed.items() if row is None],
        )
        replacing = [row for row in changed.values() if row is not None]
        run("INSERT OR REPLACE INTO responses VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", replacing)
        run(
            "INSERT INTO responses VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            sorted(map(tuple, self._new.values())),
        )
        hours: dict[tuple[int, ...], list[int]] = {}
        for (at, _transcript, _session, model, kind), sums in self._sums.items():
            whole = hours.setdefault((at - at % HOUR_S, model, kind), [0] * len(sums))
            whole[:] = map(int.__add__, whole, sums)
        self._add("used", ("at", "transcript", "session", "model", "kind"), self._sums)
        self._add("hours", ("at", "model", "kind"), hours)
        for waiting in (self._new_names, self._new, self._changed, self._sums, self._rows):
            waiting.clear()

    def _add(
        self, table: str, names: tuple[str, ...], sums: Mapping[tuple[int, ...], list[int]]
    ) -> None:
        """Add to the sums of a table, whose key is in the columns ``names``."""
        marks = ",".join("?" * (len(names) + len(_SUMMED)))
        added = ",".join(f"{name} = {name} + excluded.{name}" for name in _SUMMED)
        self._connection.executemany(
            f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO UPDATE SET {added}",  # noqa: S608  # names of our own
            [(*key, *counts) for key, counts in sorted(sums.items())],
        )
        key = " AND ".join(f"{name} = ?" for name in names)
        self._connection.executemany(
            f"DELETE FROM {table} WHERE responses = 0 AND {key}",  # noqa: S608  # as above
            [each for each, counts in sums.items() if counts[-1] <= 0],
        )

    def _name(self, text: str) -> int:
        """Return the number of a session or model."""
        number = self._names.get(text)
        if number is None:
            row = self._connection.execute("SELECT id FROM names WHERE name = ?", (text,))
            known = row.fetchone()
            if known is None:
                self._last_name += 1
                self._new_names.append((self._last_name, text))
            number = self._names[text] = self._last_name if known is None else int(known[0])
        return number

    def _load(self, messages: set[str]) -> None:
        """Have the rows of these messages at hand."""
        if self._all is not None:
            known = messages & self._all
            self._all |= messages
            messages = known
        wanted = [message for message in messages if message not in self._rows]
        for first in range(0, len(wanted), _MOST_VALUES):
            some = wanted[first : first + _MOST_VALUES]
            for row in self._select(f"message IN ({','.join('?' * len(some))})", some):
                self._rows.setdefault(row.message, []).append(row)

    def _select(self, condition: str, values: Collection[str]) -> list[Row]:
        rows = self._connection.execute(
            f"SELECT * FROM responses WHERE {condition}",  # noqa: S608  # numbers and marks
            tuple(values),
        )
        return list(map(Row._make, rows))

    def _order(self, row: Row) -> tuple[int, int, int, str]:
        """Return what is the lowest for the line that counts of those that repeat an answer."""
        return -sum(row[-5:]), row.kind & SIDECHAIN, row.at, self._path(row.transcript)

    def _path(self, transcript: int) -> str:
        path = self._paths.get(transcript)
        if path is None:
            statement = "SELECT path FROM transcripts WHERE id = ?"
            (path,) = self._connection.execute(statement, (transcript,)).fetchone() or ("",)
            self._paths[transcript] = path
        return path

    def _counting(self, rows: Collection[Row]) -> list[Row]:
        """Return which of the lines that name a message count: one for each of its requests.

        Lines without a request belong to the largest of those that have one. A side chain may
        repeat an answer of its session under a request of its own.
        """
        best: dict[str, Row] = {}
        for row in rows:
            known = best.setdefault(row.request, row)
            if known is not row and self._order(row) < self._order(known):
                best[row.request] = row
        nameless = best.pop("", None)
        if nameless is not None:
            largest = min(best.values(), key=self._order, default=nameless)
            if self._order(nameless) <= self._order(largest):
                best[largest.request] = nameless
        counting = list(best.values())
        told = {row[-5:] for row in counting if not row.kind & SIDECHAIN}
        return [row for row in counting if not (row.kind & SIDECHAIN and row[-5:] in told)]

    def _recount(self, before: list[Row], after: list[Row]) -> None:
        for row in before:
            self._count(row, -1)
        for row in after:
            self._count(row, 1)

    def _count(self, row: Row, sign: int) -> None:
        """Add what a line has to the sum of its slot, or take it away."""
        _message, _request, transcript, at, session, model, kind, *counts = row
        key = (at - at % SLOT_S, transcript, session, model, kind & (FAST | LONG))
        sums = self._sums.get(key)
        if sums is None:
            sums = self._sums[key] = [0, 0, 0, 0, 0, 0]
        given, output, write_5m, write_1h, read = counts
        sums[0] += sign * given  # a loop would take twice as long
        sums[1] += sign * output
        sums[2] += sign * write_5m
        sums[3] += sign * write_1h
        sums[4] += sign * read
        sums[5] += sign
