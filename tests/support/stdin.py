"""A stdin that is there before the program is: whoever starts it may be held up afterwards.

``subprocess.run(input=…)`` writes once the program runs, and a render waits 50 ms at most.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

#: What an empty pipe takes without anybody reading, and what Linux lets it be made to take.
PIPE_BYTES, MOST_PIPE_BYTES = 1 << 16, 1 << 20


@contextlib.contextmanager
def pipe_with(data: bytes) -> Iterator[int]:
    """A pipe that holds `data` and ends after it."""
    out, into = os.pipe()
    try:
        if len(data) > PIPE_BYTES:
            fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, MOST_PIPE_BYTES)
        assert os.write(into, data) == len(data)
        os.close(into)
        yield out
    finally:
        os.close(out)


def run_fed(
    command: Sequence[str],
    input: Any,  # noqa: A002  # as subprocess.run names it
    *,
    check: bool,
    **options: Any,
) -> subprocess.CompletedProcess[Any]:
    """Do what ``subprocess.run`` does, with all of `input` in the pipe beforehand."""
    data = input.encode() if isinstance(input, str) else input
    with pipe_with(data) as stdin:
        return subprocess.run(command, stdin=stdin, check=check, **options)
