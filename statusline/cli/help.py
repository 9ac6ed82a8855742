"""``statusline help``: the help of the program, of a command or of a topic, or the man page."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

import click

from statusline.cli.command import Command, proposal
from statusline.cli.man import page
from statusline.manual import terminal, topics
from statusline.manual.blocks import Block


def _words(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    program = context.find_root().command
    known = program.list_commands(context) if isinstance(program, click.Group) else []
    return [word for word in (*known, *topics.NAMES) if word.startswith(incomplete)]


@click.command(
    "help",
    cls=Command,
    examples=(
        ("statusline help states", "what the words in the segment mean"),
        ("statusline help config set", "the help of a command"),
        ("statusline help --man | man -l -", "all of it, as a man page"),
    ),
)
@click.argument("words", nargs=-1, metavar="[COMMAND | TOPIC]", shell_complete=_words)
@click.option("--man", "as_man", is_flag=True, help="Print the man page, as roff.")
@click.pass_context
def command(context: click.Context, *, words: tuple[str, ...], as_man: bool) -> None:
    """Show the help of a command, the text of a topic, or the help of the whole program.

    `statusline --help` lists both.
    """
    root = context.find_root()
    if as_man:
        if words:
            raise click.UsageError("--man is the page of the whole program.")
        click.echo("\n".join(page(root)))
    elif len(words) == 1 and words[0] in topics.NAMES:
        _print(topics.text(words[0]))
    else:
        click.echo(_help(root, words))


def _help(root: click.Context, words: Iterable[str]) -> str:
    """Return what these words print with ``--help`` behind them."""
    at, known = root, list(topics.NAMES)
    for word in words:
        group = at.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"`{at.command_path}` has no commands of its own.", at)
        found = group.get_command(at, word)
        if found is None:
            hint = proposal(word, [*group.list_commands(at), *known])
            what = "command or topic" if at is root else "command"
            raise click.UsageError(f"There is no {what} {word!r}.{hint}", at)
        at, known = click.Context(found, parent=at, info_name=found.name), []
    return at.get_help()


def _print(blocks: Iterable[Block]) -> None:
    click.echo("\n".join(terminal.lines(blocks, shutil.get_terminal_size().columns)))
