"""``statusline profile``: where the numbers of this Claude configuration are kept."""

from __future__ import annotations

import os

import click

from statusline.system import environ


@click.command("profile", short_help="Print the directory of the cache.")
def command() -> None:
    """Print the cache directory of this profile; hooks and scripts read it from there."""
    click.echo(os.fsencode(environ.current().profile_dir or ""))
