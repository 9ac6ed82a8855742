"""What users read: one word for one thing, and none at which a native speaker stumbles."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from statusline.cli.main import cli
from statusline.settings.keys import KEYS
from statusline.settings.load import compile_text
from statusline.usage.messages import STATES, describe
from tests.support.documents import ROOT, TEXTS

#: What was said once, and is said in other words now.
STUMBLES = re.compile(
    r"\b[Mm]end(s|ed)?\b|stands about|says nothing|Write for example|\d ms (at least|mostly)"
    r"|\bold_after\b|answer is no|only Claude Code tells|the API is told|whether there is room"
)
BROKEN = (
    'separator = "\\u0000"',
    'format.tmux = "{five_hour"',
    'format.tmux = "{five_huor}"',
    'format.tmux = "plain"',
    'format.tmux = "[{five_hour}"',
    'style.warning = "blurple"',
    'time_zone = "Mars"',
    "api = 1",
    "width = 0",
    "colour = 1",
    "[thresholds]\nwarning = 95",
    "a = [",
)


def helps(command: click.Command = cli) -> Iterator[str]:
    """The help of every command."""
    # click keeps the help option that it makes first: it has to be the program's own.
    names = cli.context_settings["help_option_names"]
    context = click.Context(command, info_name="statusline", help_option_names=names)
    yield command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from helps(below)


def spoken() -> Iterator[tuple[str, str]]:
    """Everything that can be read for itself, with where it stands."""
    yield from TEXTS.items()
    yield "install.sh", (ROOT / "install.sh").read_text("utf-8")
    yield "--help", "\n".join(helps())
    yield "states", "\n".join(f"{what} {fix}" for _word, what, fix in STATES.values())
    yield "keys", "\n".join(key.what for key in KEYS.values())
    for path in sorted((ROOT / "statusline" / "doctor").glob("*.py")):
        yield path.name, path.read_text("utf-8")


SPOKEN = list(spoken())


@pytest.mark.parametrize(("where", "text"), SPOKEN, ids=[where for where, _text in SPOKEN])
def test_no_text_falls_back_into_words_that_were_stumbled_over(where: str, text: str) -> None:
    """A later edit would bring "Mend it" or `old_after` back into one place of several."""
    found = STUMBLES.search(text)
    assert found is None, f"{where}: {found}"


@pytest.mark.parametrize("text", BROKEN)
def test_every_fix_of_a_configuration_is_a_sentence(text: str) -> None:
    """`config check` said "Write for example: remove it"."""
    problems = compile_text(text).problems
    assert problems
    for problem in problems:
        assert re.fullmatch(r"[A-Z].*[.?]", problem.fix) or "warning = " in problem.fix
        assert not re.search(r"example,? [A-Z]", problem.fix)


def test_only_whoever_has_the_variable_is_told_to_unset_it() -> None:
    """A stored login without the scope was told to unset a variable that was not set."""
    assert "CLAUDE_CODE_OAUTH_TOKEN" in describe("scope", source="environment")[2]
    for source in ("file", "keychain", ""):
        assert "CLAUDE_CODE_OAUTH_TOKEN" not in describe("scope", source=source)[2]
