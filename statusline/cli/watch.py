"""``statusline watch``: the dashboard, or one frame of it where nobody can press a key."""

from __future__ import annotations

import importlib.util
import sys

import click

from statusline.cli.command import Command
from statusline.cli.console import color_choice, console, is_plain
from statusline.cli.picture import Picture
from statusline.cli.process import tidy
from statusline.cli.profile_option import chosen, profile_option
from statusline.cli.show import print_overview
from statusline.overview import profiles
from statusline.overview.overview import Overview, look
from statusline.system import clock, environ

HOW_TO_GET = "The dashboard needs Textual: in the checkout, pip install '.[watch]'"


@click.command(
    "watch",
    cls=Command,
    examples=(("statusline watch --profile work", "another account, by its label"),),
)
@click.option("--once", is_flag=True, help="Print one picture and exit.")
@profile_option
@click.pass_context
def command(context: click.Context, *, once: bool, profile: str) -> None:
    """Show windows and resets live; the key ? lists the keys.

    They come from the cache; as at a prompt, new ones are fetched in the background when due.
    """
    if not once and importlib.util.find_spec("textual") is None:
        raise click.ClickException(HOW_TO_GET)
    first = chosen(profile)
    terminal = console(context)
    # Textual reads keys from stdin and draws on stderr.
    is_terminal = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    if once or is_plain(terminal) or not is_terminal:
        overview = Overview(look(first.env, first.login), clock.now())
        print_overview(terminal, Picture(overview, first.name))
        return
    from statusline.cli.dashboard import Dashboard  # Textual: half a second, and an extra

    others = profiles.found(environ.current())
    shown = [each for each in others if each.directory == first.directory] or [first]
    shown += [each for each in others if each.directory != first.directory]
    dashboard = Dashboard(shown, colored=color_choice(context) != "never")
    with tidy():  # until the dashboard has handlers of its own
        dashboard.run(mouse=False)
    if dashboard.failure is not None:
        raise dashboard.failure
