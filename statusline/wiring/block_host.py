"""A host whose lines of ours are a marked block in a file of lines."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from statusline.system.programs import which
from statusline.wiring import block, edit, pasted
from statusline.wiring.host import Before, Put
from statusline.wiring.installation import Installation, KeptError, WiringError
from statusline.wiring.pasted import Span


@dataclass(frozen=True)
class BlockHost:
    """A host that reads a file of lines, in which ours are a marked block.

    ``hooks`` are the files in ``hooks/`` that its lines read, ``find_pasted`` finds lines that
    were pasted, ``argv`` is what the host runs for a block, and ``notation`` the surface whose
    segment it shows (its own, unless that is named). ``instead`` are the lines for tmux where
    pasted ones had set status-right as a whole, ``place`` is where new lines go if not at the
    end, ``apply`` shows the segment where the host runs already, and ``ends`` takes it out there.
    """

    name: str
    title: str
    hooks: tuple[str, ...]
    file: Callable[[Installation], str]
    found: Callable[[Installation], bool]
    lines: Callable[[Installation], tuple[str, ...]]
    check: Callable[[bytes, Installation], list[str]]
    find_pasted: Callable[[bytes, Installation], list[Span]]
    argv: Callable[[bytes], tuple[str, ...]]
    notation: str = ""
    rival: Callable[[Installation], str | None] = lambda _here: None
    instead: Callable[[Installation], tuple[str, ...]] | None = None
    place: Callable[[bytes], tuple[int, int] | None] = lambda _data: None
    apply: Callable[[bytes, Installation], list[str]] = lambda _data, _here: []
    ends: Callable[[Installation], list[str]] = lambda _here: []
    usual: Callable[[Installation], str | None] = lambda _here: None
    shown: str = "in the next shell you open"

    def path(self, here: Installation) -> str:
        """Return the file that the host reads."""
        return self.file(here)

    def left_places(self, here: Installation) -> tuple[str, ...]:
        """Return the usual file where another one is in use."""
        usual = self.usual(here)
        return () if usual in (None, self.path(here)) else (str(usual),)

    def is_found(self, here: Installation) -> bool:
        """Tell whether the host is on this machine."""
        return self.found(here)

    def is_in(self, data: bytes) -> bool:
        """Tell whether the block is there."""
        return _find(data, self.name) is not None

    def covered_by(self, here: Installation) -> str | None:
        """Return the surface that sets this shell's prompt."""
        return self.rival(here)

    def put(self, data: bytes, here: Installation, before: Before) -> Put:
        """Put the block in the place of the old one, else of lines that were pasted, else last.

        Raises ``KeptError`` where a line of the user's own shows the segment.
        """
        found, by_hand = _find(data, self.name), self.find_pasted(data, here)
        plain = pasted.without(data, by_hand)
        self.check(self.drop(plain, None), here)
        own = self._line_of_own(data, here)
        if own is not None and found is None:
            raise KeptError(f"Line {own} runs statusline already; it stays as you wrote it.")
        previous = before.previous
        if by_hand and previous is None:
            previous = data[slice(*by_hand[0])].decode("utf-8", "replace")
        replaced = data[slice(*found)] if found else (previous or "").encode()
        lines = self.lines(here)
        if self.instead is not None and pasted.sets_status(replaced):
            lines = self.instead(here)
        if found or not by_hand:
            return Put(block.put(plain, self.name, lines, self.place(plain)), previous)
        rest = pasted.without(data, by_hand[1:])
        return Put(block.put(rest, self.name, lines, by_hand[0]), previous)

    def _line_of_own(self, data: bytes, here: Installation) -> int | None:
        found = self.find_pasted(data, here)
        return pasted.line_of_own(data, found, self.name, self.hooks, here)

    def drop(self, data: bytes, previous: str | None) -> bytes:
        """Take the block out, and bring back what was pasted there."""
        _find(data, self.name)
        return block.drop(data, self.name, (previous or "").encode())

    def notes(self, data: bytes, here: Installation) -> list[str]:
        """Show the segment in hosts that run; return what to know of them and of other lines."""
        notes = self.apply(data, here) + self.check(self.drop(data, None), here)
        own = self._line_of_own(data, here)
        if own is not None:
            notes.append(f"Line {own} runs statusline too, and stays as you wrote it.")
        return notes

    def leave(self, here: Installation) -> list[str]:
        """Take the segment out of hosts that run; return what still shows it."""
        path = self.path(here)
        try:
            data = edit.read(edit.target_of(path)) or b""
        except WiringError:
            data = b""  # nothing is to be written there
        own = self._line_of_own(data, here)
        by_hand = self.find_pasted(data, here)
        if own is None and by_hand:
            own = data.count(b"\n", 0, by_hand[0][0]) + 1
        notes = [] if own is None else [f"Line {own} of {path}, which is yours, still shows it."]
        return self.ends(here) + notes


def _find(data: bytes, name: str) -> tuple[int, int] | None:
    try:
        return block.find(data, name)
    except block.BlockError as error:
        raise WiringError(
            f"Line {error.line}: {error}.", f"Put `{block.last_line(name)}` below our lines."
        ) from None


def is_there(program: str, path: Callable[[Installation], str]) -> Callable[[Installation], bool]:
    """Return a test for a host whose program is on PATH or whose file is there."""
    return lambda here: which(program, here.env) is not None or os.path.exists(path(here))
