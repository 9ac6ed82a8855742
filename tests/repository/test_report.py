"""What `tests/run --report` writes is what the tests have seen."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, cast

import pytest

from tests.support import canary, cases
from tests.support.canary_watch import CanaryWatch
from tests.support.figures import FIGURES, PROPERTY
from tests.support.report import CONTROL, Report

ROWS = cases.rows(cases.page())


def done(
    test: str, outcome: Literal["passed", "failed", "skipped"], *marks: str, **more: Any
) -> pytest.TestReport:
    """What pytest says of one test."""
    why = ("file.py", 1, "Skipped: needs tmux") if outcome == "skipped" else None
    marked: dict[str, Literal[1]] = dict.fromkeys(marks, 1)
    when: Literal["setup", "call"] = "setup" if outcome == "skipped" else "call"
    return pytest.TestReport(f"tests/{test}", ("", 0, ""), marked, outcome, why, when, **more)


def written(path: Path, *reports: pytest.TestReport, watch: CanaryWatch | None = None) -> str:
    """The file that comes of these."""
    report = Report(path / "written", is_full=False, watch=watch)
    for each in reports:
        report.pytest_runtest_logreport(each)
    report.pytest_sessionfinish()
    return (path / "written").read_text("utf-8")


def test_every_figure_of_the_page_can_be_written_down() -> None:
    """A figure that nobody can hand over would never be in the table, and two had no row."""
    assert {name for name in ROWS if name.startswith("M")} == FIGURES.keys()


def test_m13_what_the_watch_has_seen_is_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that showed in a file of a worker's, or on a screen, would not have been counted."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "kept").write_text(canary.token("control"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    output: dict[str, Any] = {}
    worker = CanaryWatch(
        cast("pytest.Config", SimpleNamespace(workerinput={}, workeroutput=output))
    )
    worker.shown.append("what a test printed")
    worker.pytest_sessionfinish(cast("pytest.Session", None))
    (tmp_path / "home" / "kept").unlink()  # or the watch of this run would find it
    (tmp_path / "base").mkdir()
    below = SimpleNamespace(getbasetemp=lambda: tmp_path / "base")
    watch = CanaryWatch(cast("pytest.Config", SimpleNamespace(_tmp_path_factory=below)))
    watch.pytest_testnodedown(SimpleNamespace(workeroutput=output))
    session = SimpleNamespace(exitstatus=0)
    watch.pytest_sessionfinish(cast("pytest.Session", session))
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert "| 2 hits; searched 1 files in " in written(tmp_path, watch=watch)


def test_a_report_has_figures_cases_and_controls(tmp_path: Path) -> None:
    """A value that is lost, a case that is said to have run and did not, a control left out."""
    (name, tests), (other, others), *_rest = (each for each in ROWS.items() if len(each[1]) == 1)
    measured = next(iter(FIGURES))
    properties: Any = [(PROPERTY, (measured, "0 of 10,000"))]
    text = written(
        tmp_path,
        *(done(f"{test}[a]", "passed", user_properties=properties) for test in tests),
        *(done(f"{test}[b]", "skipped") for test in tests),
        *(done(test, "skipped") for test in others),
        done("process/test_it.py::test_that_it_sees", "passed", CONTROL),
    )
    assert f"| {measured} | " in text
    assert "| 0 of 10,000 |" in text
    assert "- `process/test_it.py::test_that_it_sees`: passed" in text
    (line,) = (line for line in text.splitlines() if line.startswith("- needs tmux: "))
    assert other in line
    assert f" {name}," not in text.partition("## Cases")[2]
    assert f" of {len(ROWS) + len(cases.reasons(cases.page()))} ran" in text


def test_a_case_that_failed_is_told_first_of_all(tmp_path: Path) -> None:
    """Other tests of the same case may have passed."""
    name, tests = next(each for each in ROWS.items() if len(each[1]) > 1)
    first, *others = sorted(tests)
    reports = [done(first, "failed"), *(done(test, "passed") for test in others)]
    assert f"- **{name} failed**" in written(tmp_path, *reports)
