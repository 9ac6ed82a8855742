"""From roles to bytes, escaped for bash, zsh, tmux, ... by the rules in ``surfaces.py``.

Text from outside was cleaned when it was read (``system.text.clean``); the rules also hold for
what a user writes into a format. What each host does is in docs/hosts.md.
"""

from __future__ import annotations

from statusline.surfaces import SURFACES, Surface
from statusline.system.text import is_shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_RESET = ("0", "default")
_NONE = ("", "")


def escape(text: str, surface: Surface) -> str:
    """Return ``text`` so that the host shows it and does nothing else with it."""
    safe = text if text.isprintable() else "".join(filter(is_shown, text))
    for char, replacement in surface.escapes.items():
        safe = safe.replace(char, replacement)
    if surface.dollar and "$" in safe:
        first, *rest = safe.split("$")
        # an amount of money stays, anything that could be a command or a variable goes
        safe = first + "".join(
            f"{surface.dollar}{part}" if part[:1].isdigit() else part for part in rest
        )
    return safe


def encode(
    parts: Iterable[tuple[str, str]],
    surface: str,
    styles: dict[str, tuple[str, str]],
    *,
    colored: bool,
) -> bytes:
    """Return one line for ``surface`` as UTF-8 without a newline.

    Control characters never pass, whatever the text holds. Neighbours of one style share its
    sequences: a hook's shell reads a segment with one system call a byte.
    """
    rules = SURFACES[surface]
    off = f"{rules.begin}{_RESET[rules.style]}{rules.end}"
    out = []
    style_now = ""
    for role, text in parts:
        style = styles.get(role, _NONE)[rules.style] if colored else ""
        if style != style_now:
            if style_now:
                out.append(off)
            if style:
                out.append(f"{rules.begin}{style}{rules.end}")
            style_now = style
        out.append(escape(text, rules))
    if style_now:
        out.append(off)
    return "".join(out).encode("utf-8", "replace")
