"""``statusline demo``: a day in Claude Code, zsh and tmux, without an account; as an SVG, too."""

from __future__ import annotations

import contextlib
import os
import shlex
import time
from typing import TYPE_CHECKING

import click
from rich.console import Group
from rich.live import Live
from rich.text import Text

from statusline.cli import demo_screen, output_file, terminal_svg
from statusline.cli.command import Command
from statusline.cli.console import console, is_plain
from statusline.cli.demo_screen import HOSTS, Look
from statusline.cli.process import tidy
from statusline.cli.ranges import Range
from statusline.demo import month
from statusline.demo.sandbox import SandboxError, sandbox
from statusline.demo.scenes import SCENES, Scene, clock_time, go_to
from statusline.segment.unescape import as_shown
from statusline.surfaces import SURFACES
from statusline.system import clock, environ
from statusline.system.environ import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from statusline.demo.sandbox import Sandbox

#: How long a scene is to be seen, in seconds; the first has the most to look at.
SCENE_S, FIRST_S = 3.5, 5.5
#: After how many seconds a terminal that has changed its size is drawn anew.
TICK_S = 0.1
#: The drawn terminal: wide enough for every line, and not wider than a README.
SVG_COLUMNS, MOST_COLUMNS = 80, 100
#: Rows above and below the hosts: caption and foot, of two rows each where it is narrow.
AROUND_ROWS = 6
TITLE = "Claude Code, zsh and tmux show the same number through a day"


@click.command(
    "demo",
    cls=Command,
    examples=(
        ("statusline demo --speed 2", "twice as fast"),
        ("statusline demo --once", "one moment of it"),
        ("statusline demo --svg day.svg", "the scenes as a moving picture"),
        ("statusline demo --history ~/demo", "a month of it, for `statusline history`"),
    ),
)
@click.option("--once", is_flag=True, help="Print every surface's segment at one moment, and exit.")
@click.option(
    "--speed",
    type=Range(0.01, 100),
    metavar="TIMES",
    default=1,
    show_default=True,
    help="How many times as fast to play it.",
)
@click.option(
    "--svg",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the scenes to FILE as a moving picture instead.",
)
@click.option(
    "--history",
    "month_in",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Make up a month in DIR instead, to look at with `statusline history`.",
)
@click.pass_context
def command(
    context: click.Context, *, once: bool, speed: float, svg: str | None, month_in: str | None
) -> None:
    """Play a day in Claude Code, zsh and tmux: usage rises, is used up, resets and goes stale.

    The real refresher asks a small server on this machine. Your account, configuration and
    cache are neither read nor written. Ctrl+C ends it; without a terminal it prints lines.
    """
    terminal = environ.current()
    if sum((once, svg is not None, month_in is not None)) > 1:
        raise click.UsageError("--once, --svg and --history do not go together.")
    if month_in is not None:
        _make_month(terminal, month_in)
        return
    shown = console(context)
    if svg is not None:  # the same picture wherever it is made
        terminal = Environment({"LANG": "C.UTF-8"})
    try:
        with tidy(), contextlib.suppress(KeyboardInterrupt), sandbox(terminal) as playing:
            if svg is not None:
                output_file.write(svg, _film(playing))
            elif once:
                _print_once(playing, shown)
            elif is_plain(shown):
                _print_all(playing, shown)
            else:
                _play(playing, shown, speed)
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


def _print_once(playing: Sandbox, shown: Console) -> None:
    go_to(playing, SCENES[0])
    for surface in SURFACES:
        line = Text(f"{surface:9} ").append_text(_text(playing, surface))
        shown.print(line, soft_wrap=True)


def _print_all(playing: Sandbox, shown: Console) -> None:
    """Print every scene as lines of text, for a pipe and for terminals that draw nothing."""
    width = max(map(len, HOSTS.values()))
    for scene in SCENES:
        go_to(playing, scene)
        if scene is not SCENES[0]:
            shown.print()
        shown.print(Text(f"{clock_time(scene.hour)}  {scene.caption}"), soft_wrap=True)
        for surface, name in HOSTS.items():
            line = Text(f"  {name:{width}}  ").append_text(_text(playing, surface))
            shown.print(line, soft_wrap=True)


def _play(playing: Sandbox, shown: Console, speed: float) -> None:
    """Show one scene after the other on a screen of their own, ``speed`` times as fast."""
    terminal = environ.current()
    with Live(console=shown, auto_refresh=False, screen=True, vertical_overflow="crop") as live:
        for scene in SCENES:
            go_to(playing, scene)
            size, until_s = None, time.monotonic() + _seconds(scene) / speed
            while size is None or time.monotonic() < until_s:
                if size != shown.size:
                    size = shown.size
                    look = Look(
                        columns=min(size.width, MOST_COLUMNS),
                        rows=size.height - AROUND_ROWS,
                        is_colored=not terminal.no_color,
                        is_ascii=terminal.ascii_locale,
                    )
                    live.update(_picture(playing, scene, look), refresh=True)
                time.sleep(min(TICK_S, _seconds(scene) / speed))
    asked = f"{playing.requests} requests went to a server of the demo's own; nothing of yours"
    shown.print(f"{asked} was read or changed. To see your own numbers: statusline install --all")


def _picture(playing: Sandbox, scene: Scene, look: Look) -> Group:
    """Return a scene with its caption above, and below what all this is."""
    count = f"{SCENES.index(scene) + 1} of {len(SCENES)}."
    foot = f"{count} A made-up account: nothing of yours is read. Ctrl+C ends it."
    drawn = demo_screen.draw(demo_screen.hosts(playing, scene, look.columns), look)
    head = Text(scene.caption, style="bold")
    return Group(head, Text(), *drawn, Text(), Text(foot, style="dim"))


def _film(playing: Sandbox) -> str:
    return terminal_svg.film(list(_frames(playing)), SVG_COLUMNS, TITLE)


def _frames(playing: Sandbox) -> Iterator[terminal_svg.Frame]:
    for scene in SCENES:
        go_to(playing, scene)
        shown = demo_screen.hosts(playing, scene, SVG_COLUMNS)
        rows = demo_screen.draw(shown, Look(SVG_COLUMNS))
        yield terminal_svg.Frame(scene.caption, _seconds(scene), rows)


def _seconds(scene: Scene) -> float:
    return FIRST_S if scene is SCENES[0] else SCENE_S


def _text(playing: Sandbox, surface: str) -> Text:
    return Text.from_ansi(as_shown(playing.segment(surface), surface))
