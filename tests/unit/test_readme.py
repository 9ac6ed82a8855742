"""README and docs/ against the program: all of it is named there, and what is named exists."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from statusline.cli.main import cli
from statusline.hot.surface import SURFACES
from tests.support import program

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {file.name: file.read_text("utf-8") for file in FILES}
#: click remembers in a command what its first context called the help.
HELP = ["-h", "--help"]
#: Commands of the blocks that may be run anywhere: they read, and print.
HARMLESS = frozenset(
    ("completion", "config", "credentials", "doctor", "env", "export", "guard", "init", "profile")
) | {"show", "--version", "--help", "-h"}
#: Exit codes that a documented command may have on a machine without a login.
DOCUMENTED_CODES = {"guard": {3}, "doctor": {0, 1}, "credentials": {0, 1}}


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


def sections() -> list[str]:
    """Every section of every document, from one heading to the next."""
    return [
        part for text in TEXTS.values() for part in re.split(r"^(?=#+ )", text, flags=re.MULTILINE)
    ]


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


def commands() -> list[str]:
    """Every `statusline ...` of the sh blocks, up to whatever the shell does with it."""
    found = []
    for text in TEXTS.values():
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
            lines = re.sub(r"\\\n", " ", block)
            found += re.findall(r"(?:^|[\s(;&|])(statusline(?: [^\n;&|#()>]+)?)", lines)
    return sorted({command.strip() for command in found})


def inline() -> list[str]:
    """Every `statusline ...` in running text that has no placeholder."""
    spans = [each for text in TEXTS.values() for each in re.findall(r"`(statusline [^`]+)`", text)]
    return sorted({span for span in spans if re.fullmatch(r"[a-z0-9 .:=/-]+", span)})


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


@pytest.mark.parametrize(
    "line",
    [line for line in commands() if HARMLESS & set(line.split()[1:2]) and "--wait" not in line],
)
def test_documented_commands_run(line: str, tmp_path: Path) -> None:
    """Those that only read and print are run, on a fresh HOME without a login."""
    words = [word for word in shlex.split(line)[1:] if word != "-"]
    for file_option in ("--textfile", "--svg"):
        if file_option in words:
            words[words.index(file_option) + 1] = str(tmp_path)
    done = subprocess.run(
        program.argv(*words),
        env=program.environment(tmp_path, STATUSLINE_API_URL="http://127.0.0.1:1"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )
    assert done.returncode in DOCUMENTED_CODES.get(words[0], {0}), done.stderr
    assert "Traceback" not in done.stderr


def test_the_parser_of_commands_refuses_what_does_not_exist() -> None:
    """The check itself: a mistyped verb or option in a block would be found."""
    for words in (["shwo"], ["show", "--jsno"], ["config", "chekc"], ["guard"], ["show", "more"]):
        with pytest.raises(click.UsageError):
            parse(cli, words)


def test_the_blocks_are_found() -> None:
    """The check itself: the documents have commands to check."""
    assert "statusline install --all" in commands()
    assert len(commands()) >= 5
