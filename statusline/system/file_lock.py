"""Locks that end with the process that holds them; the only importer of filelock.

The kernel's (flock). Where a file system has none, there is no lock, rather than a file that
stands for one and outlives a crash.
"""

from __future__ import annotations

from filelock import FileLock, Timeout, lock_descriptor

__all__ = ["Timeout", "of_file", "try_lock"]


def of_file(path: str) -> FileLock:
    """Return a lock to enter: on a file made for it with mode 0600, which is never removed.

    Entering it raises ``Timeout`` at once where another holds it, ``OSError`` or
    ``NotImplementedError`` where there can be none.
    """
    return FileLock(path, timeout=0, mode=0o600, fallback_to_soft=False)


def try_lock(handle: int) -> bool:
    """Lock an open file or directory until it is closed; return whether nobody else has it.

    Raises ``OSError`` on a file system without locks.
    """
    return lock_descriptor(handle, blocking=False)
