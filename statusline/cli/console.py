"""The one place where Consoles are made: what may be coloured, and for whom."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from statusline.system import environ

if TYPE_CHECKING:
    import click
    from rich.console import Console


def console(context: click.Context | None = None, *, stderr: bool = False) -> Console:
    """Return a Console for stdout, or for stderr, that obeys ``--color`` of the whole command.

    "auto", the default, leaves it to NO_COLOR, FORCE_COLOR, TERM and whether somebody looks;
    "always" colours what is piped too; "never" prints no escape sequence at all. Markup, emoji
    codes and highlighting are off: a string never acts (S11).
    """
    from rich.console import Console  # 40 ms: what prints lines of text need not pay them

    choice = color_choice(context)
    _never_fail_to_encode(sys.stderr if stderr else sys.stdout)
    return Console(
        stderr=stderr,
        color_system=None if choice == "never" else "auto",
        force_terminal=True if choice == "always" else None,
        no_color=False if choice == "always" else None,
        markup=False,
        emoji=False,
        highlight=False,
    )


def color_choice(context: click.Context | None) -> str:
    """Return what ``--color`` of the whole command says: "auto", "always" or "never"."""
    given = None if context is None else context.find_root().params.get("color")
    return given if given in ("always", "never") else "auto"


def is_plain(made: Console) -> bool:
    """Tell whether plain lines suit better than a picture: nobody looks, or nothing is drawn."""
    env = environ.current()
    return not made.is_terminal or env.dumb_terminal


def is_watched(context: click.Context | None) -> bool:
    """Tell whether stdout suits a picture; where nobody looks, that is known without rich."""
    env = environ.current()
    is_asked = any(map(env.get, ("FORCE_COLOR", "TTY_COMPATIBLE")))
    if not (sys.stdout.isatty() or is_asked or color_choice(context) == "always"):
        return False
    return not is_plain(console(context))


def _never_fail_to_encode(stream: object) -> None:
    """Let a terminal without a character show "?", instead of ending in an exception."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
