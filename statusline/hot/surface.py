"""From roles to bytes: the escaping rules of all surfaces side by side, as data.

Text from outside was cleaned when it was read (``model.clean``); the rules here also hold for
what a user writes into a format. What each host does is in docs/hosts.md.
"""

from __future__ import annotations

from statusline.model import is_shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Surface:
    """How one host wants its text: ``style`` 0 is SGR, 1 is tmux's own notation.

    ``begin`` and ``end`` go around each escape sequence, so that the host can count cells;
    ``escapes`` replaces characters that the host would interpret. Where a careless user of the
    host may have a dollar sign expanded, ``dollar`` is how that of an amount is written.
    """

    __slots__ = ("begin", "dollar", "end", "escapes", "style")

    def __init__(
        self, style: int, begin: str, end: str, escapes: dict[str, str], dollar: str = ""
    ) -> None:
        self.style = style
        self.begin = begin
        self.end = end
        self.escapes = escapes
        self.dollar = dollar

    def escape(self, text: str) -> str:
        """Return ``text`` so that the host shows it and does nothing else with it."""
        safe = text if text.isprintable() else "".join(filter(is_shown, text))
        for char, replacement in self.escapes.items():
            safe = safe.replace(char, replacement)
        if self.dollar and "$" in safe:
            first, *rest = safe.split("$")
            # an amount of money stays, anything that could be a command or a variable goes
            safe = first + "".join(
                f"{self.dollar}{part}" if part[:1].isdigit() else part for part in rest
            )
        return safe


#: readline reads \001 and \002 in a value; \[ \] would come too late (docs/hosts.md 2). A user
#: who pastes the value into PS1 with double quotes must not run it, so what bash expands goes.
_BASH = Surface(0, "\001\033[", "m\002", {"\\": "", "`": ""}, "$")
#: The text itself stands in the prompt, where % doubles (docs/hosts.md 3) and PROMPT_SUBST, if the
#: user has that on, would read $50 as a parameter: an empty %{%} keeps the two apart.
_ZSH = Surface(0, "%{\033[", "m%}", {"%": "%%", "\\": "", "`": ""}, "$%{%}")
#: Output of #() is format-expanded once: # doubles, which keeps #[ #{ #( as text (docs/hosts.md 1).
_TMUX = Surface(1, "#[", "]", {"#": "##"})
_SGR = Surface(0, "\033[", "m", {})
#: starship escapes for the shell and wraps SGR itself (docs/hosts.md 5), unless told not to.
_STARSHIP = Surface(0, "\033[", "m", {"\\": "", "`": ""}, "$")

SURFACES: dict[str, Surface] = {
    "claude": _SGR,
    "plain": _SGR,
    "fish": _SGR,
    "bash": _BASH,
    "zsh": _ZSH,
    "tmux": _TMUX,
    "starship": _STARSHIP,
}

_RESET = ("0", "default")
_NONE = ("", "")


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
        out.append(rules.escape(text))
    if style_now:
        out.append(off)
    return "".join(out).encode("utf-8", "replace")
