"""``statusline tokens``: what Claude Code's sessions used, out of their transcripts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from statusline.cli import tokens_quick
from statusline.cli.command import Command
from statusline.cli.console import console, is_watched
from statusline.cli.process import tidy
from statusline.cli.profile_option import chosen, profile_option
from statusline.cli.progress import Progress
from statusline.cli.tokens_text import Words, plain_lines
from statusline.manual.blocks import one_of
from statusline.settings import load as config
from statusline.system import clock
from statusline.system.errors import FixableError, reason
from statusline.system.text import below_home
from statusline.tokens import document, listing
from statusline.tokens.listing import Asked, Listing
from statusline.tokens.periods import Last
from statusline.tokens.places import places
from statusline.tokens.report import BY

if TYPE_CHECKING:
    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment


def _last(_context: click.Context, _option: click.Parameter, value: str) -> Last:
    found = Last.of(value)
    if found is None:
        raise click.BadParameter(f"{value!r} is no time such as 24h, 7d, 30d or all.")
    return found


@click.command(
    "tokens",
    cls=Command,
    examples=(
        ("statusline tokens --by project --last 30d", "which project took how much"),
        ("statusline tokens --by block", "five-hour windows"),
        ("statusline tokens --json", "for a program"),
    ),
)
@click.option(
    "--last",
    callback=_last,
    metavar="24h|7d|30d|all",
    default="7d",
    show_default=True,
    help="How far back.",
)
@click.option(
    "--by",
    type=click.Choice(BY),
    metavar="UNIT",
    default="day",
    show_default=True,
    help=f"Print a row for each {one_of(BY)}; a block is a five-hour window.",
)
@click.option("--plain", is_flag=True, help="Print lines of text, without bars and colours.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (docs/tokens.md).")
@click.option("--csv", "as_csv", is_flag=True, help="Print it as CSV (docs/tokens.md).")
@profile_option
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    last: Last,
    by: str,
    plain: bool,
    as_json: bool,
    as_csv: bool,
    profile: str,
) -> None:
    """Show how many tokens Claude Code's sessions used here, and what that may have cost.

    They are counted in Claude Code's own transcripts on this machine, each answer once. Only what
    is new in them is read; nothing is sent or fetched.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv do not go together.")
    env = chosen(profile, to_refresh=True).env
    loaded = config.read(env).settings
    if env.ascii_locale:
        loaded.ascii = True
    made = _look(env, Asked(by, last, loaded.time_zone))
    if as_json:
        click.echo(document.as_json(made), nl=False)
    elif as_csv:
        click.echo(document.as_csv(made).encode("utf-8", "surrogateescape"), nl=False)
    else:
        _print(context, made, env, loaded, plain=plain)
    sys.exit(tokens_quick.complain(made))


def _look(env: Environment, asked: Asked) -> Listing:
    try:
        with tidy(), Progress(env) as progress:
            return listing.look(env, asked, clock.now(), progress)
    except FixableError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        what = f"The cache directory cannot be used: {reason(error)}."
        raise click.ClickException(what) from None


def _print(
    context: click.Context, made: Listing, env: Environment, settings: Settings, *, plain: bool
) -> None:
    words = Words(made, settings, env.home)
    if not made.rows:
        click.echo(words.safe(_nothing(made, env, words)))
    elif plain or not is_watched(context):
        for line in plain_lines(words):
            click.echo(line)
    else:
        from statusline.cli.tokens_table import TokenTable  # rich, for a terminal alone

        console(context).print(TokenTable(words))


def _nothing(made: Listing, env: Environment, words: Words) -> str:
    if made.scan is not None and made.scan.transcripts:
        title = words.title if made.asked.last.number else ""
        when = f" in the {title}" if title.startswith("last") else f" {title}"
        return f"No tokens were used{when.rstrip()}."
    looked = " and ".join(below_home(each, env.home) for each in places(env)) or "nowhere"
    return f"There are no transcripts of Claude Code (looked in {looked})."
