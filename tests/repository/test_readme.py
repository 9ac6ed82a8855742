"""README and docs/ against the program: all of it is named there, and what is named exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

import click
import pytest

from statusline.cli.main import cli
from statusline.surfaces import SURFACES
from tests.support.documents import TEXTS, commands, inline, sections

#: click remembers in a command what its first context called the help.
HELP = ["-h", "--help"]


class Verb(NamedTuple):
    """One command as a user types it, and what it accepts."""

    words: str
    options: tuple[str, ...]


def verbs(command: click.Command = cli, words: str = "statusline") -> Iterator[Verb]:
    """The whole tree of commands, hidden ones left out."""
    options = [
        name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    ]
    yield Verb(words, tuple(options))
    if isinstance(command, click.Group):
        context = click.Context(command, help_option_names=HELP)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from verbs(below, f"{words} {name}")


VERBS = list(verbs())
OPTIONS = [(verb.words, option) for verb in VERBS for option in verb.options]


def names(text: str, words: str) -> bool:
    """Whether a text holds these words as they are typed, and not a longer name."""
    return re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", text) is not None


@pytest.mark.parametrize("verb", [verb.words for verb in VERBS])
def test_every_command_is_documented(verb: str) -> None:
    """Each command that --help lists is named in README.md or docs/."""
    assert any(names(text, verb) for text in TEXTS.values())


@pytest.mark.parametrize(("verb", "option"), OPTIONS, ids=[" ".join(pair) for pair in OPTIONS])
def test_every_option_is_documented(verb: str, option: str) -> None:
    """Each option is named in a section that names its command."""
    assert any(names(part, verb) and names(part, option) for part in sections())


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Let the real command read these words without running it; raise click's own complaint."""
    context = click.Context(command, parent=parent, help_option_names=HELP)
    if isinstance(command, click.Group):
        _options, rest, _order = command.make_parser(context).parse_args(list(words))
        if rest:
            _name, below, rest = command.resolve_command(context, rest)
            assert below is not None
            parse(below, rest, context)
        return
    try:
        command.parse_args(context, list(words))
    except click.exceptions.Exit:  # --help
        return


@pytest.mark.parametrize("line", commands())
def test_every_documented_command_is_accepted(line: str) -> None:
    """What a block tells to type is what the program takes; a file named there may be missing."""
    words = shlex.split(line)[1:]
    if len(words) == 1 and words[0] in SURFACES:
        return
    try:
        parse(cli, words)
    except click.BadParameter as error:
        if error.param is None or not isinstance(error.param.type, click.Path):
            raise


@pytest.mark.parametrize("line", inline())
def test_every_command_named_in_the_text_exists(line: str) -> None:
    """The same for commands in running text, where a required argument may be left out."""
    words = shlex.split(line)[1:]
    if len(words) == 1 and words[0] in SURFACES:
        return
    try:
        parse(cli, words)
    except click.MissingParameter:
        return


def test_the_parser_of_commands_refuses_what_does_not_exist() -> None:
    """The check itself: a mistyped verb or option in a block would be found."""
    for words in (["shwo"], ["show", "--jsno"], ["config", "chekc"], ["guard"], ["show", "more"]):
        with pytest.raises(click.UsageError):
            parse(cli, words)


def test_the_blocks_are_found() -> None:
    """The check itself: the documents have commands to check."""
    assert "statusline install --all" in commands()
    assert len(commands()) >= 5
