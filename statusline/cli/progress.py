"""How far a long reading has come: a bar on stderr, where somebody looks and it takes a while."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from statusline.system.environ import Environment

#: What takes less is over before it is read; how often a bar is drawn. In seconds.
SHOWN_AFTER_S, _EVERY_S = 0.3, 0.1
_CELLS = 24
_MB = 1_000_000
WAITING = "Waiting for another program that reads the same transcripts"
STOPPED = "Stopped. What was read so far is kept; the same command goes on from there."


class Progress:
    """A context in which a function is told how far it is: bytes read, and bytes to read.

    It leaves no trace where it comes to its end, and says what is kept where Ctrl+C ends it.
    """

    def __init__(self, env: Environment) -> None:
        self._begun_s = self._drawn_s = time.monotonic()
        self._is_shown = False
        self._is_ascii = env.ascii_locale
        self._is_watched = sys.stderr.isatty() and not env.dumb_terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if self._is_shown:
            self._write("\r\033[K")
        if kind is KeyboardInterrupt:
            self._write(f"{STOPPED}\n")

    def __call__(self, done: int, whole: int) -> None:
        """Draw the bar anew, if it is time."""
        now_s = time.monotonic()
        if not self._is_watched or now_s - self._begun_s < SHOWN_AFTER_S:
            return
        if self._is_shown and now_s - self._drawn_s < _EVERY_S:
            return
        self._drawn_s, self._is_shown = now_s, True
        self._write(f"\r{self._line(done, whole)[: self._columns() - 1]}\033[K")

    def _line(self, done: int, whole: int) -> str:
        if not whole:
            return WAITING
        share = min(done / whole, 1.0)
        full, empty = ("#", "-") if self._is_ascii else ("█", "░")
        cells = int(share * _CELLS)
        drawn = full * cells + empty * (_CELLS - cells)
        return f"Reading transcripts {drawn} {share:4.0%} of {whole / _MB:.0f} MB"

    @staticmethod
    def _columns() -> int:
        try:
            return os.get_terminal_size(2).columns or 80
        except OSError:
            return 80

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            pass  # nobody can be told
