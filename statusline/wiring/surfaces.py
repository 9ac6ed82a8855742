"""The surfaces that can be wired: where each one's file is, and what goes into it, as data."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from statusline.wiring import block, claude, edit, pasted, shells, starship, tmux
from statusline.wiring.host import Here, KeptError, WiringError, which
from statusline.wiring.surface import Before, Put, Surface


@dataclass(frozen=True)
class ClaudeCode:
    """Claude Code's one slot: the ``statusLine`` of the user's settings.json."""

    name: str = "claude"
    host: str = "Claude Code"
    shown: str = "at once"

    def path(self, here: Here) -> str:
        """Return the user's settings.json; a project's may hide it (docs/claude-code.md 3.1)."""
        return f"{here.env.claude_dir}/settings.json"

    def left_places(self, here: Here) -> tuple[str, ...]:  # noqa: ARG002
        """Each configuration directory has settings of its own."""
        return ()

    def is_found(self, here: Here) -> bool:
        """Tell whether Claude Code is on PATH or has been run here."""
        return os.path.isdir(here.env.claude_dir or "") or which("claude", here.env) is not None

    def is_in(self, data: bytes) -> bool:
        """Tell whether the status line is ours."""
        return claude.is_in(data)

    def covered_by(self, here: Here) -> str | None:  # noqa: ARG002
        """Nothing else shows in Claude Code."""
        return None

    def put(self, data: bytes, here: Here, before: Before) -> Put:
        """Set ``statusLine``; the one that was there runs first unless ``replace``."""
        how = before.replace
        return Put(*claude.put(data, here, before.chain, before.previous, replace=how))

    def drop(self, data: bytes, previous: str | None) -> bytes:
        """Bring the previous ``statusLine`` back, or take ours out."""
        return claude.drop(data, previous)

    def notes(self, data: bytes, here: Here) -> list[str]:  # noqa: ARG002
        """Say what runs before ours."""
        if claude.is_chained(data):
            return ["The status line that was there runs first; --replace shows ours alone."]
        return []

    def leave(self, here: Here) -> list[str]:
        """Claude Code reads its settings anew, and needs the other one's lines no longer."""
        return claude.leave(here)


@dataclass(frozen=True)
class Block:
    """A surface that is a marked block in a file of lines.

    ``instead`` are the lines for tmux where pasted ones had set status-right as a whole,
    ``place`` is where new lines go if not at the end, ``apply`` shows the segment where the
    host runs already, and ``ends`` takes it out there.
    """

    name: str
    host: str
    file: Callable[[Here], str]
    found: Callable[[Here], bool]
    lines: Callable[[Here], tuple[str, ...]]
    check: Callable[[bytes, Here], list[str]]
    rival: Callable[[Here], str | None] = lambda _here: None
    instead: Callable[[Here], tuple[str, ...]] | None = None
    place: Callable[[bytes], tuple[int, int] | None] = lambda _data: None
    apply: Callable[[bytes, Here], list[str]] = lambda _data, _here: []
    ends: Callable[[Here], list[str]] = lambda _here: []
    usual: Callable[[Here], str | None] = lambda _here: None
    shown: str = "in the next shell you open"

    def path(self, here: Here) -> str:
        """Return the file that the host reads."""
        return self.file(here)

    def left_places(self, here: Here) -> tuple[str, ...]:
        """Return the usual file where another one is in use."""
        usual = self.usual(here)
        return () if usual in (None, self.path(here)) else (str(usual),)

    def is_found(self, here: Here) -> bool:
        """Tell whether the host is on this machine."""
        return self.found(here)

    def is_in(self, data: bytes) -> bool:
        """Tell whether the block is there."""
        return _find(data, self.name) is not None

    def covered_by(self, here: Here) -> str | None:
        """Return the surface that sets this shell's prompt."""
        return self.rival(here)

    def put(self, data: bytes, here: Here, before: Before) -> Put:
        """Put the block in the place of the old one, else of lines that were pasted, else last.

        Raises ``KeptError`` where a line of the user's own shows the segment.
        """
        found, by_hand = _find(data, self.name), pasted.spans(data, self.name, here)
        plain = pasted.without(data, by_hand)
        self.check(self.drop(plain, None), here)
        own = pasted.line_of_own(data, self.name, here)
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

    def drop(self, data: bytes, previous: str | None) -> bytes:
        """Take the block out, and bring back what was pasted there."""
        _find(data, self.name)
        return block.drop(data, self.name, (previous or "").encode())

    def notes(self, data: bytes, here: Here) -> list[str]:
        """Show the segment in hosts that run; return what to know of them and of other lines."""
        notes = self.apply(data, here) + self.check(self.drop(data, None), here)
        own = pasted.line_of_own(data, self.name, here)
        if own is not None:
            notes.append(f"Line {own} runs statusline too, and stays as you wrote it.")
        return notes

    def leave(self, here: Here) -> list[str]:
        """Take the segment out of hosts that run; return what still shows it."""
        path = self.path(here)
        try:
            data = edit.read(edit.target_of(path)) or b""
        except WiringError:
            data = b""  # nothing is to be written there
        own = pasted.line_of_own(data, self.name, here)
        by_hand = pasted.spans(data, self.name, here)
        if own is None and by_hand:
            own = data.count(b"\n", 0, by_hand[0][0]) + 1
        notes = [] if own is None else [f"Line {own} of {path}, which is yours, still shows it."]
        return self.ends(here) + notes


