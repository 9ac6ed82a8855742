"""``statusline show``: everything that is known, as a picture, plain lines or JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from statusline.cli import output_file
from statusline.cli import refresh as asking
from statusline.cli.console import console, is_plain
from statusline.cli.picture import Picture, as_svg, plain_lines
from statusline.overview.overview import WINDOWS, Overview, look
from statusline.refresh.refresher import process_limits, refresh
from statusline.system import clock, environ

if TYPE_CHECKING:
    from rich.console import Console

#: How wide a picture in a file is, unless COLUMNS says something else.
SVG_CELLS = 80


@click.command("show")
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
@click.pass_context
def command(
    context: click.Context,
    *,
    as_json: bool,
    window: str | None,
    plain: bool,
    svg: str | None,
    ask: bool,
) -> None:
    """Show what the cache holds: windows, ages, sources, plan, money, and what is wrong."""
    if svg is not None and as_json:
        raise click.UsageError("--svg and --json do not go together.")
    well = _ask(context) if ask else True
    overview = Overview(
        look(environ.current(), with_history=True), clock.now(), WINDOWS.get(window or "", "")
    )
    if svg is not None:
        width = environ.current().columns or SVG_CELLS
        output_file.write(svg, as_svg(Picture(overview), width, "statusline show"))
    if as_json:
        click.echo(json.dumps(overview.to_json(), indent=2))
    elif svg is None:
        print_overview(console(context), overview, plain=plain)
    sys.exit(0 if well else 1)


def print_overview(target: Console, overview: Overview, *, plain: bool = False) -> None:
    """Print one frame: a picture where somebody looks, else lines of text."""
    if plain or is_plain(target):
        for line in plain_lines(overview):
            click.echo(line)
    else:
        target.print(Picture(overview))


def _ask(context: click.Context) -> bool:
    """Let the refresher have a look first; say on stderr what is wrong, if something is."""
    with process_limits(), asking.progress(context):
        report = refresh(environ.current())
    if asking.is_well(report) and report.result != "waiting":
        return True
    click.echo(asking.sentence(report, force=False), err=True)
    return asking.is_well(report)
