"""extras/prometheus against the program: rules, their tests and the dashboard name what exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from statusline.cli.export import FILE_NAME
from statusline.usage.messages import STATES
from tests.support.documents import ROOT, TEXTS

EXTRAS = ROOT / "extras" / "prometheus"
RULES = (EXTRAS / "claude_usage.rules.yml").read_text("utf-8")
EXPORTED = set(re.findall(r"^\| `(claude_\w+)` \|", TEXTS["export.md"], re.MULTILINE))
RECORDED = set(re.findall(r"^ +- record: (\S+)$", RULES, re.MULTILINE))
FILES = sorted(EXTRAS.iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_metric_that_is_named_is_exported(path: Path) -> None:
    """A metric under an old name makes a rule that never fires, and a panel that stays empty."""
    text = path.read_text("utf-8")
    named = set(re.findall(r"\b(?:window:)?claude_usage_\w+(?::\w+)?\b", text))
    assert named - EXPORTED - RECORDED == set()


def test_every_record_is_used() -> None:
    """Each is computed once a minute for as long as the rules are loaded."""
    others = "".join(path.read_text("utf-8") for path in FILES)
    for name in RECORDED:
        assert len(re.findall(rf"{name}\b", others)) > 1, name


def test_rules_name_states_that_there_are() -> None:
    """An alert for a state that was renamed is silent, and looks like all is well."""
    states = {
        state for found in re.findall(r'state=~?"([\w|]+)"', RULES) for state in found.split("|")
    }
    assert states
    assert states <= set(STATES)


def test_rules_look_for_the_file_that_is_written() -> None:
    """An alert about another file's age would never fire."""
    assert re.escape(FILE_NAME).replace("\\", "\\\\") in RULES


def test_every_alert_has_a_test() -> None:
    """A rule that promtool finds sound may still fire for nobody, or for everybody."""
    tested = (EXTRAS / "claude_usage.rules.test.yml").read_text("utf-8")
    for alert in re.findall(r"- alert: (\w+)", RULES):
        found = re.findall(rf"alertname: {alert}\n +eval_time: \S+\n +exp_alerts:(.*)", tested)
        assert {" []", ""} <= set(found), alert


def test_the_dashboard_is_one_of_grafanas() -> None:
    """Panels with one id, or without a place, are thrown away at import."""
    dashboard = json.loads((EXTRAS / "grafana.json").read_text("utf-8"))
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (column, row)
        for panel in panels
        for column in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for row in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(column for column, _row in cells) < 24
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}
