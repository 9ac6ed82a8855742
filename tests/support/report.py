"""``tests/run --report FILE``: what was measured, which cases ran, what proves that tests see."""

from __future__ import annotations

import os
import platform
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import cases
from tests.support.canary_watch import CanaryWatch
from tests.support.figures import FIGURES, PROPERTY

#: The mark of a test that shows that another one can fail.
CONTROL = "control"


class Report:
    """A pytest plugin that writes one Markdown file at the end of the run."""

    def __init__(self, path: Path, *, is_full: bool, watch: CanaryWatch | None = None) -> None:
        self._path = path
        self._is_full = is_full
        self._watch = watch
        self._begun_s = time.monotonic()
        self._outcomes: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._figures: dict[str, list[str]] = defaultdict(list)
        self._controls: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in what became of a step of a test."""
        test = report.nodeid.partition("[")[0].removeprefix("tests/")
        if report.when == "call" or report.outcome != "passed":
            self._add(test, report)
        if report.when == "call":
            noted: list[Any] = [value for name, value in report.user_properties if name == PROPERTY]
            for name, value in noted:
                self._figures[name].append(value)
            if CONTROL in report.keywords:
                self._controls[test] = self._outcomes[test]

    def _add(self, test: str, report: pytest.TestReport) -> None:
        """Of a test with several cases a failure counts most, then whatever has run."""
        order = ("skipped", "passed", "failed")
        known = self._outcomes.get(test, "skipped")
        self._outcomes[test] = max(known, report.outcome, key=order.index)
        if report.skipped and isinstance(report.longrepr, tuple):
            self._reasons[test] = str(report.longrepr[2]).removeprefix("Skipped: ")

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        self._path.write_text("\n".join(self._lines()) + "\n", encoding="utf-8")

    def _lines(self) -> Iterator[str]:
        count = len(self._outcomes)
        failed = sum(outcome == "failed" for outcome in self._outcomes.values())
        minutes, seconds = divmod(round(time.monotonic() - self._begun_s), 60)
        yield "# Report"
        yield ""
        yield f"`tests/run{' --full' if self._is_full else ''}`: {count} tests, {failed} failed,"
        yield f"{minutes} min {seconds} s; {platform.system()}, Python {platform.python_version()},"
        yield f"{os.cpu_count()} cores, {'root' if os.getuid() == 0 else 'a plain user'}."
        yield from self._figure_table()
        yield from self._case_table()
        yield from self._control_table()

    def _figure_table(self) -> Iterator[str]:
        yield from ("", "## Figures", "", "| | figure | bar | measured |", "|---|---|---|---|")
        ran, known = self._ran()
        measured = {**self._figures, "M15": [f"{ran} of {known}"]}
        if self._watch is not None:
            measured["M13"] = [self._watch.figure]
        for name, (what, bar) in FIGURES.items():
            values = "; ".join(sorted(set(measured.get(name, ())))) or "not in this run"
            yield f"| {name} | {what} | {bar} | {values} |"

    def _ran(self) -> tuple[int, int]:
        rows = cases.rows(cases.page())
        ran = [name for name, tests in rows.items() if self._state(tests) in ("passed", "failed")]
        return len(ran), len(rows) + len(cases.reasons(cases.page()))

    def _state(self, tests: set[str]) -> str:
        """Return what became of a case that these tests hold."""
        outcomes = {self._outcomes.get(test, "not in this run") for test in tests}
        for state in ("failed", "passed", "skipped"):
            if state in outcomes:
                return state
        return "not in this run"

    def _case_table(self) -> Iterator[str]:
        ran, known = self._ran()
        yield from ("", "## Cases", "", f"{ran} of {known} ran. The others:", "")
        others: dict[str, list[str]] = defaultdict(list)
        for name, tests in sorted(cases.rows(cases.page()).items()):
            state = self._state(tests)
            if state == "failed":
                yield f"- **{name} failed**"
            elif state != "passed":
                reasons = sorted({self._reasons[test] for test in tests if test in self._reasons})
                others["; ".join(reasons) or state].append(name)
        others["no test can show it"] = sorted(cases.reasons(cases.page()))
        for why, names in sorted(others.items()):
            yield f"- {why}: {', '.join(names)}"

    def _control_table(self) -> Iterator[str]:
        yield from ("", "## Negative controls", "")
        yield "Tests that break something on purpose and see that it is noticed:"
        yield ""
        for test, outcome in sorted(self._controls.items()):
            yield f"- `{test}`: {outcome}"
