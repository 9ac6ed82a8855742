"""``statusline help``: the help of the program, of a command or of a topic, or the man page."""

from __future__ import annotations

from collections.abc import Iterable

import click

from statusline.cli.command import Command, proposal, shown
from statusline.cli.man import page
from statusline.manual import topics


def _words(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return what may follow the words that are there already."""
    at: click.Context | None = context.find_root()
    words = context.params.get("words") or ()
    for word in words:
        at = _below(at, word) if at else None
    known = [] if words else [*topics.NAMES]
    if at is not None and isinstance(at.command, click.Group):
        known += at.command.list_commands(at)
    return [word for word in known if word.startswith(incomplete)]


def _below(at: click.Context, word: str) -> click.Context | None:
    """Return the context of a command below another one."""
    group = at.command
    found = group.get_command(at, word) if isinstance(group, click.Group) else None
    return None if found is None else click.Context(found, parent=at, info_name=found.name)


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
        click.echo(shown(topics.text(words[0])))
    else:
        click.echo(_help(root, words))


def _help(root: click.Context, words: Iterable[str]) -> str:
    """Return what these words print with ``--help`` behind them."""
    at, known = root, list(topics.NAMES)
    for word in words:
        group = at.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"`{at.command_path}` has no commands of its own.", at)
        found = _below(at, word)
        if found is None:
            hint = proposal(word, [*group.list_commands(at), *known])
            what = "command or topic" if at is root else "command"
            raise click.UsageError(f"There is no {what} {word!r}.{hint}", at)
        at, known = found, []
    return at.get_help()
