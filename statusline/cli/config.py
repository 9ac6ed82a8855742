"""``statusline config``: what is set and where that comes from, what is wrong, how it looks."""

from __future__ import annotations

import json
import sys

import click

from statusline.cli.change import init, set_value, unset_value
from statusline.cli.command import Group
from statusline.cli.edit import edit
from statusline.cli.preview import preview
from statusline.settings import load
from statusline.settings.placeholders import PLACEHOLDERS
from statusline.system import environ
from statusline.system.text import printable


@click.group(
    "config",
    cls=Group,
    examples=(
        ("statusline config edit", "change it on a screen, with a preview"),
        ("statusline config set preset full", "change one key"),
        ("statusline config preview", "see what the presets look like"),
    ),
)
def command() -> None:
    """Choose what the segment shows, and how: show, check, change and preview config.toml.

    `statusline help configuration` lists every key.
    """


for verb in (edit, init, preview, set_value, unset_value):
    command.add_command(verb)


def _path() -> str:
    """Return where ``config.toml`` is or would be, harmless in a terminal; ends without one."""
    path = environ.current().config_path
    if path is None:
        raise click.ClickException("There is no place for config.toml: set HOME.")
    return printable(path)


@command.command("path")
def path() -> None:
    """Print where config.toml is, or would be."""
    click.echo(_path())


@command.command("check")
def check() -> None:
    """Name every mistake with its line, its key and the fix; exit with 1 if there is one."""
    where = _path()
    loaded = load.read(environ.current())
    for problem in loaded.problems:
        click.echo(f"{where}: {problem}")
        click.echo(f"    Fix: {problem.fix}")
    if not loaded.problems:
        click.echo(
            f"{where}: {'no mistakes' if loaded.found else 'no such file; the defaults apply'}"
        )
    sys.exit(1 if loaded.problems else 0)


@command.command("show")
def show() -> None:
    """Print every setting in force as TOML, where it comes from, and all placeholders."""
    loaded = load.read(environ.current())
    table = ""
    for key, (value, origin) in loaded.effective.items():
        here, _dot, name = key.rpartition(".")
        if here != table:
            table = here
            click.echo(f"\n[{table}]")
        # JSON's strings, numbers and true/false are TOML's too.
        click.echo(f"{name} = {json.dumps(value, ensure_ascii=False)}  # {origin}")
    click.echo("\n# placeholders: " + " ".join(f"{{{name}}}" for name in [*PLACEHOLDERS, "sep"]))
    if loaded.problems:
        count = len(loaded.problems)
        click.echo(
            f"{'1 mistake' if count == 1 else f'{count} mistakes'} in the file;"
            " run `statusline config check`.",
            err=True,
        )
