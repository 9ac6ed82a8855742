"""The man page: the program's help, every command's and every topic, as roff."""

from __future__ import annotations

from collections.abc import Iterator

import click

from statusline import __version__
from statusline.cli.command import Command, Group
from statusline.cli.verbs import VERBS
from statusline.manual import roff, topics
from statusline.manual.blocks import Block, Rows, Text, Title

NAME = "statusline"
#: topic -> the name of its section, where man has a usual one.
_SECTIONS = {"exit-codes": "exit status", "states": "the words in the segment"}
_ALSO = (
    "`statusline help TOPIC` prints each of the last sections by itself. The files in `docs/` that "
    "are named above come with the source."
)


def page(root: click.Context) -> Iterator[str]:
    """Yield the lines of the page; ``root`` is the context of the whole program."""
    program = root.command
    assert isinstance(program, Group)  # noqa: S101
    yield from roff.head(NAME, __version__)
    yield roff.section("name")
    yield f"{NAME} \\- how much of your Claude plan is used, and when it resets"
    yield roff.section("synopsis")
    yield from roff.marked(f"`{NAME}` [SURFACE]")
    yield roff.BREAK
    yield from roff.marked(f"`{NAME}` [OPTIONS] COMMAND [ARGS]...")
    yield roff.section("description")
    yield from roff.render(program.about())
    yield roff.section("examples")
    yield from roff.render([Rows(program.examples)])
    yield roff.section("options")
    yield from roff.render([program.options(root)])
    yield roff.section("commands")
    for verb in VERBS:
        yield from _command(root, program, verb)
    for topic in topics.NAMES:
        yield roff.section(_SECTIONS.get(topic, topic))
        yield from roff.render(topics.text(topic)[1:])
    yield roff.section("see also")
    yield from roff.render([Text(_ALSO)])


def _command(above: click.Context, group: Group, name: str) -> Iterator[str]:
    """Yield a command, and those below it, each below a heading of its own."""
    found = group.get_command(above, name)
    assert isinstance(found, Command | Group)  # noqa: S101  # every one of ours
    context = click.Context(found, parent=above, info_name=name)
    pieces = " ".join(found.collect_usage_pieces(context))
    options = tuple(row for row in found.options(context).rows if "--help" not in row[0])
    blocks: list[Block] = [Title(f"{context.command_path} {pieces}"), *found.about(), Rows(options)]
    if found.examples:
        blocks += [Text("Examples:"), Rows(found.examples)]
    yield from roff.render(blocks)
    if isinstance(found, Group):
        for below in found.list_commands(context):
            yield from _command(context, found, below)
