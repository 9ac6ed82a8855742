"""Codex's rollouts, the files of its sessions: the last ones found, and read from their end.

They hold whole conversations, of any size. Of a file only lines with a given word are returned,
and only so much of its end is looked through.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

#: So many of the days with sessions are looked at, and so many of the files written to last.
MOST_DAYS, MOST_FILES = 60, 12
#: So many files of one directory, those that were begun last.
MOST_A_DAY = 200
#: How much of a file's end is read: first this, and if nothing is there, that.
NEAR_END, FAR_FROM_END = 256 * 1024, 8 * 1024 * 1024
#: A longer line is not what is looked for.
MAX_LINE = 64 * 1024
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY


class Rollout(NamedTuple):
    """A file of one session, and when it was written to last (epoch s)."""

    path: str
    written_at: float


def newest(home: str) -> list[Rollout]:
    """Return the rollouts in a Codex home that were written to last, the last one first.

    A session that goes on keeps its file among those of the day on which it was begun.
    """
    found = [
        Rollout(path, written_at)
        for directory in (*_days(f"{home}/sessions"), f"{home}/archived_sessions")
        for path, written_at in _files(directory)
    ]
    found.sort(key=lambda each: (each.written_at, each.path), reverse=True)
    return found[:MOST_FILES]


def _days(sessions: str) -> Iterator[str]:
    """Yield the directories of the last days, the last one first."""
    count = 0
    for year in _numbered(sessions):
        for month in _numbered(year):
            for day in _numbered(month):
                yield day
                count += 1
                if count == MOST_DAYS:
                    return


def _numbered(directory: str) -> list[str]:
    try:
        names = [name for name in os.listdir(directory) if name.isascii() and name.isdigit()]
    except OSError:
        return []
    return [f"{directory}/{name}" for name in sorted(names, reverse=True)]


def _files(directory: str) -> Iterator[tuple[str, float]]:
    try:
        names = [name for name in os.listdir(directory) if name.endswith(".jsonl")]
    except OSError:
        return
    # A name begins with the time at which its session did.
    for name in sorted(names, reverse=True)[:MOST_A_DAY]:
        path = f"{directory}/{name}"
        try:
            status = os.lstat(path)
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            yield path, status.st_mtime


def lines_from_end(path: str, word: bytes) -> Iterator[bytes]:
    """Yield the lines of a file that hold ``word``, the last one first.

    Nothing for a file that is no plain one, or not this user's: others could say what they like.
    """
    try:
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid not in (0, os.geteuid()):
            return
        for most in (NEAR_END, FAR_FROM_END):
            begin = max(0, status.st_size - most)
            file.seek(begin)
            lines = file.read(most).split(b"\n")
            found = [line for line in lines[begin > 0 :] if word in line and len(line) <= MAX_LINE]
            if found or not begin:
                yield from reversed(found)
                return
