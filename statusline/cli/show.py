"""``statusline show``: everything that is known, as a picture, plain lines or JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from statusline.cli import accounts, output_file, status_bar
from statusline.cli import refresh as asking
from statusline.cli.command import Command
from statusline.cli.console import console, is_plain
from statusline.cli.picture import Picture, as_svg, plain_lines
from statusline.cli.profile_option import chosen, profile_option
from statusline.manual.blocks import one_of
from statusline.overview.overview import WINDOWS, Overview, look
from statusline.refresh.refresher import process_limits, refresh
from statusline.status_bars.formats import FORMATS
from statusline.system import clock, environ

if TYPE_CHECKING:
    from rich.console import Console

    from statusline.overview.profiles import Profile

#: How wide a picture in a file is, unless COLUMNS says something else.
SVG_CELLS = 80


@click.command(
    "show",
    cls=Command,
    examples=(
        ("statusline show --window 5h", "the five-hour window alone"),
        ("statusline show --all", "every account of yours"),
        ("statusline show --json | jq .windows", "for a program"),
        ("statusline show --format waybar --follow", "for a bar"),
    ),
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (docs/show.json.md).")
@click.option("--window", type=click.Choice(sorted(WINDOWS)), help="Show this window only.")
@click.option("--plain", is_flag=True, help="Print lines of text, without colours and bars.")
@click.option(
    "--svg",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the picture to FILE as SVG instead.",
)
@click.option(
    "--refresh", "ask", is_flag=True, help="Ask the usage API first, if a request is allowed."
)
@click.option(
    "--format",
    "bar_format",
    type=click.Choice(list(FORMATS)),
    metavar="BAR",
    help=f"Print the segment as this bar reads it: {one_of(FORMATS)}.",
)
@click.option("--follow", is_flag=True, help="With --format: go on, with a line for each change.")
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="Also print sources, the next request, the login's end and files.",
)
@profile_option
@click.option("--all", "every", is_flag=True, help="Show all accounts in one table.")
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    as_json: bool,
    plain: bool,
    svg: str | None,
    **rest: Any,
) -> None:
    """Show everything that is known: usage, resets, plan, money, and what is wrong.

    The numbers come from the cache, like the segment's; --refresh fetches new ones first.
    """
    if svg is not None and as_json:
        raise click.UsageError("--svg and --json do not go together.")
    if rest["follow"] and not rest["bar_format"]:
        raise click.UsageError("--follow needs --format.")
    if rest["every"]:
        _show_all(context, as_json=as_json, plain=plain, svg=svg, **rest)
        return
    profile = chosen(rest["profile"], to_refresh=rest["ask"])
    if rest["bar_format"]:
        if as_json or plain or svg is not None or rest["window"] or rest["ask"] or rest["verbose"]:
            raise click.UsageError("--format goes with --follow and --profile only.")
        status_bar.show(profile, rest["bar_format"], following=rest["follow"])
        return
    well = _ask(context, profile) if rest["ask"] else True
    known = look(profile.env, profile.login, with_history=True)
    overview = Overview(known, clock.now(), WINDOWS.get(rest["window"] or "", ""))
    if svg is not None:
        width = environ.current().columns or SVG_CELLS
        picture = Picture(overview, profile.name, details=rest["verbose"])
        output_file.write(svg, as_svg(picture, width, "statusline show"))
    if as_json:
        click.echo(json.dumps(overview.to_json(), indent=2))
    elif svg is None:
        picture = Picture(overview, profile.name, details=rest["verbose"])
        print_overview(console(context), picture, plain=plain)
    sys.exit(0 if well else 1)


def _show_all(context: click.Context, *, as_json: bool, plain: bool, **others: Any) -> None:
    """Show one table over all profiles; nobody is asked anything."""
    for name, value in others.items():
        if value and name != "every":
            option = {"ask": "refresh", "bar_format": "format"}.get(name, name)
            raise click.UsageError(f"--all and --{option} do not go together.")
    table = accounts.look_at_all(environ.current())
    if as_json:
        click.echo(json.dumps(table.to_json(), indent=2))
    elif plain or is_plain(console(context)):
        for line in table.plain_lines():
            click.echo(line)
    else:
        console(context).print(table)


def print_overview(target: Console, picture: Picture, *, plain: bool = False) -> None:
    """Print one frame: a picture where somebody looks, else lines of text."""
    if plain or is_plain(target):
        for line in plain_lines(picture.overview, details=picture.details):
            click.echo(line)
    else:
        target.print(picture)


def _ask(context: click.Context, profile: Profile) -> bool:
    """Let the refresher have a look first; say on stderr what is wrong, if something is."""
    with process_limits(), asking.progress(context):
        report = refresh(profile.env)
    if asking.is_well(report) and report.result != "waiting":
        return True
    click.echo(asking.sentence(report, force=False), err=True)
    return asking.is_well(report)
