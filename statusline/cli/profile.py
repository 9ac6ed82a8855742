"""``statusline profile``: where the numbers of this Claude configuration are kept."""

from __future__ import annotations

import click

from statusline.hot import render


@click.command("profile", short_help="Print the directory of the cache.")
def command() -> None:
    """Print the cache directory of this profile; hooks and scripts read it from there."""
    render.print_profile()
