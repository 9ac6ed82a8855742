"""The line that was installed for each surface, as its host would run it."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from statusline.system.json_file import parse_object
from statusline.wiring import claude, edit
from statusline.wiring.hosts import HOSTS
from statusline.wiring.installation import Installation, WiringError

#: What Claude Code sends before its first answer, in short: no numbers that would be cached.
STDIN = b'{"model":{"display_name":"Claude"}}\n'
#: What a line names: the program, and a hook. A path with a blank or a quote is passed over.
_NAMED = re.compile(r"STATUSLINE_BIN[= ]'?(/[^\s';]+)|(?<=[\s'=])(/[^\s';]+/hooks/[\w.-]+)")


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

    def names(self) -> list[str]:
        """Return the paths of the program and of hooks that the line needs."""
        text = self.argv[-1] if self.argv else ""
        return list(dict.fromkeys(found[1] or found[2] for found in _NAMED.finditer(text)))

    def gone(self) -> str | None:
        """Return one of these that is not there any more."""
        return next((path for path in self.names() if not os.path.exists(path)), None)


def lines(here: Installation) -> list[Line]:
    """Return every surface that is wired into its host's file."""
    found = []
    for name, host in HOSTS.items():
        try:
            path = host.path(here)
            data = edit.read(edit.target_of(path))
            if data and (host.is_in(data) or (name == "claude" and _is_by_hand(data, here))):
                stdin = STDIN if name == "claude" else b""
                shown = host.notation or name
                found.append(Line(name, path, host.argv(data), stdin, shown))
        except WiringError:
            continue  # another check names a file that cannot be read
    return found


def _is_by_hand(data: bytes, here: Installation) -> bool:
    return claude.is_ours((parse_object(data) or {}).get(claude.KEY), here)
