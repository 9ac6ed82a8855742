"""What `statusline export` prints: parsed back by the readers of each format."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from prometheus_client.parser import text_string_to_metric_families

from statusline.cli import export, metrics
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, ProfileData
from statusline.settings.settings import Settings
from statusline.usage.forecast import Forecast
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Spend
from tests.support.distorted import NOW, distorted
from tests.support.patience import HANG_S

DOCUMENT = (Path(__file__).parents[3] / "docs/export.md").read_text("utf-8")
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def overview(snapshot: Snapshot | None = None) -> Overview:
    """What the disk says at NOW."""
    known = ProfileData(snapshot or full(), Settings(), Credentials(state="found"), ())
    return Overview(known, NOW)


def full() -> Snapshot:
    """A snapshot in which every metric has a value."""
    snapshot = Snapshot()
    snapshot.state = "rate_limited"
    snapshot.windows = {
        name: Observation(name, label, used_pct, resets_at, NOW - 90.0, "api")
        for name, label, used_pct, resets_at in (
            ("five_hour", "5h", 61.5, NOW + 600),
            ("seven_day", "7d", 0.0, None),
            ("weekly:Opus", "Opus", 99.0, NOW - 60),
        )
    }
    snapshot.spend = Spend(5090.0, 10000.0, "USD", 2, None, True, NOW)
    snapshot.plan = "Max 5x"
    course = Forecast(
        "five_hour", int(NOW) + 600, NOW - 60, 1.2, 104.0, full=(NOW + 300, None, None)
    )
    snapshot.forecasts = {"five_hour": course}
    snapshot.requests, snapshot.errors = 7, {"rate_limited": 2, "unreachable": 1}
    snapshot.attempted_at, snapshot.succeeded_at = NOW - 30.0, NOW - 90.0
    return snapshot


CACHE = full().to_json()


def samples(made: Overview) -> Samples:
    """The metrics as the client library's parser reads them."""
    text = metrics.as_prometheus(made).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_gets_every_metric() -> None:
    """Ratios, moments, counters, plan, state and money, with their labels and units."""
    five, seven = (("window", "five_hour"),), (("window", "seven_day"),)
    assert samples(overview()) == {
        ("claude_usage_utilization_ratio", five): 0.615,
        ("claude_usage_utilization_ratio", seven): 0.0,
        ("claude_usage_resets_at_seconds", five): NOW + 600,
        ("claude_usage_forecast_ratio", five): 1.04,
        ("claude_usage_full_at_seconds", five): NOW + 300,
        ("claude_usage_observed_at_seconds", five): NOW - 90,
        ("claude_usage_observed_at_seconds", seven): NOW - 90,
        ("claude_usage_state_info", (("state", "rate_limited"),)): 1,
        ("claude_usage_plan_info", (("plan", "Max 5x"),)): 1,
        ("claude_usage_requests_total", ()): 7,
        ("claude_usage_errors_total", (("kind", "rate_limited"),)): 2,
        ("claude_usage_errors_total", (("kind", "unreachable"),)): 1,
        ("claude_usage_attempted_at_seconds", ()): NOW - 30,
        ("claude_usage_succeeded_at_seconds", ()): NOW - 90,
        ("claude_usage_spend_used", (("currency", "USD"),)): 50.9,
        ("claude_usage_spend_limit", (("currency", "USD"),)): 100,
        ("claude_usage_spend_utilization_ratio", ()): 0.509,
    }


def test_what_is_unknown_is_absent() -> None:
    """Before anything is known there is a state and a count of requests, and no number of use."""
    assert samples(overview(Snapshot())) == {
        ("claude_usage_state_info", (("state", "starting"),)): 1,
        ("claude_usage_requests_total", ()): 0,
    }


