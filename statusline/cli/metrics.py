"""The metrics of ``statusline export --format prometheus``; the only user of prometheus_client.

docs/export.md names each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.registry import Collector

from statusline.agents import AGENTS
from statusline.overview.overview import Overview, WindowRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from statusline.usage.spend import Spend


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
        yield from self._forecasts()
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
        for row in self._claudes():
            if row.used_pct is None:
                continue
            used.add_metric([row.window], row.used_pct / 100)
            observed_at.add_metric([row.window], row.seen.observed_at)
            if row.seen.resets_at is not None:
                resets_at.add_metric([row.window], row.seen.resets_at)
        yield from (used, resets_at, observed_at)

    def _claudes(self) -> list[WindowRow]:
        """Return Claude's windows: a rule about them would fire for another agent's, too."""
        return [row for row in self._overview.rows if row.seen.source not in AGENTS]

    def _forecasts(self) -> Iterator[Metric]:
        at_reset = GaugeMetricFamily(
            "claude_usage_forecast_ratio",
            "Forecast of the used share at a window's reset; may exceed 1.",
            labels=["window"],
        )
        full_at = GaugeMetricFamily(
            "claude_usage_full_at_seconds",
            "When a window is forecast to be used up, in seconds since 1970, if before its reset.",
            labels=["window"],
        )
        for row in self._claudes():
            if row.forecast is None:
                continue
            at_reset.add_metric([row.window], row.forecast.projected_pct / 100)
            if row.forecast.full_at is not None:
                full_at.add_metric([row.window], row.forecast.full_at)
        yield from (at_reset, full_at)

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
