"""``statusline history``: how usage went, as plots and tables, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from statusline.agents import AGENTS
from statusline.cli import backtest, output_file
from statusline.cli.command import Group
from statusline.cli.console import console, is_plain
from statusline.cli.page import Page
from statusline.cli.profile_option import chosen, profile_option
from statusline.cli.timeline import Timeline, plain_lines, span
from statusline.database.place import DatabaseError
from statusline.history import store
from statusline.history.period import Track, tracks
from statusline.login.credentials import Credentials
from statusline.overview.overview import WINDOWS, Overview, look
from statusline.system import clock
from statusline.tokens import listing
from statusline.usage.observation import DAY_S, HOUR_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from statusline.history.cycles import Cycle, Seen
    from statusline.history.store import History
    from statusline.system.environ import Environment

#: The version of the JSON document (docs/history.md).
SCHEMA = 1
COLUMNS = ("window", "seen_at", "until", "used_pct", "resets_at")
NOTHING = "Nothing has been recorded yet. `statusline refresh` records the first numbers."


def _seconds(_context: click.Context, _option: click.Parameter, value: str) -> float:
    """Return a length of time such as 24h or 7d in seconds."""
    found = re.fullmatch(r"([1-9]\d{0,3})([hdw])", value.strip().lower())
    if found is None:
        raise click.BadParameter(f"{value!r} is no time such as 24h, 7d or 30d.")
    return float(int(found[1]) * {"h": HOUR_S, "d": DAY_S, "w": 7 * DAY_S}[found[2]])


@click.group(
    "history",
    cls=Group,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
    examples=(
        ("statusline history --last 24h", "the last day"),
        ("statusline history --window Fable", "the weekly limit of one model"),
        ("statusline history --html usage.html", "a page to look at in a browser"),
        ("statusline history backtest", "how right the forecast was"),
    ),
)
@click.option(
    "--last",
    callback=_seconds,
    metavar="24h|7d|30d",
    default="7d",
    show_default=True,
    help="How far back.",
)
@click.option("--window", metavar="5h|7d|NAME", default="", help="Show this window only.")
@click.option("--plain", is_flag=True, help="Print lines of text, without plot and colours.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the windows as JSON (docs/history.md)."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print every number as CSV (docs/history.md).")
@click.option(
    "--html",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write a web page to FILE instead; it loads nothing from elsewhere.",
)
@click.option(
    "--svg",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the drawings to FILE as SVG instead.",
)
@profile_option
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    last: float,
    window: str,
    plain: bool,
    profile: str,
    **forms: Any,
) -> None:
    """Show how each window was used over time, as a plot and a table.

    Every new number is kept for thirteen months. Nothing is sent or fetched for this.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    wanted = [name for name, value in forms.items() if value]
    if len(wanted) > 1:
        first, second = (f"--{name.removeprefix('as_')}" for name in wanted[:2])
        raise click.UsageError(f"{first} and {second} do not go together.")
    env = chosen(profile).env
    overview = Overview(look(env, Credentials(state="found")), clock.now())
    since_s = overview.now - last
    try:
        found, seen = _read(env, overview, since_s, window, every_number=forms["as_csv"])
    except DatabaseError as error:
        if error.trouble != "missing":
            raise click.ClickException(str(error)) from None
        found, seen = None, []
    made = _made(overview, found, seen, since_s, forms, env)
    path = forms["html"] or forms["svg"]
    if made is None:
        _print(console(context), overview, found or [], since_s, plain=plain)
    elif path and found:
        output_file.write(path, made)
    else:
        click.echo(made, nl=False)


