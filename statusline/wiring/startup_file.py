"""What the shells' startup files have in common."""

from __future__ import annotations

import re

from statusline.wiring import block
from statusline.wiring.installation import Installation


def text_of(path: str) -> str:
    """Return a startup file's text for a look at it, "" where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1 << 20)
    except OSError:
        return ""


def prompt_setter(path: str, shell: str) -> str | None:
    """Return the surface that already shows in this shell's prompt."""
    if re.search(rf"^[^#\n]*starship\W+init\W+{shell}", text_of(path), re.MULTILINE):
        return "starship"
    return None


def no_check(data: bytes, here: Installation) -> list[str]:  # noqa: ARG001
    """Return nothing to say: the check of a shell that needs none."""
    return []


def ends(here: Installation) -> list[str]:  # noqa: ARG001
    """Return what shows the segment although the lines are gone."""
    return ["Open shells show the segment until you close them."]


def argv(shell: tuple[str, ...], data: bytes, name: str) -> tuple[str, ...]:
    """Return a call of ``shell``, without the user's files, that shows the segment of a block."""
    show = 'printf %s "$STATUSLINE_SEGMENT"'
    return (*shell, f"{block.text_of(data, name)}\n_statusline_prompt\n{show}")
