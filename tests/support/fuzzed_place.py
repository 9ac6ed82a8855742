"""Where the fuzzing takes place: its moment, its home, and files of arbitrary bytes in there."""

from __future__ import annotations

import os
import tempfile

#: Later than every recording that it begins with (epoch s).
NOW = 1_795_329_000.0
HOME = tempfile.mkdtemp(prefix="statusline-fuzz-", dir=os.environ.get("HOME"))


def written(name: str, data: bytes) -> str:
    """Write a file of that home; return its path."""
    path = f"{HOME}/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, data)
    os.close(descriptor)
    return path
