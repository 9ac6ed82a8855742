"""``statusline profile``: where the numbers of this Claude configuration are kept."""

from __future__ import annotations

import os

import click

from statusline.cli.command import Command
from statusline.system import environ


@click.command("profile", cls=Command)
def command() -> None:
    """Print the directory of the cache, for scripts.

    Each Claude configuration directory has one of its own. `statusline help files` says what is
    in it.
    """
    click.echo(os.fsencode(environ.current().profile_dir or ""))
