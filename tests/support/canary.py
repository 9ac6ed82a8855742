"""The mark that every made-up secret of a test carries, and the search for it afterwards.

No test writes a token, a key or an address by itself: so whatever holds the mark, and is no file
in which a login belongs, is a leak.
"""

from __future__ import annotations

import base64
import io
import os
import re
import tempfile
from collections.abc import Iterator
from typing import Any

MARK = "canary7Qx3vZ"
#: Files in which Claude Code keeps a login, or a stand-in for the Keychain's tool does.
KEPT = frozenset({".credentials.json", ".claude.json", "security", "system-security"})
#: The variables in which a login or a key is handed to Claude Code.
VARIABLES = frozenset({"CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"})
_READ_AT_ONCE = 32 * 1024 * 1024


def token(name: str) -> str:
    """A made-up access token: its beginning, its end and what is between show the mark."""
    return f"sk-ant-oat01-{MARK}-{name}-{MARK}"


def refresh_token(name: str) -> str:
    """What stands beside an access token in a login."""
    return f"sk-ant-ort01-{MARK}-{name}-{MARK}"


def key(name: str) -> str:
    """A made-up API key."""
    return f"sk-ant-api03-{MARK}-{name}-{MARK}"


def email(name: str) -> str:
    """A made-up address."""
    return f"{name}.{MARK}@example.org"


def _needles() -> tuple[bytes, ...]:
    """The mark as it is, in hexadecimal, in UTF-16, and in Base64 wherever it begins in there."""
    mark = MARK.encode()
    shifted = (base64.b64encode(b"-" * shift + mark) for shift in range(3))
    inner = (text[(0, 2, 3)[shift] : -4] for shift, text in enumerate(shifted))
    return (mark, mark.hex().encode(), MARK.encode("utf-16-le"), *inner)


NEEDLES = _needles()
_SHOWN = re.compile(rb"[\x21-\x7e]{0,24}(?:" + b"|".join(map(re.escape, NEEDLES)) + rb")")


def is_in(data: bytes) -> bool:
    """Whether the mark is in there, in any of its forms."""
    return any(needle in data for needle in NEEDLES)


def shown(data: bytes) -> str:
    """Where the mark is, with a few characters before it; "" where it is not."""
    hit = _SHOWN.search(data) if is_in(data) else None
    return hit[0].decode("ascii", "replace") if hit else ""


def search(tree: str | os.PathLike[str]) -> tuple[list[str], int]:
    """Which files of `tree` hold the mark, by path, and how many were searched.

    Also names, and where links lead to; no link is followed.
    """
    hits, count = [], 0
    directories = [os.fspath(tree)]
    while directories:
        for entry in _entries(directories.pop()):
            if entry.is_dir(follow_symlinks=False):
                directories.append(entry.path)
            count += 1
            if MARK in entry.name or any(map(is_in, _contents(entry))):
                hits.append(entry.path)
    return hits, count


def _entries(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except OSError:
        return []  # a test may have closed it even to itself


def _contents(entry: os.DirEntry[str]) -> Iterator[bytes]:
    """A file in pieces that overlap by a mark; where a link leads; nothing of a FIFO."""
    try:
        if entry.is_symlink():
            yield os.fsencode(os.readlink(entry.path))
        if entry.name in KEPT or not entry.is_file(follow_symlinks=False):
            return
        with open(entry.path, "rb", buffering=0) as file:
            tail = b""
            size = os.fstat(file.fileno()).st_size
            while piece := file.read(min(size + 1, _READ_AT_ONCE)):
                yield tail + piece if tail else piece
                tail = piece[-64:]
                if size > _READ_AT_ONCE and not piece.strip(b"\0"):
                    _pass_hole(file)
    except OSError:
        return  # the same, or it is gone


def _pass_hole(file: io.FileIO) -> None:
    """Go on where there is something again: some tests have files of gigabytes without content."""
    if hasattr(os, "SEEK_DATA"):
        try:
            file.seek(file.tell(), os.SEEK_DATA)
        except OSError:  # nothing more comes
            file.seek(0, os.SEEK_END)


#: What has been found in this process since a test last asked.
noticed: list[str] = []


def notice(data: Any, where: str) -> None:
    """Note a leak if the mark is in `data`, bytes or text that came from `where`."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    if isinstance(data, bytes | bytearray) and (text := shown(bytes(data))):
        noticed.append(f"{where}: {text}")


class Scratch(tempfile.TemporaryDirectory[str]):
    """A directory of a test outside of pytest's own, searched before it goes."""

    def cleanup(self) -> None:
        """Search it, then take it away."""
        noticed.extend(search(self.name)[0])
        super().cleanup()
