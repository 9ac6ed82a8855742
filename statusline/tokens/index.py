"""What is known of all transcripts: ``tokens.sqlite3``, which only grows by what is new."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from statusline.database import access, place
from statusline.database.place import DatabaseError
from statusline.system import directory_lock
from statusline.tokens.answers import Answers
from statusline.tokens.counts import FAST, LONG, Amount, Tokens
from statusline.tokens.files import State
from statusline.tokens.schema import FILE_NAME, TOKENS

if TYPE_CHECKING:
    import sqlite3

    from statusline.tokens.reader import Part

#: How long all work of one that writes may take, in seconds.
WORK_S = 600.0


class Transcript(NamedTuple):
    """A transcript as far as it is counted; see ``schema`` and ``reader.Part``."""

    id: int
    path: str
    project: str
    cwd: str
    state: State
    offset: int
    is_open: bool
    mark: int
    bad_lines: int


class Index:
    """The open index; ``writing`` and ``reading`` make one. Methods may raise ``DatabaseError``.

    What ``add`` and ``remove`` do lies in memory until ``flush`` puts all of it into the file, in
    one transaction. Nobody else writes meanwhile.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version = self._data_version()
        #: Transcripts as they will be, ``None`` for those that go.
        self._dirty: dict[str, Transcript | None] = {}
        with access.explained(TOKENS):
            self._answers = Answers(connection)
        ((last_id,),) = self._rows("SELECT coalesce(max(id), 0) FROM transcripts")
        self._next_id = int(last_id) + 1

    def written(self) -> int:
        """Return how often somebody has written: what was read is true while it is the same."""
        ((count,),) = self._rows("SELECT count FROM written")
        return int(count)

    def states(self) -> dict[str, State]:
        """Return how each transcript was when it was read, by path."""
        rows = self._rows(
            "SELECT path, device, inode, size, modified_ns, changed_ns FROM transcripts"
        )
        return {path: State(*state) for path, *state in rows}

    def directories(self) -> dict[str, int]:
        """Return when each directory had changed last (ns) when it was listed."""
        return dict(self._rows("SELECT path, changed_ns FROM directories"))

    def transcript(self, path: str) -> Transcript | None:
        """Return what is known of a transcript."""
        if path in self._dirty:
            return self._dirty[path]
        for number, project, cwd, *state, offset, is_open, mark, bad_lines in self._rows(
            """SELECT id, project, cwd, device, inode, size, modified_ns, changed_ns,
            offset, is_open, mark, bad_lines FROM transcripts WHERE path = ?""",
            path,
        ):
            last = (offset, bool(is_open), mark, bad_lines)
            return Transcript(number, path, project, cwd, State(*state), *last)
        return None

    def new(self, path: str, project: str) -> Transcript:
        """Return a transcript of which nothing is known yet."""
        number, self._next_id = self._next_id, self._next_id + 1
        state = State(0, 0, 0, 0, 0)
        return Transcript(number, path, project, "", state, 0, is_open=False, mark=0, bad_lines=0)

    def add(self, transcript: Transcript, part: Part, session: str) -> None:
        """Count what was found in ``part`` of a transcript, which is now known so far.

        ``session`` is that of lines which name none.
        """
        with access.explained(TOKENS):
            self._answers.add(transcript.id, transcript.path, part.responses.items(), session)
        self.keep(transcript)

    def keep(self, transcript: Transcript) -> None:
        """Know from now on of a transcript what stands in ``transcript``."""
        self._dirty[transcript.path] = transcript

    def remove(self, paths: Iterable[str]) -> None:
        """Count nothing of these transcripts any more."""
        gone = [each for each in map(self.transcript, paths) if each is not None]
        if gone:
            self.flush()
            with access.explained(TOKENS):
                self._answers.remove([each.id for each in gone])
            self._dirty |= {each.path: None for each in gone}
            self.flush()

    def keep_directories(self, directories: Mapping[str, int]) -> None:
        """Know these directories and no others from now on."""
        with access.explained(TOKENS):
            self._connection.execute("DELETE FROM directories")
            run = self._connection.executemany
            run("INSERT INTO directories VALUES (?, ?)", directories.items())
        self._commit()

    def flush(self) -> None:
        """Put what has changed into the file: all of it or nothing."""
        if not self._dirty:
            return
        kept = [each for each in self._dirty.values() if each is not None]
        gone = [path for path, each in self._dirty.items() if each is None]
        with access.explained(TOKENS):
            run = self._connection.executemany
            run("DELETE FROM transcripts WHERE path = ?", [(path,) for path in gone])
            # What is there after all would not be found again in a directory that is as it was.
            run(
                "UPDATE directories SET changed_ns = 0 WHERE path = ?",
                [(os.path.dirname(path),) for path in gone],
            )
            run(
                "INSERT OR REPLACE INTO transcripts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [(*each[:4], *each.state, *each[5:]) for each in kept],
            )
            self._answers.write()
        self._commit()
        self._dirty.clear()

    def _commit(self) -> None:
        """Let others see it, and go on where none of them has written in between."""
        with access.explained(TOKENS):
            self._connection.execute("UPDATE written SET count = count + 1")
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")
        if self._data_version() != self._version:
            raise _busy()

    def _data_version(self) -> object:
        """Return what is another number once somebody else has written."""
        return self._rows("PRAGMA data_version")

    def amounts(self, since_s: float = 0.0, until_s: float | None = None) -> list[Amount]:
        """Return what was used from ``since_s`` until before ``until_s``, by whole slots."""
        names = dict(self._rows("SELECT id, name FROM names"))
        projects = dict(self._rows("SELECT id, project FROM transcripts"))
        rows = self._rows(
            "SELECT * FROM used WHERE at >= ? AND at < ?",
            *(int(since_s), 1 << 62 if until_s is None else int(until_s)),
        )
        return [
            Amount(
                *(at, projects.get(transcript, ""), names[session], names[model]),
                *(bool(kind & FAST), bool(kind & LONG)),
                Tokens(*counts),
                responses,
            )
            for at, transcript, session, model, kind, *counts, responses in rows
        ]

    def hours(self, since_s: int) -> list[Amount]:
        """Return what was used from ``since_s`` on by whole hours, of no project and no session."""
        names = dict(self._rows("SELECT id, name FROM names WHERE id IN (SELECT model FROM hours)"))
        rows = self._rows("SELECT * FROM hours WHERE at >= ?", since_s)
        return [
            Amount(
                *(at, "", "", names[model], bool(kind & FAST), bool(kind & LONG)),
                *(Tokens(*counts), responses),
            )
            for at, model, kind, *counts, responses in rows
        ]

    def projects(self) -> dict[str, str]:
        """Return the working directory that each project stands for, "" where none is known."""
        found: dict[str, str] = {}
        for project, cwd in self._rows("SELECT DISTINCT project, cwd FROM transcripts"):
            known = found.get(project, "")
            found[project] = min(known, cwd, key=lambda path: _strangeness(path, project))
        return found

    def count(self) -> int:
        """Return how many transcripts are known."""
        ((count,),) = self._rows("SELECT count(*) FROM transcripts")
        return int(count)

    def bad_lines(self) -> int:
        """Return how many lines could not be read."""
        ((count,),) = self._rows("SELECT coalesce(sum(bad_lines), 0) FROM transcripts")
        return int(count)

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with access.explained(TOKENS):
            return self._connection.execute(statement, values).fetchall()


