"""``statusline demo``: a day of usage in a minute, on every surface, without an account."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import time
from typing import TYPE_CHECKING

import click
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from statusline.cli.command import Command
from statusline.cli.process import tidy
from statusline.cli.ranges import Range
from statusline.demo import day, month
from statusline.demo.sandbox import SandboxError, sandbox
from statusline.segment.unescape import as_shown
from statusline.surfaces import SURFACES
from statusline.system import clock, environ
from statusline.system.environ import Environment

if TYPE_CHECKING:
    from statusline.demo.sandbox import Sandbox

#: Between two pictures, in real seconds.
FRAME_S = 0.1


@click.command(
    "demo",
    cls=Command,
    examples=(
        ("statusline demo --speed 2", "the day in twelve seconds"),
        ("statusline demo --once", "one moment of it"),
        ("statusline demo --history ~/demo", "a month of it, for `statusline history`"),
    ),
)
@click.option("--once", is_flag=True, help="Print one moment of the day and exit.")
@click.option(
    "--speed",
    type=Range(0.01, 12),
    metavar="HOURS",
    default=0.5,
    show_default=True,
    help="Play this many hours in a second.",
)
@click.option(
    "--history",
    "month_in",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Make up a month in DIR instead, to look at with `statusline history`.",
)
def command(*, once: bool, speed: float, month_in: str | None) -> None:
    """Play a day: what every surface shows as usage rises, resets, is refused and goes stale.

    The real refresher asks a small server on this machine. Your account, configuration and
    cache are neither read nor written. Ctrl+C ends it.
    """
    terminal = environ.current()
    if month_in is not None:
        _make_month(terminal, month_in)
        return
    try:
        with tidy(), contextlib.suppress(KeyboardInterrupt), sandbox(terminal) as playing:
            if once or terminal.dumb_terminal or not sys.stdout.isatty():
                _print_once(playing)
            else:
                _play(playing, speed)
    except SandboxError as error:
        raise click.ClickException(str(error)) from None


def _make_month(terminal: Environment, place: str) -> None:
    """Put a made-up month into a directory, and say how to look at it."""
    place = os.path.abspath(place)
    try:
        month.make(
            Environment({**terminal.inherited(), "STATUSLINE_CACHE_DIR": place}), clock.now()
        )
    except month.MonthError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"A made-up month is in {click.format_filename(place)}. Look at it:")
    click.echo(f"  STATUSLINE_CACHE_DIR={shlex.quote(place)} statusline history --last 7d")


def _print_once(playing: Sandbox) -> None:
    playing.play_to(day.TYPICAL_H)
    console = Console(highlight=False)
    for surface in SURFACES:
        console.print(Text(f"{surface:9} ").append_text(_text(playing, surface)), soft_wrap=True)


def _play(playing: Sandbox, speed: float) -> None:
    """Show the whole day, ``speed`` hours in a second."""
    with Live(console=Console(highlight=False), auto_refresh=False) as live:
        frames = int((day.END_H - day.START_H) / (FRAME_S * speed))
        for frame in range(frames + 1):
            playing.play_to(day.START_H + frame * FRAME_S * speed)
            live.update(_picture(playing), refresh=True)
            time.sleep(FRAME_S)


def _picture(playing: Sandbox) -> Group:
    minutes = int(playing.now() - day.MIDNIGHT_S) // 60
    head = Text.assemble(
        (f"{minutes // 60 % 24:02}:{minutes % 60:02}", "bold"),
        f"  {day.note(playing.hour)}",
    )
    table = Table.grid(padding=(0, 2))
    for surface in SURFACES:
        label = Text(surface, style="dim", no_wrap=True)
        segment = _text(playing, surface)
        segment.no_wrap = True
        table.add_row(label, segment)
    foot = f"requests to the demo's own server: {playing.requests} (Ctrl+C ends)"
    return Group(head, "", table, "", Text(foot, style="dim"))


def _text(playing: Sandbox, surface: str) -> Text:
    return Text.from_ansi(as_shown(playing.segment(surface), surface))
