"""``statusline export``: the present state for other programs.

docs/export.md names every metric and column.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json

import click

from statusline.cli.command import Command
from statusline.cli.profile_option import chosen, profile_option
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, look
from statusline.segment import render, spawn
from statusline.system import atomic_write, clock
from statusline.system.errors import reason

#: What node_exporter's textfile collector reads; it runs as another user.
FILE_NAME, FILE_MODE = "claude_usage.prom", 0o644
HOW_TO_GET = (
    "Prometheus' format needs prometheus_client: in the checkout, pip install '.[prometheus]'"
)
COLUMNS = (
    *("id", "label", "used_pct", "remaining_pct", "resets_at", "resets_in_s"),
    *("observed_at", "age_s", "source", "is_old", "is_reset"),
)


@click.command(
    "export",
    cls=Command,
    examples=(
        ("statusline export --format csv", "a row for each window"),
        ("statusline export --format prometheus", "metrics, for a scrape"),
    ),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "prometheus"]),
    required=True,
    help="What to print.",
)
@click.option(
    "--textfile",
    "directory",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help=f"With prometheus: write {FILE_NAME} in DIR instead, for node_exporter.",
)
@profile_option
def command(*, form: str, directory: str | None, profile: str) -> None:
    """Print the numbers as JSON, CSV or Prometheus metrics; docs/export.md names each of them.

    They come from the cache; as at a prompt, new ones are fetched in the background when due.
    """
    if directory is not None and form != "prometheus":
        raise click.UsageError("--textfile goes with --format prometheus.")
    if form == "prometheus" and importlib.util.find_spec("prometheus_client") is None:
        raise click.ClickException(HOW_TO_GET)
    asked = chosen(profile)
    env = asked.env
    # A login that is in a Keychain takes its time to be read, and only JSON tells of it.
    login = asked.login if form == "json" else Credentials(state="found")
    overview = Overview(look(env, login), clock.now())
    for problem in overview.known.problems:
        click.echo(f"{problem.what} {problem.fix}", err=True)
    data = {"json": as_json, "csv": as_csv, "prometheus": _as_prometheus}[form](overview)
    if directory is None:
        click.echo(data, nl=False)
    else:
        _write(directory, data)
    # The snapshot in hand is empty where there is none, and so is due.
    is_due = asked.claude_dir is not None and render.is_due(overview.known.snapshot, overview.now)
    if env.profile_dir is not None and is_due:
        spawn.start(env, env.profile_dir)


def as_json(overview: Overview) -> bytes:
    """Return the view that ``show --json`` prints (docs/show.json.md)."""
    return f"{json.dumps(overview.to_json(), indent=2)}\n".encode()


def as_csv(overview: Overview) -> bytes:
    """Return a header and one row a window, as RFC 4180 has it; unknown is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore")  # a forecast is no column
    writer.writeheader()
    writer.writerows(row.to_json() for row in overview.rows)
    return text.getvalue().encode()


def _as_prometheus(overview: Overview) -> bytes:
    from statusline.cli.metrics import as_prometheus  # prometheus_client is an extra

    return as_prometheus(overview)


def _write(directory: str, data: bytes) -> None:
    try:
        atomic_write.write(f"{directory}/{FILE_NAME}", data, mode=FILE_MODE)
    except OSError as error:
        raise click.ClickException(
            f"{FILE_NAME} could not be written: {reason(error)}. Make the directory writable."
        ) from None