def test_a_window_that_lasts_has_no_moment_when_it_is_full() -> None:
    """An alert about a limit would have fired for a window that reaches its reset."""
    snapshot = full()
    snapshot.forecasts["five_hour"].full_at = None
    made = samples(overview(snapshot))
    assert ("claude_usage_forecast_ratio", (("window", "five_hour"),)) in made
    assert not [name for name, _ in made if "full_at" in name]


def test_a_share_without_amounts_and_money_that_is_used_up() -> None:
    """Only what is known has a metric; nothing left is 1 or more, whatever the amounts say."""
    snapshot = full()
    snapshot.spend = Spend(None, None, "USD", 2, 31.0, True, NOW)
    made = samples(overview(snapshot))
    assert [name for name, _ in made if "spend" in name] == ["claude_usage_spend_utilization_ratio"]
    snapshot.spend = Spend(572.0, 20500.0, "USD", 2, None, False, NOW, reached=True)
    made = samples(overview(snapshot))
    assert made["claude_usage_spend_utilization_ratio", ()] == 1
    assert made["claude_usage_spend_used", (("currency", "USD"),)] == 5.72


def test_the_document_names_every_metric() -> None:
    """docs/export.md and the program know the same metrics with the same labels."""
    rows = re.findall(r"^\| `(claude_\w+)` \| \w+ \| (?:`(\w+)`)? ?\|", DOCUMENT, re.MULTILINE)
    made = {(name, next(iter(dict(labels)), "")) for name, labels in samples(overview())}
    assert set(rows) == made


def test_the_document_names_every_column() -> None:
    """docs/export.md lists the columns in their order."""
    listed = DOCUMENT.partition("**csv**")[2].partition("as in the JSON")[0]
    assert tuple(re.findall(r"`(\w+)`", listed)) == export.COLUMNS


@given(distorted(CACHE))
def test_prometheus_reads_whatever_the_cache_holds(document: object) -> None:
    """From any cache comes text that the parser reads, with values that are numbers."""
    snapshot = Snapshot.from_json(document)
    if snapshot is not None:
        assert all(value == value for value in samples(overview(snapshot)).values())  # noqa: PLR0124


@given(distorted(CACHE))
def test_csv_is_read_back(document: object) -> None:
    """From any cache comes a header and a row a window, each field as it was, CRLF at the end."""
    snapshot = Snapshot.from_json(document) or Snapshot()
    made = overview(snapshot)
    text = export.as_csv(made).decode()
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [row["id"] for row in rows] == [row.window for row in made.rows]
    assert sorted(row["id"] for row in rows) == sorted(snapshot.windows)
    assert [row["used_pct"] for row in rows] == [
        "" if row.used_pct is None else str(row.used_pct) for row in made.rows
    ]


def test_csv_leaves_unknown_fields_empty() -> None:
    """A window past its reset has no use, one that is not running no reset."""
    _header, five, seven, opus = csv.reader(io.StringIO(export.as_csv(overview()).decode()))
    assert five[2:6] == ["61.5", "38.5", str(NOW + 600), "600"]
    assert seven[2:6] == ["0.0", "100.0", "", ""]
    assert opus[2:4] == ["", ""]
    assert opus[-1] == "True"


def test_json_is_the_view_of_show() -> None:
    """One view for both: what docs/show.json.md promises."""
    assert json.loads(export.as_json(overview())) == json.loads(json.dumps(overview().to_json()))


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_has_nothing_to_say() -> None:
    """Prometheus' own checker accepts the text and its names without a remark."""
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=metrics.as_prometheus(overview()),
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_metrics_of_claude_leave_other_agents_out() -> None:
    """A rule about `claude_usage_…` fired for a window of Codex's."""
    snapshot = full()
    seen = Observation("codex.five_hour", "Codex 5h", 99.0, NOW + 60, NOW - 90.0, "codex")
    snapshot.sources = {"codex": {seen.window: seen}}
    assert [each.window for each in overview(snapshot).rows][-1] == "codex.five_hour"
    assert samples(overview(snapshot)) == samples(overview())
