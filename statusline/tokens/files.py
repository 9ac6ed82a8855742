"""The transcripts that are there, found without listing a directory that has not changed."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from statusline.system.errors import reason

SUFFIX = ".jsonl"
#: Something may still happen within the tick of a time that is younger than this, in ns.
TICK_NS = 2_000_000_000
#: Claude Code uses three levels: project, session, subagents.
_MOST_DEPTH = 12
#: So much of a file's begin, and of what comes before its mark, tells whether it is the same.
_HEAD_BYTES, _TAIL_BYTES = 512, 2048


class Skipped(NamedTuple):
    """What could not be read, and what the system says of it."""

    path: str
    why: str


class State(NamedTuple):
    """A file as it is: which one, how long, and when it changed (ns; 0: it may change unseen)."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int


class Found(NamedTuple):
    """What is there: transcripts, the directories that hold them, what could not be looked at.

    Of a directory ``directories`` has the time of its last change, 0 where that is too recent.
    """

    transcripts: dict[str, State]
    directories: dict[str, int]
    skipped: list[Skipped]


def find(
    roots: Iterable[str], directories: Mapping[str, int], transcripts: Iterable[str], now_ns: int
) -> Found:
    """Return what is below ``roots``, each file once however many links lead to it.

    ``directories`` and ``transcripts`` are what was there before: a directory that has not
    changed since is not listed again.
    """
    walk = _Walk(directories, transcripts, now_ns)
    for root in roots:
        walk.directory(root, is_root=True)
    return Found(walk.transcripts, walk.directories, walk.skipped)


def project_of(roots: Iterable[str], path: str) -> str:
    """Return the directory below ``projects/`` that a transcript is in, "" for none."""
    for root in roots:
        if path.startswith(f"{root}/"):
            return path[len(root) + 1 :].rpartition("/")[0].partition("/")[0]
    return ""


def session_of(path: str) -> str:
    """Return the session that a transcript's path names."""
    parent, _, name = path.rpartition("/")
    base, _, last = parent.rpartition("/")
    return base.rpartition("/")[2] if last == "subagents" else name.removesuffix(SUFFIX)


def state_of(status: os.stat_result, now_ns: int) -> State:
    """Return what tells whether a file is still the same."""
    is_settled = now_ns - max(status.st_mtime_ns, status.st_ctime_ns) > TICK_NS
    return State(
        _signed(status.st_dev),
        _signed(status.st_ino),
        status.st_size,
        status.st_mtime_ns if is_settled else 0,
        status.st_ctime_ns,
    )


def mark(handle: int, end: int) -> int:
    """Return a number that is another one where a file was rewritten before ``end``.

    Raises ``OSError``. A file that ended before has another one as well.
    """
    head = os.pread(handle, min(_HEAD_BYTES, end), 0)
    tail = os.pread(handle, min(_TAIL_BYTES, end), max(0, end - _TAIL_BYTES))
    return zlib.crc32(head, end & 0xFFFF_FFFF) << 31 ^ zlib.crc32(tail)


def _may_be_directory(entry: os.DirEntry[str]) -> bool:
    """Tell whether to look into an entry; what cannot be told is found out, and named, then."""
    try:
        return entry.is_dir()
    except OSError:
        return True


def _signed(number: int) -> int:
    """Return a number as SQLite takes it."""
    return number & 0x7FFF_FFFF_FFFF_FFFF


class _Walk:
    def __init__(
        self, directories: Mapping[str, int], transcripts: Iterable[str], now_ns: int
    ) -> None:
        self._known = directories
        self._inside: dict[str, tuple[list[str], list[str]]] = {}
        for path in directories:
            self._inside.setdefault(path.rpartition("/")[0], ([], []))[0].append(path)
        for path in transcripts:
            self._inside.setdefault(path.rpartition("/")[0], ([], []))[1].append(path)
        self._now_ns = now_ns
        self._seen: set[tuple[int, int]] = set()
        self.transcripts: dict[str, State] = {}
        self.directories: dict[str, int] = {}
        self.skipped: list[Skipped] = []

    def directory(self, path: str, depth: int = 0, *, is_root: bool = False) -> bool:
        """Look at a directory and at what is below; tell whether it will be found again."""
        try:
            status = os.stat(path)
            if not stat.S_ISDIR(status.st_mode) or not self._is_first(status):
                return False
            if depth > _MOST_DEPTH:
                self.skipped.append(Skipped(path, "too deep"))
                return False
            inside = self._inside.get(path, ([], []))
            if self._known.get(path) != status.st_mtime_ns:
                inside = self._listed(path)
        except OSError as error:
            if not (is_root and isinstance(error, FileNotFoundError | NotADirectoryError)):
                self.skipped.append(Skipped(path, reason(error)))
            return False
        directories, transcripts = inside
        plain = [self._transcript(each) for each in sorted(transcripts)]
        plain += [self.directory(each, depth + 1) for each in sorted(directories)]
        # What is no transcript now may be one later, though the directory stays as it is.
        is_settled = all(plain) and self._now_ns - status.st_mtime_ns > TICK_NS
        self.directories[path] = status.st_mtime_ns if is_settled else 0
        return True

    def _listed(self, path: str) -> tuple[list[str], list[str]]:
        directories, transcripts = [], []
        with os.scandir(path) as entries:
            for entry in entries:
                if not entry.name.isprintable():  # nor is one of Claude Code's names
                    self.skipped.append(Skipped(ascii(entry.path), "an odd name"))
                elif _may_be_directory(entry):
                    directories.append(entry.path)
                elif entry.name.endswith(SUFFIX):
                    transcripts.append(entry.path)
        return directories, transcripts

    def _transcript(self, path: str) -> bool:
        try:
            status = os.stat(path)
        except FileNotFoundError:
            return False  # gone, or a link to nothing
        except OSError as error:
            self.skipped.append(Skipped(path, reason(error)))
            return False
        if not stat.S_ISREG(status.st_mode) or not self._is_first(status):
            return False
        self.transcripts[path] = state_of(status, self._now_ns)
        return True

    def _is_first(self, status: os.stat_result) -> bool:
        identity = (status.st_dev, status.st_ino)
        if identity in self._seen:
            return False
        self._seen.add(identity)
        return True