def _made(
    overview: Overview,
    found: list[Track] | None,
    seen: list[Seen],
    since_s: float,
    forms: Mapping[str, Any],
    env: Environment,
) -> str | None:
    """Return what is printed or written as it is; ``None`` where it is to be drawn."""
    if forms["as_json"]:
        made = document(found or [], since_s, overview.now)
        return f"{json.dumps(made, indent=2)}\n"
    if forms["as_csv"]:
        return table(seen)
    if found is None:
        return f"{NOTHING}\n"
    if not found:
        return f"Nothing was used in the last {span(overview.now - since_s)}.\n"
    if not (forms["html"] or forms["svg"]):
        return None
    if forms["svg"]:
        return Page(overview, found, since_s).svg()
    tokens = listing.kept(env.profile_dir or "", since_s, overview.now, "model", "project")
    return Page(overview, found, since_s, tokens, env.home).html()


def _print(
    target: Console, overview: Overview, found: list[Track], since_s: float, *, plain: bool
) -> None:
    if plain or is_plain(target):
        for line in plain_lines(overview, found):
            click.echo(line)
    else:
        target.print(Timeline(overview, found, since_s, is_alone=len(found) == 1))


command.add_command(backtest.command)


def _refuse_options(context: click.Context) -> None:
    """End with wrong usage where an option stands before a verb that would not heed it."""
    for option in context.command.params:
        if context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
            verb = context.invoked_subcommand
            raise click.UsageError(f"{option.opts[0]} does not go with {verb}.", context)


def _read(
    env: Environment, overview: Overview, since_s: float, asked: str, *, every_number: bool
) -> tuple[list[Track], list[Seen]]:
    """Return the windows since then, and every number of theirs where that is wanted."""
    if env.profile_dir is None:
        raise DatabaseError("failed", "There is no place for the cache: HOME is not set.")
    with store.reading(env.profile_dir) as history:
        # Whoever else has windows here stands behind Claude, each under a mark of its own.
        marks = (_account(history, overview.known.snapshot.account), *AGENTS)
        name = _window(history, marks, asked)
        found = [
            each for mark in marks for each in tracks(history, mark, since_s, overview.now, name)
        ]
        seen = [
            each
            for mark in (marks if every_number else ())
            for window in history.windows(mark)
            if name in ("", window.name)
            for each in history.seen(mark, window.name, since_s)
        ]
        return found, seen


def _account(history: History, present: str) -> str:
    """Return the present account, or the last one where none is known."""
    return present or next(iter(history.accounts()), "")


def _window(history: History, marks: Iterable[str], asked: str) -> str:
    """Return the window that is meant: by 5h, 7d, its id or its label."""
    if not asked:
        return ""
    known = [each for mark in marks for each in history.windows(mark)]
    for each in known:
        if asked in (each.name, each.label) or WINDOWS.get(asked) == each.name:
            return each.name
    for each in known:
        if asked.lower() == each.label.lower():
            return each.name
    if asked in WINDOWS or not known:
        return WINDOWS.get(asked, asked)
    names = ", ".join(each.label for each in known)
    raise click.BadParameter(f"there is no window {asked!r}; known are {names}.")


def document(found: list[Track], since_s: float, now: float) -> dict[str, object]:
    """Return the windows as docs/history.md describes them."""
    return {
        "schema": SCHEMA,
        "now": now,
        "since": since_s,
        "windows": [
            {
                "id": track.window,
                "label": track.label,
                "cycles": [_cycle(each) for each in track.cycles],
            }
            for track in found
        ],
    }


def _cycle(cycle: Cycle) -> dict[str, object]:
    return {
        "starts_at": cycle.starts_at,
        "resets_at": cycle.resets_at,
        "cut_at": cycle.cut_at,
        "is_closed": cycle.is_closed,
        "used_pct": cycle.used_pct,
        "seen_at": cycle.seen_at,
        "full_at": cycle.full_at,
        "points": [[point.at_s, point.pct] for point in cycle.points],
    }


def table(seen: list[Seen]) -> str:
    """Return a header and one row for each number, as RFC 4180 has it; unknown is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(
        (each.window, each.at_s, each.until_s, each.used_pct, each.resets_at) for each in seen
    )
    return text.getvalue()
