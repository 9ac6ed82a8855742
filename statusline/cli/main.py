"""The command line: one click group; each verb in a file of its own, imported when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from statusline import __version__
from statusline.cli import failure
from statusline.cli.command import Command, Group
from statusline.cli.verbs import ALIASES, ELSEWHERE, GROUPS, UPDATE, VERBS
from statusline.manual import topics
from statusline.manual.blocks import Block, Lines, Rows, Text, Title, one_of
from statusline.surfaces import SURFACES
from statusline.system import environ

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


#: Verbs and topics, all in one column.
_LONGEST_NAME = max(map(len, (*VERBS, *topics.NAMES)))


class Verbs(Group):
    """A group that imports a verb's module when the verb is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all verbs."""
        return list(VERBS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return one verb, or ``None`` where there is none of that name."""
        if name in SURFACES:
            return _segment(name)
        module = ALIASES.get(name, name)
        if module not in (*VERBS, UPDATE):
            return None
        command: click.Command = importlib.import_module(f"statusline.cli.{module}").command
        return command

    def words(self, _context: click.Context) -> Iterable[str]:
        """Return every word that is understood."""
        return (*VERBS, *SURFACES, *ALIASES, UPDATE)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was asked for, or say which one is meant perhaps."""
        # For `failure`, also where its module cannot be loaded.
        context.invoked_subcommand = asked = ALIASES.get(args[0], args[0])
        if asked in ELSEWHERE and not context.resilient_parsing:
            hint = f"Did you mean {ELSEWHERE[asked]}?"
            raise click.UsageError(f"There is no command {asked!r}. {hint}", context)
        return super().resolve_command(context, [asked, *args[1:]])

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a verb; none is imported for that."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(verb, help=what)
            for verb, what in VERBS.items()
            if verb.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, context, incomplete)]

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Read the words before the verb.

        ``--color`` may stand behind the verb too, where people look for it.
        """
        if not context.resilient_parsing:
            args = _color_first(args)
        with failure.explained(context, debug="--debug" in args):
            return super().parse_args(context, args)

    def page(self, context: click.Context) -> Iterator[Block]:
        """Yield the whole help: first the segment itself, which is what a prompt shows."""
        name = context.command_path
        yield Lines((f"Usage: {name} [SURFACE]", f"       {name} [OPTIONS] COMMAND [ARGS]..."))
        yield from self.about()
        yield from self.parts(context)

    def about(self) -> Iterator[Block]:
        """Yield what the program does by itself."""
        yield from super().about()
        yield Text(f"SURFACE is {one_of(sorted(SURFACES))}.")

    def parts(self, context: click.Context) -> Iterator[Block]:
        """Yield examples, the verbs by groups, topics and options; no verb is imported."""
        yield from (Title("Examples:"), Rows(self.examples))
        for group, verbs in GROUPS.items():
            yield from (Title(f"{group}:"), Rows(tuple(verbs.items()), least=_LONGEST_NAME))
        rows = tuple((name, f"{topics.title(name)}.") for name in topics.NAMES)
        yield from (Title("Topics, with `statusline help TOPIC`:"), Rows(rows, least=_LONGEST_NAME))
        yield from (Title("Options:"), self.options(context))

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

    help_text = f"Print the segment for {surface}; NO_COLOR and FORCE_COLOR are obeyed."
    return Command(surface, callback=show, hidden=True, help=help_text)


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples=(
        ("statusline", "print the segment"),
        ("statusline install --all", "show it in every program found here"),
        ("statusline show", "see everything behind it"),
        ("statusline doctor", "find out why it is missing or wrong"),
        ("statusline help states", "read what its words mean"),
    ),
)
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
    """By itself, `statusline` prints the segment: in one line, how much of your plan is used.

        5h 61% 2h11m · 7d 22%

    Here, 61 % of Claude's five-hour window is used, and it resets in 2 hours 11 minutes; of the
    seven-day window, 22 % is used. The segment comes from a cache and never waits for the network;
    new numbers are fetched in the background. With a SURFACE, it is printed as that program reads
    it.
    """
    if color != "auto":
        context.color = color == "always"
    elif environ.current().no_color:
        context.color = False
