"""extras/prometheus in the real programs: promtool's checks, and a Prometheus with two machines."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from statusline.usage.forecast import Forecast
from tests.e2e.prometheus import listening
from tests.support.documents import ROOT
from tests.support.patience import HANG_S, wait_until
from tests.support.profile import Profile, quiet_profile
from tests.support.real_line import fill, known

pytestmark = pytest.mark.full

EXTRAS = ROOT / "extras" / "prometheus"
#: Of the dashboard's panels those that have nothing to show in these homes.
EMPTY = ("claude_usage_errors_total", "claude_usage_spend", "utilization_ratio:at_reset")


def promtool(directory: Path, *words: str, data: bytes = b"") -> str:
    """What promtool says in extras/prometheus; it has to find nothing wrong."""
    done = subprocess.run(
        [str(directory / "promtool"), *words],
        cwd=EXTRAS,
        input=data,
        capture_output=True,
        timeout=HANG_S,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", "prometheus.yml"),
        ("test", "rules", "claude_usage.rules.test.yml"),
        ("check", "rules", "--lint=all", "--lint-fatal", "claude_usage.rules.yml"),
    ],
    ids=lambda words: "-".join(words[:2]),
)
def test_promtool_finds_nothing_wrong(prometheus_directory: Path, words: tuple[str, ...]) -> None:
    """A rule that does not parse takes a Prometheus down at its next restart."""
    promtool(prometheus_directory, *words)


class Machines:
    """Two homes as two machines' node_exporters show them, in one Prometheus."""

    def __init__(self, address: str, instances: dict[str, str]) -> None:
        self._address = address
        self.instances = instances

    def get(self, path: str, **parameters: str) -> Any:
        """What its API answers to one question."""
        said: list[bytes] = []

        def is_up() -> bool:
            with closing(HTTPConnection(self._address, timeout=HANG_S)) as connection:
                connection.request("GET", f"/api/v1/{path}?{urlencode(parameters)}")
                answer = connection.getresponse()
                said[:] = [answer.read()]
                return answer.status != HTTPStatus.SERVICE_UNAVAILABLE

        wait_until(is_up, "Prometheus")
        answer = json.loads(said[0])
        assert answer["status"] == "success", answer
        return answer["data"]

    def values(self, expression: str) -> dict[tuple[str, str], float]:
        """The value of each machine and window."""
        return {
            (self.instances[each["metric"]["instance"]], each["metric"].get("window", "")): float(
                each["value"][1]
            )
            for each in self.get("query", query=expression)["result"]
        }

    def wait_for(self, expression: str) -> dict[tuple[str, str], float]:
        """The same, once both machines have a value."""
        end_s = time.monotonic() + HANG_S
        while True:
            found = self.values(expression)
            if len({name for name, _window in found}) == len(self.instances):
                return found
            assert time.monotonic() < end_s, found
            time.sleep(0.1)


def machine(home: Path, used_pct: float, state: str) -> Profile:
    """A home that knows this use of the 5-hour window, and where it leads."""
    profile = quiet_profile(home)
    snapshot, now = known(), time.time()
    seen = snapshot.windows["five_hour"]
    seen.utilization_pct, seen.resets_at = used_pct, int(now) + 7200
    snapshot.forecasts["five_hour"] = Forecast(
        "five_hour", seen.resets_at, now, 1.3, 130.0, full=(now + 1800, None, None)
    )
    snapshot.state = state
    fill(profile.directory, snapshot)
    return profile


