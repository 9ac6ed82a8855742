"""Somebody who reads a profile's files again and again while others write them."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

EVERY_S = 0.01


class Reader:
    """Counts documents that were read and those that were torn; a context manager."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self.reads = self.torn = self.most_left_over = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._over.wait(EVERY_S):
            for name in ("usage.json", "state.json"):
                self._look(name, _is_document)
            with contextlib.suppress(FileNotFoundError):
                names = [path.name for path in self._directory.iterdir()]
                for name in names:
                    if name.startswith("segment."):
                        self._look(name, _is_segment)
                left = sum(name.startswith(".tmp-") for name in names)
                self.most_left_over = max(self.most_left_over, left)

    def _look(self, name: str, is_whole: Callable[[bytes], bool]) -> None:
        with contextlib.suppress(FileNotFoundError):
            text = (self._directory / name).read_bytes()
            self.reads += 1
            self.torn += not is_whole(text)


def _is_document(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _is_segment(text: bytes) -> bool:
    """A line, then its width."""
    line, _newline, width = text.partition(b"\n")
    return bool(line) and width[:-1].isdigit() and width.endswith(b"\n")
