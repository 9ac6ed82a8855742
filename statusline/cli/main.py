"""The command line: one click group; each verb in a file of its own, imported when it is used."""

from __future__ import annotations

import difflib
import importlib

import click

from statusline import __version__
from statusline.cli import failure
from statusline.surfaces import SURFACES
from statusline.system import environ

#: verb -> its module in this package; a table, so that one verb does not import the others'
#: libraries.
VERBS = {
    "completion": "completion",
    "config": "config",
    "credentials": "credentials",
    "demo": "demo",
    "doctor": "doctor",
    "env": "env",
    "export": "export",
    "guard": "guard",
    "history": "history",
    "init": "init",
    "install": "install",
    "notify": "notify",
    "profile": "profile",
    "refresh": "refresh",
    "show": "show",
    "tokens": "tokens",
    "uninstall": "uninstall",
    "watch": "watch",
}

EPILOG = (
    "Without a command: the segment itself. `statusline "
    + "|".join(sorted(SURFACES))
    + "` prints it for that surface. Exit codes: 0 done, 1 a problem, 2 wrong usage."
)


class Verbs(click.Group):
    """A group that imports a verb's module when the verb is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return sorted(VERBS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return one verb, or ``None`` where there is none of that name."""
        if name in SURFACES:
            return _segment(name)
        module = VERBS.get(name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(f"statusline.cli.{module}").command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was asked for, or say which ones are meant perhaps."""
        words, asked = [*VERBS, *SURFACES], args[0]
        context.invoked_subcommand = asked  # for `failure`, also where its module cannot be loaded
        if asked in words or asked.startswith("-") or context.resilient_parsing:
            return super().resolve_command(context, args)
        near = difflib.get_close_matches(asked.lower(), words)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise click.UsageError(f"There is no command {asked!r}.{hint}", context)

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the words before the verb; ``--help`` imports every verb.

        ``--color`` may stand behind the verb too, where people look for it.
        """
        if not context.resilient_parsing:
            args = _color_first(args)
        with failure.explained(context, debug="--debug" in args):
            return super().parse_args(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs, each with its whole first sentence: click would cut it short."""
        verbs = [(name, self.get_command(context, name)) for name in self.list_commands(context)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, verb.get_short_help_str(200)) for name, verb in verbs if verb is not None]
            )

    def invoke(self, context: click.Context) -> object:
        """Run the verb; whatever goes wrong ends in one sentence and an exit code."""
        with failure.explained(context, debug=context.params["debug"]):
            return super().invoke(context)


def _color_first(args: list[str]) -> list[str]:
    """Return the words with every ``--color WHEN`` before the others, up to a ``--``."""
    end = args.index("--") if "--" in args else len(args)
    moved: list[str] = []
    left = args[:end]
    while "--color" in left[:-1]:
        at = left.index("--color")
        moved += left[at : at + 2]
        del left[at : at + 2]
    moved += [word for word in left if word.startswith("--color=")]
    return [*moved, *(word for word in left if not word.startswith("--color=")), *args[end:]]


def _segment(surface: str) -> click.Command:
    """Return the help of a surface's word; alone, the word never comes here (entry.py)."""

    def show() -> None:
        raise click.UsageError(f"Options are for commands; the segment is `statusline {surface}`.")

    help_text = f"Print the segment for {surface}; NO_COLOR and FORCE_COLOR are honoured."
    return click.Command(surface, callback=show, hidden=True, help=help_text)


@click.group(cls=Verbs, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statusline")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to use colours; auto honours NO_COLOR and checks for a terminal.",
)
@click.option("--debug", is_flag=True, help="Show where an unexpected error came from.")
@click.pass_context
def cli(context: click.Context, *, color: str, debug: bool) -> None:  # noqa: ARG001
    """Show how much of a Claude plan is used up, and when it resets."""
    if color != "auto":
        context.color = color == "always"
    elif environ.current().no_color:
        context.color = False
