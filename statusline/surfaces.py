"""The surfaces: every place that shows the segment, one row each.

What else a new one needs is in docs/architecture.md.
"""

from __future__ import annotations


class Surface:
    """How one host wants its text, and what it does with it.

    ``style`` 0 is SGR, 1 is tmux's own notation. ``begin`` and ``end`` go around each style, so
    that the host can count cells; ``escapes`` replaces characters that the host would interpret.
    ``dollar`` is how the dollar sign of an amount is written where careless quoting would have it
    expanded, "" where nothing could. ``is_kept``: its line is kept in a file between renders, for
    a hook that starts no process. ``has_colors``: it shows them whatever TERM says, which
    describes another terminal. ``patience_ms`` is how long a line may take before anybody
    notices; for some hosts that includes the start of a shell.
    """

    __slots__ = (
        *("begin", "dollar", "end", "escapes"),
        *("has_colors", "is_kept", "patience_ms", "style"),
    )

    def __init__(
        self,
        style: int,
        around: tuple[str, str],
        escapes: dict[str, str],
        *,
        dollar: str = "",
        is_kept: bool = True,
        has_colors: bool = False,
        patience_ms: float = 600.0,
    ) -> None:
        self.style = style
        self.begin, self.end = around
        self.escapes = escapes
        self.dollar = dollar
        self.is_kept = is_kept
        self.has_colors = has_colors
        self.patience_ms = patience_ms


SURFACES: dict[str, Surface] = {
    # Its line depends on what Claude Code says on stdin, so that none is kept.
    "claude": Surface(0, ("\033[", "m"), {}, is_kept=False, has_colors=True, patience_ms=300.0),
    "plain": Surface(0, ("\033[", "m"), {}, is_kept=False),
    "fish": Surface(0, ("\033[", "m"), {}),
    # readline reads \001 and \002 in a value; \[ \] would come too late (docs/hosts.md 2). A user
    # who pastes the value into PS1 with double quotes must not run it: what bash expands goes.
    "bash": Surface(0, ("\001\033[", "m\002"), {"\\": "", "`": ""}, dollar="$"),
    # The text itself stands in the prompt, where % doubles (docs/hosts.md 3) and PROMPT_SUBST, if
    # the user has that on, would read $50 as a parameter: an empty %{%} keeps the two apart.
    "zsh": Surface(0, ("%{\033[", "m%}"), {"%": "%%", "\\": "", "`": ""}, dollar="$%{%}"),
    # Output of #() is format-expanded once: # doubles, which keeps #[ #{ #( as text
    # (docs/hosts.md 1).
    "tmux": Surface(1, ("#[", "]"), {"#": "##"}, has_colors=True, patience_ms=500.0),
    # starship escapes for the shell and wraps SGR itself (docs/hosts.md 5), unless told not to.
    "starship": Surface(0, ("\033[", "m"), {"\\": "", "`": ""}, dollar="$", patience_ms=250.0),
}
#: The surfaces whose line is kept in a file.
KEPT = tuple(name for name, surface in SURFACES.items() if surface.is_kept)
