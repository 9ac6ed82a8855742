"""Which notifications the user wants, and how: the table ``[notify]`` of ``config.toml``."""

from __future__ import annotations

from typing import NamedTuple

#: The ways that a notification can take, beside a command of the user's own.
WAYS = ("desktop", "tmux", "bell")


class Notifications(NamedTuple):
    """The defaults are those of an empty file; a render never loads this.

    ``at`` are per cent used, the least first; ``command`` is a program and its arguments, empty
    for none.
    """

    enabled: bool = False
    at: tuple[float, ...] = (80.0, 95.0)
    forecast: bool = True
    reset: bool = True
    via: tuple[str, ...] = ("desktop",)
    command: tuple[str, ...] = ()
