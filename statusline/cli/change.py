"""``config set``, ``config unset`` and ``config init``: config.toml changed by one command."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from statusline.cli.command import Command
from statusline.editor import choices
from statusline.settings import load
from statusline.settings.keys import KEYS
from statusline.system import environ
from statusline.system.errors import FixableError
from statusline.system.text import below_home, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _RefusedError(click.ClickException):
    """A key or value that there is not: wrong usage, in one sentence."""

    exit_code = 2


def _keys(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [
        CompletionItem(key, help=known.what)
        for key, known in KEYS.items()
        if key.startswith(incomplete)
    ]


def _values(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    key = context.params.get("key")
    offered = choices.suggestions(key) if key in KEYS else []
    return [CompletionItem(value) for value in offered if value.startswith(incomplete)]


@click.command(
    "set",
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    examples=(
        ("statusline config set preset full", "text needs no quotes"),
        ("statusline config set thresholds.warning 60", "a key in a table"),
        ("statusline config set notify.at '[50, 90]'", "a list"),
    ),
)
@click.argument("key", shell_complete=_keys)
@click.argument("value", shell_complete=_values)
def set_value(*, key: str, value: str) -> None:
    """Set KEY in config.toml to VALUE; everything else in the file stays as it is.

    VALUE is written as in TOML; text needs no quotes. `statusline help configuration` lists every
    key.
    """
    from statusline.editor import change

    with _explained():
        wanted = change.value_of(key, value)
        _change(key, lambda text: change.with_value(text, key, wanted))


@click.command(
    "unset",
    cls=Command,
    examples=(("statusline config unset preset", "back to the default preset"),),
)
@click.argument("key", shell_complete=_keys)
def unset_value(*, key: str) -> None:
    """Take KEY out of config.toml, so that its default or the preset's value counts again."""
    from statusline.editor import change

    with _explained():
        _change(key, lambda text: change.without_value(text, key))


@click.command("init", cls=Command)
@click.option("--print", "print_only", is_flag=True, help="Only print it.")
def init(*, print_only: bool) -> None:
    """Write a config.toml that has every key with its default, commented out.

    A file that exists is never overwritten.
    """
    from statusline.editor import config_file
    from statusline.editor.template import template

    if print_only:
        click.echo(template(), nl=False)
        return
    env = environ.current()
    with _explained():
        path = config_file.path_of(env)
        where = below_home(path, env.home)
        if os.path.lexists(path):
            fix = "Change it with `statusline config edit`, or look at `config init --print`."
            raise FixableError(f"{where} is there already.", fix)
        with config_file.locked(env):
            config_file.create(config_file.read(env), template())
    click.echo(f"Wrote {where}; every key in it is commented out.")


def _change(key: str, made: Callable[[str], str]) -> None:
    """Change the file under its lock, and say in one line where, and what is in force."""
    from statusline.editor import change, config_file

    env = environ.current()
    change.path_of(key)
    before = config_file.read(env)
    text = made(before.text)
    if text != before.text:
        with config_file.locked(env):
            before = config_file.read(env)
            text = made(before.text)
            config_file.replace(before, text)
    was, now = _in_force(before.text, key), _in_force(text, key)
    is_changed, is_set = text != before.text, change.is_set(text, key)
    told = {
        (True, True): f"{key} = {now}; it was {was}",
        (False, True): f"{key} = {now} already; nothing was changed",
        (True, False): f"{key} was taken out; {now} is in force now",
        (False, False): f"{key} is not set; {now} is in force",
    }
    click.echo(f"{below_home(before.path, env.home)}: {told[is_changed, is_set]}.")


def _in_force(text: str, key: str) -> str:
    """Return what a key comes to in this text, with its origin where the file does not set it."""
    from statusline.editor import change
    from statusline.editor.document import toml

    effective = load.compile_text(text).effective
    if key in effective:
        value, origin = effective[key]
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        return printable(toml(value)) + ("" if change.is_set(text, key) else f" ({origin})")
    table, _, rest = key.partition(".")
    if table == "format":
        return "format.default"
    if table == "thresholds":  # a window's own, which follows that of all
        return f"thresholds.{rest.rpartition('.')[2]}"
    return "nothing"


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """End with a sentence: wrong usage for a key or value that there is not, else a problem."""
    from statusline.editor.change import UnknownKeyError, ValueRefusedError

    try:
        yield
    except (UnknownKeyError, ValueRefusedError) as error:
        raise _RefusedError(printable(str(error))) from None
    except FixableError as error:
        raise click.ClickException(printable(str(error))) from None
