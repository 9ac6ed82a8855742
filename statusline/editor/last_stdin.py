"""What Claude Code said last, for the preview: out of the lines that its hook prints again.

Nobody keeps a session's stdin for this; such a line holds it for as long as it stands
(``segment.shortcut``). Numbers that the line did not show are missing in it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from statusline.segment import prerendered
from statusline.system import bounded_read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from statusline.system.environ import Environment

MAX_BYTES = 64 * 1024
_UUID = "00000000-0000-0000-0000-000000000000"
_BEFORE = re.compile(r'"(\w+)":$')


def read(env: Environment, numbers: Mapping[str, float]) -> dict[str, object]:
    """Return the newest stdin that a line was made of; empty where none is kept.

    ``numbers`` stand in for those that are missing, by the member's name. Never raises.
    """
    if env.profile_dir is None:
        return {}
    paths = sorted(prerendered.lines(env.profile_dir), key=_age)
    for path in paths:
        said = bounded_read.parse(_document(path, numbers))
        if isinstance(said, dict):
            return said
    return {}


def _age(path: str) -> float:
    try:
        return -os.stat(path, follow_symlinks=False).st_ctime
    except OSError:
        return 0.0


def _document(path: str, numbers: Mapping[str, float]) -> bytes:
    """Return a file's stdin as one document, empty for a file that is not whole."""
    try:
        rows = (bounded_read.read_file(path, MAX_BYTES) or b"").decode().split("\n")
        count = int(rows[2])
    except (OSError, ValueError, IndexError):
        return b""
    text, end = "", f"e{rows[0]}"
    for row in rows[3 + count :]:
        if row == end:
            return text.encode()
        letter, piece = row[:1], row[1:]
        if letter == "n":
            found = _BEFORE.search(text[-80:])
            text += f"{numbers.get(found[1], 0) if found else 0}"
        elif letter == "u":
            text += _UUID
        elif letter != "s":
            continue  # a file that says the branch
        text += piece
    return b""
