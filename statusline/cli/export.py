"""``statusline export``: the present state for other programs; the only user of prometheus_client.

docs/export.md names every metric and column.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import click
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.registry import Collector

from statusline.agents import AGENTS
from statusline.cli.profile_option import chosen, profile_option
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, look
from statusline.segment import render, spawn
from statusline.system import atomic_write, clock
from statusline.system.errors import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from statusline.usage.spend import Spend

#: What node_exporter's textfile collector reads; it runs as another user.
FILE_NAME, FILE_MODE = "claude_usage.prom", 0o644
COLUMNS = (
    *("id", "label", "used_pct", "remaining_pct", "resets_at", "resets_in_s"),
    *("observed_at", "age_s", "source", "is_old", "is_reset"),
)


@click.command("export", short_help="Print the numbers for other programs.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "prometheus"]),
    required=True,
    help="The format to print.",
)
@click.option(
    "--textfile",
    "directory",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help=f"Write {FILE_NAME} in DIR instead, for node_exporter (with prometheus).",
)
@profile_option
def command(*, form: str, directory: str | None, profile: str) -> None:
    """Print the numbers in the cache for other programs (docs/export.md).

    Like a prompt, it starts a refresh in the background when one is due.
    """
    if directory is not None and form != "prometheus":
        raise click.UsageError("--textfile goes with --format prometheus.")
    asked = chosen(profile)
    env = asked.env
    # A login that is in a Keychain takes its time to be read, and only JSON tells of it.
    login = asked.login if form == "json" else Credentials(state="found")
    overview = Overview(look(env, login), clock.now())
    for problem in overview.known.problems:
        click.echo(f"{problem.what} {problem.fix}", err=True)
    data = {"json": as_json, "csv": as_csv, "prometheus": as_prometheus}[form](overview)
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


def as_prometheus(overview: Overview) -> bytes:
    """Return Prometheus' text format; what is unknown is absent."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Usage(overview))
    return generate_latest(registry)


class _Usage(Collector):
    """The metrics of one overview."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview

    def collect(self) -> Iterator[Metric]:
        """Yield every metric that has a value."""
        yield from self._windows()
        yield from self._account()
        yield from self._requests()
        spend = self._overview.known.snapshot.spend
        if spend is not None:
            yield from _spend(spend)

    def _windows(self) -> Iterator[Metric]:
        used = GaugeMetricFamily(
            "claude_usage_utilization_ratio",
            "Used share of a window; absent once its reset has passed.",
            labels=["window"],
        )
        resets_at = GaugeMetricFamily(
            "claude_usage_resets_at_seconds",
            "When a window begins anew, in seconds since 1970.",
            labels=["window"],
        )
        observed_at = GaugeMetricFamily(
            "claude_usage_observed_at_seconds",
            "When a window's number was true, in seconds since 1970.",
            labels=["window"],
        )
        for row in self._overview.rows:
            if row.used_pct is None or row.seen.source in AGENTS:
                continue  # a rule about Claude would fire for another agent
            used.add_metric([row.window], row.used_pct / 100)
            observed_at.add_metric([row.window], row.seen.observed_at)
            if row.seen.resets_at is not None:
                resets_at.add_metric([row.window], row.seen.resets_at)
        yield from (used, resets_at, observed_at)

    def _account(self) -> Iterator[Metric]:
        overview = self._overview
        state = InfoMetricFamily("claude_usage_state", "How the last refresh ended.")
        state.add_metric([], {"state": overview.state})
        yield state
        if overview.known.snapshot.plan:
            plan = InfoMetricFamily("claude_usage_plan", "The account's plan.")
            plan.add_metric([], {"plan": overview.known.snapshot.plan})
            yield plan

    def _requests(self) -> Iterator[Metric]:
        snapshot = self._overview.known.snapshot
        yield CounterMetricFamily(
            "claude_usage_requests", "Requests to the usage API.", value=snapshot.requests
        )
        errors = CounterMetricFamily(
            "claude_usage_errors", "Requests to the usage API that failed.", labels=["kind"]
        )
        for kind, count in snapshot.errors.items():
            errors.add_metric([kind], count)
        yield errors
        for name, moment_s, what in (
            ("attempted", snapshot.attempted_at, "asked last"),
            ("succeeded", snapshot.succeeded_at, "gave numbers last"),
        ):
            if moment_s is not None:
                text = f"When the usage API {what}, in seconds since 1970."
                yield GaugeMetricFamily(f"claude_usage_{name}_at_seconds", text, value=moment_s)


def _spend(spend: Spend) -> Iterator[Metric]:
    unit = 10**spend.exponent
    for name, minor, what in (
        ("used", spend.used_minor, "Money used beyond the plan"),
        ("limit", spend.limit_minor, "The limit of money used beyond the plan"),
    ):
        if minor is not None:
            text = f"{what}, in the currency's major unit."
            made = GaugeMetricFamily(f"claude_usage_spend_{name}", text, labels=["currency"])
            made.add_metric([spend.currency], minor / unit)
            yield made
    if spend.share_pct is not None:
        text = "Used share of that limit; 1 or more once nothing is left."
        share = spend.share_pct / 100
        yield GaugeMetricFamily("claude_usage_spend_utilization_ratio", text, value=share)


def _write(directory: str, data: bytes) -> None:
    try:
        atomic_write.write(f"{directory}/{FILE_NAME}", data, mode=FILE_MODE)
    except OSError as error:
        raise click.ClickException(
            f"{FILE_NAME} could not be written: {reason(error)}. Make the directory writable."
        ) from None