@pytest.fixture(scope="module")
def machines(
    prometheus_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machines]:
    """A Prometheus with the example's configuration, but for its targets and its intervals."""
    base = tmp_path_factory.mktemp("machines")
    homes = {
        "desk": machine(base / "desk", 61, "ok"),
        "laptop": machine(base / "laptop", 100, "ok"),
    }
    with ExitStack() as running:
        instances = {}
        config = (EXTRAS / "prometheus.yml").read_text()
        for name, profile in homes.items():
            textfiles = base / f"textfiles-{name}"
            textfiles.mkdir()
            words = ("export", "--format", "prometheus", "--textfile", str(textfiles))
            assert profile.run(*words).returncode == 0
            address = running.enter_context(
                listening(
                    str(prometheus_directory / "prometheus-node-exporter"),
                    "--web.listen-address=127.0.0.1:0",
                    "--collector.disable-defaults",
                    "--collector.textfile",
                    f"--collector.textfile.directory={textfiles}",
                )
            )
            instances[address] = name
            assert f"{name}.example:9100" in config
            config = config.replace(f"{name}.example:9100", address)
        config = config.replace("_interval: 1m", "_interval: 1s")
        config = config.replace("claude_usage.rules.yml", f"{EXTRAS}/claude_usage.rules.yml")
        (base / "prometheus.yml").write_text(config)
        address = running.enter_context(
            listening(
                str(prometheus_directory / "prometheus"),
                f"--config.file={base}/prometheus.yml",
                f"--storage.tsdb.path={base}/data",
                "--web.listen-address=127.0.0.1:0",
            )
        )
        yield Machines(address, instances)


def test_two_machines_stand_side_by_side(machines: Machines) -> None:
    """What two homes export is one series each, told apart by `instance`."""
    found = machines.wait_for("window:claude_usage_utilization_ratio:now")
    assert found["desk", "five_hour"] == 0.61
    assert found["laptop", "five_hour"] == 1
    assert found["desk", "seven_day"] == found["laptop", "seven_day"] == 0.22
    age = machines.wait_for("window:claude_usage_age_seconds:now")
    assert all(0 <= value < HANG_S for value in age.values())


def test_the_one_that_has_reached_its_limit_is_told(machines: Machines) -> None:
    """An alert that compares series of different labels would never fire, in no checker's eyes."""
    machines.wait_for("window:claude_usage_utilization_ratio:now")
    end_s = time.monotonic() + HANG_S
    while not (alerts := machines.get("alerts")["alerts"]):
        assert time.monotonic() < end_s
        time.sleep(0.1)
    assert {
        (each["labels"]["alertname"], machines.instances[each["labels"]["instance"]])
        for each in alerts
    } == {("ClaudeUsageLimitReached", "laptop")}
    groups = machines.get("rules")["groups"]
    assert {rule["health"] for group in groups for rule in group["rules"]} == {"ok"}


def test_node_exporter_tells_when_the_file_was_written(machines: Machines) -> None:
    """The alert for a cron that has stopped goes by a metric of node_exporter's, and its label."""
    of_ours = 'time() - node_textfile_mtime_seconds{file=~".*/claude_usage\\\\.prom"}'
    assert all(0 <= age < HANG_S for age in machines.wait_for(of_ours).values())


def test_every_panel_of_the_dashboard_shows_something(machines: Machines) -> None:
    """A panel with a metric that nobody exports stays empty, and looks like no use."""
    machines.wait_for("window:claude_usage_utilization_ratio:now")
    dashboard = json.loads((EXTRAS / "grafana.json").read_text())
    expressions = [each["expr"] for panel in dashboard["panels"] for each in panel["targets"]]
    assert len(expressions) >= len(dashboard["panels"])
    for expression in expressions:
        found = machines.get("query", query=expression.replace("$instance", ".*"))
        assert found["result"] or any(name in expression for name in EMPTY), expression


def test_promtool_has_no_remark_on_what_is_exported(
    prometheus_directory: Path, tmp_path: Path
) -> None:
    """Names, types and help texts as Prometheus wants them."""
    profile = machine(tmp_path, 61, "unauthorized")
    made = profile.run("export", "--format", "prometheus").stdout
    assert "claude_usage_full_at_seconds{" in made
    assert promtool(prometheus_directory, "check", "metrics", data=made.encode()) == ""
