"""A scan: what is new in the transcripts is read and put into the index."""

from __future__ import annotations

import contextlib
import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from statusline.database.place import DatabaseError
from statusline.system import clock
from statusline.system.errors import reason
from statusline.tokens import files, index
from statusline.tokens.files import Found, Skipped, State
from statusline.tokens.index import Index, Transcript

if TYPE_CHECKING:
    from statusline.tokens.reader import Parse, Part

#: What was read is kept at least so often, in seconds.
FLUSH_S = 0.3
#: So much is read in less time than it takes to load what reads faster.
FEW_BYTES = 2 << 20
#: How often somebody who waits for another process looks again, in seconds.
_AGAIN_S = 0.1

#: Is told how many bytes were read, and how many there are to read; 0 of 0 while it waits.
Progress = Callable[[int, int], None]


class Scan(NamedTuple):
    """What came of it.

    ``is_complete`` says that nothing is left to read. ``transcripts`` are known now,
    ``read_bytes`` were read; ``skipped`` could not be, nor could ``bad_lines``.
    """

    is_complete: bool
    transcripts: int
    read_bytes: int
    skipped: list[Skipped]
    bad_lines: int


def scan(
    places: Sequence[str],
    directory: str,
    *,
    progress: Progress | None = None,
    within_s: float | None = None,
    wait_s: float = 0.0,
) -> Scan:
    """Bring the index in a profile's ``directory`` up to date with the transcripts in ``places``.

    Begins with the youngest and ends after ``within_s`` seconds. What was read stays known, but
    for the last ``FLUSH_S`` where it is interrupted. Waits ``wait_s`` for another process that does
    the same. Raises ``DatabaseError`` where there can be no index, "busy" where it waited in vain.
    """
    seen = _look(places, directory)
    if seen is not None and seen.has_nothing_new:
        counts = (len(seen.found.transcripts), 0, seen.found.skipped, seen.bad_lines)
        return Scan(True, *counts)  # noqa: FBT003
    until_s = time.monotonic() + wait_s
    while True:
        try:
            with index.writing(directory) as known, _without_collector():
                return _Work(known, places, progress, within_s).run(seen)
        except DatabaseError as error:
            if error.trouble != "busy" or time.monotonic() > until_s:
                raise
        if progress is not None:
            progress(0, 0)
        time.sleep(_AGAIN_S)


class _Seen(NamedTuple):
    """What was found beside what was known then, after so many times that somebody ``written``."""

    found: Found
    directories: dict[str, int]
    states: dict[str, State]
    written: int
    bad_lines: int

    @classmethod
    def of(cls, known: Index, places: Sequence[str]) -> _Seen:
        """Look at what is there."""
        directories, states = known.directories(), known.states()
        now_ns = int(clock.now() * 1e9)
        found = files.find(places, directories, states, now_ns)
        return cls(found, directories, states, known.written(), known.bad_lines())

    @property
    def has_nothing_new(self) -> bool:
        """Whether all that is there was known."""
        return (self.found.directories, self.found.transcripts) == (self.directories, self.states)


