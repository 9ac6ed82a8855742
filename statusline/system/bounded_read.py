"""Bounded reads that cannot hang, follow a link or trust a stranger's file; JSON without ``json``.

``import json`` doubles the cost of a prompt; the scanner inside it, ``_json``, is a built-in.
"""

from __future__ import annotations

import _json
import _signal
import _stat
import posix
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

#: Claude Code's stdin has about 2 kB; more than this is not read (P1).
MAX_STDIN_BYTES = 64 * 1024
#: Claude Code once left the pipe open without an end (I01).
STDIN_DEADLINE_S = 0.05
#: ... and another process may take what was there to be read: then the alarm rings once more.
LAST_DEADLINE_S = 0.5
#: What is handed on to the status line that was there before, which may want more, and later.
MAX_HANDED_ON_BYTES = 1024 * 1024
HANDED_ON_DEADLINE_S = 2.0

#: Windows has neither: who may write there is not in a mode, and nothing rings.
_OTHERS_MAY_WRITE = 0 if sys.platform == "win32" else 0o022
_HAS_ALARM = hasattr(_signal, "setitimer")

_FLAGS = posix.O_RDONLY | posix.O_NONBLOCK | posix.O_NOFOLLOW | posix.O_CLOEXEC | posix.O_NOCTTY


class _Context:
    """What the C scanner wants to know; NaN and the infinities become unknown."""

    strict = False
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(_name: str) -> None:
        return None


_scan = _json.make_scanner(_Context)  # type: ignore[arg-type]  # any object with these attributes


def parse(data: bytes | bytearray) -> object:
    """Return the JSON value in ``data`` (UTF-8), or ``None`` for anything that is none."""
    # To raise a JSONDecodeError the scanner wants ``json``; Python 3.11 finds it is not imported
    # and returns without any error, which the interpreter reports as a SystemError.
    try:
        text = data.decode("utf-8").strip(" \t\r\n")
        value, end = _scan(text, 0)
    except (ValueError, RecursionError, StopIteration, MemoryError, SystemError):
        return None
    return value if end == len(text) else None


def parse_first(data: bytes) -> object:
    """Return the JSON value that ``data`` begins with, or ``None`` where it begins with none."""
    try:
        return _scan(data.decode("utf-8", "replace").lstrip(" \t\r\n"), 0)[0]
    except (ValueError, RecursionError, StopIteration, MemoryError, SystemError):
        return None


def is_private(status: posix.stat_result) -> bool:
    """Tell whether only we can have written what ``status`` describes."""
    return status.st_uid == posix.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE


def read_file(path: str, limit: int, *, foreign: bool = False) -> bytes | None:
    """Return the contents of a private regular file of at most ``limit`` bytes, else ``None``.

    A FIFO, device, directory, symbolic link, a file of another user or one that others may
    write, and one that is too large are all ``None`` at once (A06-A12). A ``foreign`` file is
    another program's, which keeps it as it likes: behind a link, or open to its group.
    """
    try:
        handle = posix.open(path, _FLAGS & ~posix.O_NOFOLLOW if foreign else _FLAGS)
    except (OSError, ValueError):
        return None
    try:
        status = posix.fstat(handle)
        is_ours = status.st_uid in (0, posix.geteuid()) if foreign else is_private(status)
        if not _stat.S_ISREG(status.st_mode) or not is_ours or status.st_size > limit:
            return None
        chunks = []
        size = 0
        while chunk := posix.read(handle, limit + 1 - size):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                return None
        return b"".join(chunks)
    except OSError:
        return None
    finally:
        posix.close(handle)


class _DeadlineError(Exception):
    pass


def _give_up(_signal_number: int, _frame: FrameType | None) -> None:
    raise _DeadlineError


def read_stdin() -> tuple[dict[str, object] | None, bytes]:
    """Return the JSON object on stdin, ``None`` where there is none within 50 ms, and its bytes.

    Does not wait for the end of the stream: an object that is complete is enough. An alarm
    bounds the wait, since a non-blocking stdin would stay so for whoever shares it. What has
    arrived when it rings is taken: the machine may have slept through the 50 ms.
    """
    return _read(MAX_STDIN_BYTES, STDIN_DEADLINE_S)


def stdin_has_ended() -> bool:
    """Tell whether there is nothing more to read, now or later."""
    try:
        posix.set_blocking(0, False)
        return not posix.read(0, 1)
    except OSError:
        return False
    finally:
        posix.set_blocking(0, True)  # it would stay so for whoever shares it


def read_stdin_to_hand_on() -> tuple[dict[str, object] | None, bytes]:
    """Return the JSON object on stdin, and the bytes themselves for another program.

    That one may want what is not JSON, or what arrives slowly: up to 1 MiB, with 2 seconds for
    the first 64 KiB and 2 more for the rest.
    """
    value, data = _read(MAX_STDIN_BYTES, HANDED_ON_DEADLINE_S)
    if value is None and len(data) == MAX_STDIN_BYTES:
        data += _read(MAX_HANDED_ON_BYTES - len(data), HANDED_ON_DEADLINE_S)[1]
        whole = parse(data)
        value = whole if isinstance(whole, dict) else None
    return value, data


def _read(limit: int, deadline_s: float) -> tuple[dict[str, object] | None, bytes]:
    """Read at most ``limit`` bytes, up to a whole object; return it, and the bytes."""
    data = bytearray(limit)  # filled in place: an alarm loses nothing that was read
    value: object = None
    try:
        try:
            if _HAS_ALARM:
                _signal.signal(_signal.SIGALRM, _give_up)
                _signal.setitimer(_signal.ITIMER_REAL, deadline_s, LAST_DEADLINE_S)
            value = _fill(data)
        except _DeadlineError:
            _fill_without_waiting(data)
    except (_DeadlineError, OSError):
        pass
    finally:
        _disarm()
    held = _held(data)
    value = value or parse(held)
    return value if isinstance(value, dict) else None, held


def _held(data: bytearray) -> bytes:
    """Return what was read into ``data``; JSON holds no NUL."""
    return bytes(data.rstrip(b"\0"))


def _fill(data: bytearray) -> dict[str, object] | None:
    """Read up to the end, or until ``data`` is full or holds a whole object, which is returned."""
    size = 0
    while size < len(data):
        count = posix.readv(0, [memoryview(data)[size:]])
        size += count
        if not count:
            break
        so_far = data[:size].rstrip()
        value = parse(so_far) if so_far.endswith(b"}") else None
        if isinstance(value, dict):
            return value
    return None


def _fill_without_waiting(data: bytearray) -> None:
    """Read on while there is something to read."""
    from select import select  # only after a stall

    size = len(_held(data))
    while size < len(data) and select([0], [], [], 0)[0]:
        count = posix.readv(0, [memoryview(data)[size:]])
        size += count
        if not count:
            return


def _disarm() -> None:
    for _ in range(2 * _HAS_ALARM):
        try:
            _signal.setitimer(_signal.ITIMER_REAL, 0)
            _signal.signal(_signal.SIGALRM, _signal.SIG_IGN)
        except _DeadlineError:
            continue
        return
