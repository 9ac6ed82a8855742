"""The command line: one click group; each verb in a file of its own, imported when it is used."""

from __future__ import annotations

import importlib

import click

from statusline import __version__
from statusline.hot.surface import SURFACES

#: verb -> its module in this package; a table, so that one verb does not import the others'
#: libraries.
VERBS = {
    "demo": "demo",
    "refresh": "refresh",
    "show": "show",
}

EPILOG = (
    "Without a command: the segment itself. `statusline "
    + "|".join(sorted(SURFACES))
    + "` prints it for that surface."
)


class Verbs(click.Group):
    """A group that imports a verb's module when the verb is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return sorted(VERBS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return one verb, or ``None`` where there is none of that name."""
        module = VERBS.get(name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(f"statusline.cli.{module}").command
        return command


@click.group(cls=Verbs, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statusline")
def cli() -> None:
    """Show how much of a Claude plan is used up, and when it resets."""
