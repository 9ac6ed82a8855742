"""The line that was installed for each surface, as its host would run it."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

from statusline.system.json_file import parse_object
from statusline.system.untrusted import mapping
from statusline.wiring import block, claude, edit
from statusline.wiring.installation import Installation, WiringError
from statusline.wiring.surfaces import SURFACES

#: What Claude Code sends before its first answer, in short: no numbers that would be cached.
STDIN = b'{"model":{"display_name":"Claude"}}\n'
_JOB = re.compile(r'\bset -a?g status-right "(?P<text>(?:[^"\\]|\\.)*)"')
#: How each shell is started without the user's own files, and what shows the segment there.
_SHELLS = {
    "bash": ("bash", "--norc", "--noprofile", "-ic"),
    "zsh": ("zsh", "-f", "-ic"),
    "fish": ("fish", "--no-config", "-ic"),
}
_SHOW = 'printf %s "$STATUSLINE_SEGMENT"'


class Line(NamedTuple):
    """A wired surface: the file it is in, what its host runs, and with what on stdin.

    ``argv`` is empty where the host would not get that far; ``notation`` is the surface whose
    escapes the output has.
    """

    surface: str
    path: str
    argv: tuple[str, ...]
    data: bytes = b""
    notation: str = ""


def lines(here: Installation) -> list[Line]:
    """Return every surface that is wired into its host's file."""
    found = []
    for name, surface in SURFACES.items():
        try:
            path = surface.path(here)
            data = edit.read(edit.target_of(path))
            if data and (surface.is_in(data) or (name == "claude" and _is_by_hand(data, here))):
                found.append(_line(name, path, data))
        except WiringError:
            continue  # another check names a file that cannot be read
    return found


def _is_by_hand(data: bytes, here: Installation) -> bool:
    return claude.is_ours((parse_object(data) or {}).get(claude.KEY), here)


def _line(name: str, path: str, data: bytes) -> Line:
    if name == "claude":
        value = parse_object(data) or {}
        command = claude.command_of(value.get(claude.KEY))
        return Line(name, path, _through_sh(command), STDIN, name)
    if name == "tmux":
        return Line(name, path, _through_sh(_tmux_command(_block(data, name))), b"", name)
    if name == "starship":
        return Line(name, path, _through_sh(_starship_command(data)), b"", name)
    shell = "zsh" if name == "p10k" else name
    text = f"{_block(data, name)}\n_statusline_prompt\n{_SHOW}"
    return Line(name, path, (*_SHELLS[shell], text), b"", shell)


def _through_sh(command: str | None) -> tuple[str, ...]:
    return () if command is None else ("/bin/sh", "-c", command)


def _block(data: bytes, name: str) -> str:
    start, end = block.find(data, name) or (0, 0)
    return data[start:end].decode("utf-8", "replace")


def _tmux_command(text: str) -> str | None:
    """Return what is inside ``#()``, as tmux hands it to the shell (``wiring.tmux``)."""
    found = _JOB.search(text)
    if found is None:
        return None
    job = re.sub(r"\\(.)", r"\1", found["text"]).strip()
    return job[2:-1].replace("##", "#").replace("%%", "%")


def _starship_command(data: bytes) -> str | None:
    try:
        value = tomllib.loads(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    except ValueError:
        return None
    command = mapping(mapping(value.get("custom")).get("claude")).get("command")
    return command if isinstance(command, str) else None