def _look(places: Sequence[str], directory: str) -> _Seen | None:
    """Return what is there, without writing anything; ``None`` where there is no index yet."""
    with contextlib.suppress(DatabaseError), index.reading(directory) as known:
        return _Seen.of(known, places)
    return None


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Spare Python the search for circles of objects: there are many objects, and no circles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Work:
    def __init__(
        self,
        known: Index,
        places: Sequence[str],
        progress: Progress | None,
        within_s: float | None,
    ) -> None:
        self._known = known
        self._places = places
        self._progress = progress
        self._until_s = None if within_s is None else time.monotonic() + within_s
        self._flushed_s = time.monotonic()
        self._read_bytes = 0
        self._to_read = 0
        self._skipped: list[Skipped] = []

    def run(self, seen: _Seen | None) -> Scan:
        """Read what is new; leave the rest where the time is over.

        What was ``seen`` just now is not looked for again, unless somebody wrote in between.
        """
        known = self._known
        if seen is None or seen.written != known.written():
            seen = _Seen.of(known, self._places)
        found = seen.found
        self._skipped = found.skipped
        known.remove(seen.states.keys() - found.transcripts.keys())
        changed = dict(found.transcripts.items() - seen.states.items())
        self._to_read = sum(self._missing(path, state) for path, state in changed.items())
        is_complete = True
        for path in sorted(changed, key=lambda path: (-changed[path].changed_ns, path)):
            is_complete = self._in_time() and self._transcript(path, changed[path])
            if not is_complete:
                break
        known.flush()
        if is_complete:
            # What could not be opened is tried again, though its directory stays as it is.
            unread = {os.path.dirname(each.path) for each in self._skipped}
            unread &= found.directories.keys()
            directories = found.directories | dict.fromkeys(unread, 0)
            if directories != seen.directories:
                known.keep_directories(directories)
        counts = (known.count(), self._read_bytes, self._skipped, known.bad_lines())
        return Scan(is_complete, *counts)

    def _missing(self, path: str, state: State) -> int:
        known = self._known.transcript(path)
        return state.size if known is None else max(0, state.size - known.offset)

    def _in_time(self) -> bool:
        return self._until_s is None or time.monotonic() < self._until_s

    def _transcript(self, path: str, state: State) -> bool:
        """Read what is new in one transcript; tell whether that was all of it."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            self._skip(path, error)
            return True
        try:
            known = self._known.transcript(path)
            if known is not None and _is_as_it_was(handle, known, state):
                self._known.keep(known._replace(state=state))
                return True
            return self._parts(handle, self._begun(handle, path, state), state)
        except OSError as error:
            self._skip(path, error)
            return True
        finally:
            os.close(handle)

    def _skip(self, path: str, error: OSError) -> None:
        self._known.remove([path])
        if not isinstance(error, FileNotFoundError):
            self._skipped.append(Skipped(path, reason(error)))

    def _begun(self, handle: int, path: str, state: State) -> Transcript:
        """Return how far a transcript is known: nothing of one that was rewritten."""
        known = self._known.transcript(path)
        if known is not None and _has_grown(handle, known, state):
            return known
        self._known.remove([path])
        return self._known.new(path, files.project_of(self._places, path))

    def _parse(self) -> Parse:
        if self._to_read > FEW_BYTES:
            from statusline.tokens.many_lines import parse  # msgspec: 30 ms
        else:
            from statusline.tokens.line import parse
        return parse

    def _parts(self, handle: int, begun: Transcript, state: State) -> bool:
        from statusline.tokens import reader  # nothing is to be read as a rule

        parse = self._parse()
        while True:
            part = reader.read(handle, begun.path, begun.offset, parse)
            self._read_bytes += part.end - begun.offset
            is_whole = part.is_last and part.end == state.size
            modified_ns = state.modified_ns if is_whole else 0
            begun = begun._replace(
                cwd=_cwd(begun, part),
                state=state._replace(size=part.end, modified_ns=modified_ns),
                offset=part.offset,
                is_open=part.is_open,
                mark=files.mark(handle, part.end),
                bad_lines=begun.bad_lines + part.bad_lines,
            )
            self._known.add(begun, part, files.session_of(begun.path))
            if self._progress is not None:
                self._progress(min(self._read_bytes, self._to_read), self._to_read)
            if time.monotonic() - self._flushed_s > FLUSH_S:
                self._known.flush()
                self._flushed_s = time.monotonic()
            if part.is_last:
                return True
            if not self._in_time():
                return False


def _is_as_it_was(handle: int, known: Transcript, state: State) -> bool:
    """Tell whether nothing has happened since what was too recent to be sure of."""
    was = known.state._replace(modified_ns=state.modified_ns)
    return was == state and files.mark(handle, state.size) == known.mark


def _has_grown(handle: int, known: Transcript, state: State) -> bool:
    """Tell whether a transcript is what it was, with or without something behind it."""
    was = known.state
    if (was.device, was.inode) != (state.device, state.inode) or state.size <= was.size:
        return False  # where it is as long as before, it was changed in its place
    if known.is_open and os.pread(handle, 1, was.size) not in (b"", b"\n"):
        return False  # what was taken for a whole line was none
    return files.mark(handle, was.size) == known.mark


def _cwd(transcript: Transcript, part: Part) -> str:
    """Return the directory that a session was started in, as far as its lines tell."""
    if index.slug(transcript.cwd) == transcript.project and transcript.cwd:
        return transcript.cwd
    seen = {response.cwd: None for response in part.responses.values() if response.cwd}
    for path in seen:
        if index.slug(path) == transcript.project:
            return path
    return transcript.cwd or next(iter(seen), "")
