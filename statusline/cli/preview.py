"""``statusline config preview``: presets and the user's settings on every surface."""

from __future__ import annotations

import difflib
import json
import sys
from typing import TYPE_CHECKING

import click

from statusline.cli.command import Command
from statusline.editor import lines
from statusline.editor.states import project, states
from statusline.settings.load import Loaded, compile_text, read
from statusline.settings.presets import PRESETS
from statusline.system import environ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.editor.lines import Row
    from statusline.system.environ import Environment

#: The states that are shown, of those that there are.
STATES = ("61 %", "80 %", "92 %", "old", "offline")


def _presets(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in PRESETS if name.startswith(incomplete)]


@click.command(
    "preview",
    cls=Command,
    examples=(
        ("statusline config preview", "every preset, and your settings"),
        ("statusline config preview two-line", "one preset alone"),
    ),
)
@click.argument("preset", required=False, metavar="[PRESET]", shell_complete=_presets)
@click.pass_context
def preview(context: click.Context, *, preset: str | None) -> None:
    """Print what every surface would show: each preset and your own settings, or PRESET alone.

    The numbers are made up. tmux is shown on the green of its own status bar.
    """
    if preset is not None and preset not in PRESETS:
        near = difflib.get_close_matches(preset, PRESETS, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        names = ", ".join(PRESETS)
        raise click.UsageError(f"There is no preset {preset!r}, only {names}.{hint}", context)
    env = environ.current()
    colored = sys.stdout.isatty() and not env.no_color
    with project() as home:
        shown = [state for state in states(home) if state.name in STATES]
        for name, loaded in _variants(env, preset):
            click.echo(f"{name}:")
            for row in lines.rows(loaded.settings, env, shown, colored=colored):
                _print(row)
            click.echo()


def _print(row: Row) -> None:
    """Print the surfaces that share these lines, and the lines below, one state each."""
    width = max(map(len, STATES))
    click.echo(f"  {row.title}")
    for state, texts in zip(STATES, row.lines, strict=True):
        for count, text in enumerate(texts):
            click.echo(f"    {'' if count else state:{width}}  {text}")


def _variants(env: Environment, preset: str | None) -> Iterator[tuple[str, Loaded]]:
    for name in PRESETS if preset is None else [preset]:
        yield name, compile_text(f"preset = {json.dumps(name)}")
    yours = read(env)
    if yours.found and preset is None:
        yield "config.toml", yours
