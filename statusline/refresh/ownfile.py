"""Bounded reads of JSON files that belong to the user."""

from __future__ import annotations

import errno
import json
import os
import stat
from time import sleep
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RETRY_S = 0.02
_ABSENT = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG))
_ODD = frozenset((errno.ELOOP, errno.ENXIO, errno.ENODEV))


class OwnObject(NamedTuple):
    """A JSON object read from a file, or the reason why there is none.

    `state` is "found" or one of "missing", "partial" (no whole object), "not_a_file", "too_large",
    "wrong_owner", "unreadable"; `value` is empty and `mode` (permission bits) 0 unless "found".
    """

    state: str
    value: Mapping[str, object]
    mode: int


def read_own_object(
    path: str, limit_bytes: int, parse: Callable[[bytes], Mapping[str, object] | None]
) -> OwnObject:
    """Read one JSON object from a regular file that is ours or root's; never raises or blocks.

    A symlink is followed, since people keep their dotfiles that way: what it leads to has to be
    regular and ours (S16). Where `parse` returns None a write may be in progress,
    so the file is read once more after a moment; "partial" is what stays broken.
    """
    for delay_s in (_RETRY_S, 0.0):
        state, content, mode = _read_own(path, limit_bytes)
        if state != "found":
            return OwnObject(state, {}, 0)
        document = parse(content)
        if document is not None:
            return OwnObject("found", document, mode)
        sleep(delay_s)
    return OwnObject("partial", {}, 0)


def parse_object(content: bytes) -> Mapping[str, object] | None:
    """Return a whole JSON object, or None for anything else."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # deep nesting is a RecursionError
        return None
    return document if isinstance(document, dict) else None


def _read_own(path: str, limit_bytes: int) -> tuple[str, bytes, int]:
    """Return state, content and permission bits of a file."""
    try:
        # O_NONBLOCK: opening a FIFO would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (OSError, ValueError) as error:
        return _state_of(error), b"", 0
    try:
        found = os.fstat(descriptor)
        state = _refusal(found, limit_bytes)
        content = b"" if state else _read_all(descriptor, limit_bytes)
    except OSError as error:
        return _state_of(error), b"", 0
    finally:
        os.close(descriptor)
    if len(content) > limit_bytes:  # it has grown since the fstat
        return "too_large", b"", 0
    return state or "found", content, stat.S_IMODE(found.st_mode)


def _refusal(found: os.stat_result, limit_bytes: int) -> str:
    """Return the state that forbids reading an open file, or ""."""
    if not stat.S_ISREG(found.st_mode):
        return "not_a_file"
    if found.st_uid not in (0, os.geteuid()):
        return "wrong_owner"
    return "too_large" if found.st_size > limit_bytes else ""


def _read_all(descriptor: int, limit_bytes: int) -> bytes:
    """Read to the end, but at most one byte beyond the limit."""
    content = os.read(descriptor, limit_bytes + 1)
    while len(content) <= limit_bytes:
        more = os.read(descriptor, limit_bytes + 1 - len(content))
        if not more:
            break
        content += more
    return content


def _state_of(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):  # a NUL in the path: no such file can exist
        return "missing"
    if error.errno in _ABSENT:
        return "missing"
    return "not_a_file" if error.errno in _ODD else "unreadable"
