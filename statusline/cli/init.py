"""``statusline init [SHELL]``: print lines to paste, or the hook file of a shell, unchanged."""

from __future__ import annotations

import sys

import click

from statusline.cli.command import Command
from statusline.system import environ
from statusline.wiring import by_hand
from statusline.wiring.hosts import HOSTS
from statusline.wiring.installation import WiringError, find_launcher, hooks_dir

#: What `install` does not put in: zsh's second one, and those of other shells and of Powerline.
OTHERS = {
    "rprompt": "rprompt.zsh",
    "nu": "printed/prompt.nu",
    "elvish": "printed/prompt.elv",
    "pwsh": "printed/prompt.ps1",
    "powerline": "printed/powerline.py",
}
FILES = {name: host.hooks[0] for name, host in HOSTS.items()} | OTHERS


@click.command(
    "init",
    cls=Command,
    examples=(
        ("statusline init", "the lines to paste, for your paths"),
        ("statusline init nu", "the hook file for Nushell"),
    ),
)
@click.argument("shell", type=click.Choice(list(FILES)), metavar="[NAME]", required=False)
def command(*, shell: str | None) -> None:
    """Print lines to paste by hand, for every program; with NAME, one program's hook file.

    `statusline install` does it for you, except in Nushell, Elvish, PowerShell and Powerline:
    `statusline help surfaces` says where theirs go. `rprompt` is the part of zsh's that shows the
    segment on the right; the other part, `zsh`, has to be in the same directory.
    """
    try:
        data = _bytes(shell)
    except (OSError, WiringError) as error:
        raise click.ClickException(f"The hook cannot be read: {error}") from None
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _bytes(shell: str | None) -> bytes:
    if shell is None:
        return by_hand.lines(find_launcher(environ.current())).encode("utf-8", "surrogateescape")
    with open(f"{hooks_dir()}/{FILES[shell]}", "rb") as file:
        return file.read()
