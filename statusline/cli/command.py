"""What our commands have beyond click's: examples, and a help with nothing cut off or broken."""

from __future__ import annotations

import difflib
import inspect
import shutil
from collections.abc import Iterable, Iterator
from typing import Any

import click

from statusline.manual import terminal
from statusline.manual.blocks import Block, Rows, Text, Title, changed, one_of, parse
from statusline.system import environ

#: A command line, and what it does.
Examples = tuple[tuple[str, str], ...]
#: What an example does stands below it where it is longer than this.
_LONGEST_EXAMPLE = 44


class _Helpful(click.Command):
    """A command whose help is made of the same blocks as the manual."""

    examples: Examples = ()

    def get_help(self, context: click.Context) -> str:
        """Return the help for this terminal."""
        return shown(self.page(context), context.terminal_width)

    def page(self, context: click.Context) -> Iterator[Block]:
        """Yield the whole help."""
        pieces = " ".join(self.collect_usage_pieces(context))
        yield Title(f"Usage: {context.command_path} {pieces}")
        yield from self.about()
        yield from self.parts(context)

    def about(self) -> Iterator[Block]:
        """Yield what the command is for, and what its arguments may be."""
        yield from parse(inspect.cleandoc(self.help or ""))
        for parameter in self.params:
            if isinstance(parameter, click.Argument) and isinstance(parameter.type, click.Choice):
                word = (parameter.metavar or "").strip("[].")
                yield Text(f"{word} is {one_of(parameter.type.choices)}.")

    def parts(self, context: click.Context) -> Iterator[Block]:
        """Yield examples, the commands below this one and options, each with its title."""
        if self.examples:
            yield from (Title("Examples:"), Rows(self.examples, _LONGEST_EXAMPLE))
        if isinstance(self, Group):
            yield from (Title("Commands:"), self.summary(context))
        yield from (Title("Options:"), self.options(context))

    def options(self, context: click.Context) -> Rows:
        """Return the options."""
        params = [each for each in self.get_params(context) if isinstance(each, click.Option)]
        return Rows(tuple(row for each in params if (row := each.get_help_record(context))))


class Command(_Helpful):
    """A command with examples."""

    def __init__(self, *words: Any, examples: Examples = (), **named: Any) -> None:
        super().__init__(*words, **named)
        self.examples = examples


class Group(_Helpful, click.Group):
    """A command with others below it; a mistyped one gets a proposal."""

    command_class = Command

    def __init__(self, *words: Any, examples: Examples = (), **named: Any) -> None:
        super().__init__(*words, **named)
        self.examples = examples

    def summary(self, context: click.Context) -> Rows:
        """Return the commands below, each with its whole first sentence: click cuts it short."""
        below = [(name, self.get_command(context, name)) for name in self.list_commands(context)]
        return Rows(tuple((name, each.get_short_help_str(200)) for name, each in below if each))

    def words(self, context: click.Context) -> Iterable[str]:
        """Return every word that is understood, those that help does not list among them."""
        return self.list_commands(context)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was asked for, or say which ones are meant perhaps."""
        asked = args[0]
        if (
            asked.startswith("-")
            or context.resilient_parsing
            or self.get_command(context, asked) is not None
        ):
            return super().resolve_command(context, args)
        hint = proposal(asked, self.words(context))
        raise click.UsageError(f"There is no command {asked!r}.{hint}", context)


def shown(blocks: Iterable[Block], columns: int | None = None) -> str:
    """Return blocks as this terminal can show them."""
    if environ.current().ascii_locale:
        from statusline.segment.layout import in_ascii  # few terminals need it

        blocks = [changed(block, in_ascii) for block in blocks]
    width = columns or shutil.get_terminal_size().columns
    return "\n".join(terminal.lines(blocks, width))


def proposal(asked: str, words: Iterable[str]) -> str:
    """Return which of these words may have been meant, as a question; "" where none is near."""
    near = difflib.get_close_matches(asked.lower(), list(words))
    return f" Did you mean {' or '.join(near)}?" if near else ""
