"""The canary of a whole run of the tests: a plugin of pytest that looks for the mark everywhere.

After each test: in what its processes printed, what it showed on a screen, and what was logged.
While they run: in every argv and environment. At the end: in every file below the run's
temporary directories, which pytest keeps until then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from . import canary

ROOT = Path(__file__).parents[2]


class CanaryWatch:
    """What is looked for in one process of pytest's, and told at the end by the first of them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._processes: subprocess.Popen[str] | None = None
        self.hits: list[str] = []
        self.shown: list[str] = []
        self.count = 0
        self.lines: list[str] = []

    @property
    def figure(self) -> str:
        """What came of the whole run, in words: how often a secret shows, and what was searched."""
        return f"{len(self.hits) + len(self.shown)} hits; searched {', '.join(self.lines)}"

    def pytest_sessionstart(self) -> None:
        """Listen to every process that a test starts, and look at all there are."""
        _listen()
        if not self._is_worker and sys.platform == "linux":
            self._processes = subprocess.Popen(
                [sys.executable, "-m", "tests.support.canary_processes"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                text=True,
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A test that leaks fails, when it has been taken down."""
        report = yield
        if call.when == "teardown":
            for name, text in report.sections:
                canary.notice(text, name)
            if canary.noticed:
                report.outcome = "failed"
                report.longrepr = "a made-up secret shows:\n" + "\n".join(canary.noticed)
                self.shown += canary.noticed
                canary.noticed.clear()
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has found in its home, and what its tests have shown."""
        hits, shown, count = getattr(node, "workeroutput", {}).get("canary", ([], [], 0))
        self.hits += hits
        self.shown += shown
        self.count += count

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Search what is left; one hit fails the run."""
        self._search(os.environ["HOME"])
        if self._is_worker:
            told = (self.hits, self.shown, self.count)
            self._config.workeroutput["canary"] = told  # type: ignore[attr-defined]
            return
        began_s = time.monotonic()
        self._search(self._config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]
        self.lines = [f"{self.count} files in {time.monotonic() - began_s:.1f} s"]
        self._ask_processes()
        if self.hits:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _search(self, tree: str | os.PathLike[str]) -> None:
        hits, count = canary.search(tree)
        self.hits += hits
        self.count += count

    def _ask_processes(self) -> None:
        if self._processes is None:
            return
        told = json.loads(self._processes.communicate()[0])
        self.hits += told["hits"]
        count = f"{told['count']} processes, {told['refreshers']} of them refreshers"
        self.lines.append(f"{count}, in {told['cpu_s']:.1f} s")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was searched, and where the mark was."""
        terminalreporter.write_line(f"canary: {self.figure}")
        for hit in self.hits:
            terminalreporter.write_line(f"a made-up secret shows: {hit}", red=True)


def _listen() -> None:
    """Look at everything that a process of a test prints into pipes, also a tmux's screens."""
    plain = subprocess.Popen.communicate

    def communicate(self: subprocess.Popen[Any], *words: Any, **named: Any) -> Any:
        printed = plain(self, *words, **named)
        for text in printed:
            canary.notice(text, f"what {self.args!s:.200} printed")
        return printed

    subprocess.Popen.communicate = communicate  # type: ignore[method-assign]