def _strangeness(path: str, project: str) -> tuple[bool, bool, int, str]:
    """Return what is the lowest for the directory that a project's name was made of."""
    return not path, slug(path) != project, len(path), path


def slug(path: str) -> str:
    """Return the name that Claude Code gives a working directory below ``projects/``."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in path)


@contextlib.contextmanager
def writing(directory: str) -> Iterator[Index]:
    """Open the index of a profile for its one writer; raise ``DatabaseError``, "busy" for a second.

    One that is damaged is made anew: at once, or by the next writer where it was found out later.
    """
    with _alone(directory):
        try:
            connection = access.open_to_write(directory, WORK_S, TOKENS)
        except DatabaseError as error:
            if error.trouble != "broken":
                raise
            _discard(directory, error)
            connection = access.open_to_write(directory, WORK_S, TOKENS)
        with access.closed_after(connection):
            try:
                with access.explained(TOKENS):
                    connection.execute("BEGIN IMMEDIATE")
                yield Index(connection)
            except DatabaseError as error:
                with contextlib.suppress(DatabaseError), access.explained(TOKENS):
                    connection.rollback()  # or nobody else could look at it
                _discard(directory, error)
                raise


@contextlib.contextmanager
def reading(directory: str) -> Iterator[Index]:
    """Open the index of a profile as it is now, to read; raise ``DatabaseError``.

    One that turns out to be damaged is gone afterwards, so that the next writer makes it anew.
    """
    try:
        connection = access.open_to_read(directory, TOKENS)
        with access.closed_after(connection):
            yield Index(connection)
    except DatabaseError as error:
        if error.trouble == "broken":
            with contextlib.suppress(DatabaseError), _alone(directory):
                _discard(directory, error)
        raise


@contextlib.contextmanager
def _alone(directory: str) -> Iterator[None]:
    """Be the only one that writes, or makes or discards what others would write to."""
    with contextlib.ExitStack() as stack:
        with access.explained(TOKENS):
            is_free = stack.enter_context(directory_lock.held(directory))
        if not is_free:
            raise _busy()
        yield


def _discard(directory: str, found: DatabaseError) -> None:
    if access.is_damaged(directory, found, WORK_S, TOKENS):
        with access.explained(TOKENS):
            place.discard(directory, TOKENS)


def _busy() -> DatabaseError:
    return DatabaseError("busy", f"Another program is using `{FILE_NAME}`.", "Try again.")
