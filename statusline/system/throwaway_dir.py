"""A directory for a while: gone afterwards, also where the program is told to end meanwhile."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def throwaway_dir(prefix: str) -> Iterator[str]:
    """Make a private directory, and remove it with all that is in it; raises ``OSError``.

    A signal that comes while it is removed is obeyed after that: ``TemporaryDirectory`` stops
    half-way, and never tries again.
    """
    path = tempfile.mkdtemp(prefix=prefix)
    try:
        yield path
    finally:
        try:
            shutil.rmtree(path)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
