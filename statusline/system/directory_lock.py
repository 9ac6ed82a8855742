"""A lock on a directory itself, so that no file is left lying about; the kernel's (flock).

Without filelock, which takes longer to load than a list of token counts to make.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def held(path: str) -> Iterator[bool]:
    """Hold a directory's lock while inside; yields ``False`` where another process holds it.

    A file system (or a Windows) without such locks lets everybody in. Raises ``OSError`` where the
    directory cannot be opened.
    """
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _take(handle)
    finally:
        with contextlib.suppress(OSError):  # nothing was written through it
            os.close(handle)


def _take(handle: int) -> bool:
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock

        flock(handle, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return True
    return True