def _find(data: bytes, name: str) -> tuple[int, int] | None:
    try:
        return block.find(data, name)
    except block.BlockError as error:
        raise WiringError(
            f"Line {error.line}: {error}; put `{block.last_line(name)}` below our lines."
        ) from None


def _is_there(program: str, path: Callable[[Here], str]) -> Callable[[Here], bool]:
    """Return a test for a host whose program is on PATH or whose file is there."""
    return lambda here: which(program, here.env) is not None or os.path.exists(path(here))


_TMUX = Block(
    name="tmux",
    host="tmux",
    shown="at once, also where it runs",
    file=tmux.path,
    found=_is_there("tmux", tmux.path),
    lines=tmux.lines,
    instead=tmux.lines_instead,
    place=tmux.place,
    apply=tmux.apply,
    ends=tmux.ends,
    usual=tmux.conf,
    check=tmux.check,
)
_STARSHIP = Block(
    name="starship",
    host="starship",
    shown="at the next prompt",
    file=starship.path,
    found=_is_there("starship", starship.path),
    lines=starship.lines,
    check=starship.check,
)
_BASH = Block(
    name="bash",
    host="bash",
    file=shells.bash_path,
    found=_is_there("bash", shells.bash_path),
    lines=shells.bash_lines,
    check=shells.bash_check,
    rival=shells.bash_rival,
    ends=shells.ends,
)
_ZSH = Block(
    name="zsh",
    host="zsh",
    file=shells.zsh_path,
    found=_is_there("zsh", shells.zsh_path),
    lines=shells.zsh_lines,
    check=shells.no_check,
    rival=shells.zsh_rival,
    ends=shells.ends,
)
_FISH = Block(
    name="fish",
    host="fish",
    file=shells.fish_path,
    found=_is_there("fish", shells.fish_path),
    lines=shells.fish_lines,
    check=shells.no_check,
    rival=shells.fish_rival,
    usual=shells.fish_own_path,
    ends=shells.ends,
)
_P10K = Block(
    name="p10k",
    host="powerlevel10k",
    file=shells.zsh_path,
    found=shells.has_p10k,
    lines=shells.p10k_lines,
    ends=shells.ends,
    check=shells.no_check,
)

#: In the order in which they are wired: powerlevel10k's lines go below zsh's.
SURFACES: dict[str, Surface] = {
    surface.name: surface for surface in (ClaudeCode(), _TMUX, _STARSHIP, _BASH, _ZSH, _FISH, _P10K)
}
