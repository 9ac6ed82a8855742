"""``statusline update``: no command, but what people type for one of two others."""

from __future__ import annotations

import click

from statusline.cli.command import Command
from statusline.wiring.installer import SCRIPT, upgrade


class AmbiguousError(click.ClickException):
    """Nothing was done, since two things may be meant."""

    exit_code = 2


@click.command("update", cls=Command, hidden=True)
def command() -> None:
    """Say which command fetches new numbers, and which one a new version of the program.

    It does neither: the numbers are refreshed in the background, and the program is upgraded by
    what installed it.
    """
    how = upgrade()
    version = f"`{how}`" if how else "the package manager that installed it"
    version += ", in its directory" if how == SCRIPT else ""
    raise AmbiguousError(
        f"Nothing was done. New numbers: `statusline refresh`. A new version: {version}."
    )
