"""Note which branches a process takes: `tests/run --coverage` puts this into its venv.

Every Python that starts there with its site-packages imports it, also the ones that tests start;
a launcher (``-S``) is not measured, and runs the same code.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import posix
import sys
from typing import Any

_leave = posix._exit


def _started() -> Any:
    """Start to measure; nothing where the working directory is gone, which coverage asks for."""
    with contextlib.suppress(OSError):
        import coverage

        measured = coverage.Coverage(config_file=f"{sys.prefix}/coverage.ini", data_suffix=True)
        measured.start()
        return measured
    return None


def _save() -> None:
    with contextlib.suppress(Exception):  # another user, a full disk: this one is not counted
        if _measured is not None:
            _measured.stop()
            _measured.save()


def _exit(status: int) -> None:
    _save()
    _leave(status)


_measured = _started()
atexit.register(_save)
posix._exit = os._exit = _exit  # type: ignore[assignment]
