"""What holds for every test: no real account in reach, the installed package, honest skips."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
_ACCOUNT_PREFIXES = ("ANTHROPIC_", "CLAUDE", "STATUSLINE_", "XDG_")
_TERMINAL_NAMES = frozenset({"COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TMUX", "TMUX_PANE"})


def _let_the_installed_package_win() -> None:
    """Puts the checkout last on sys.path: `tests.support` is found, nothing is shadowed."""
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != ROOT]
    sys.path.append(str(ROOT))


_let_the_installed_package_win()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--full`, which runs the closing loads and counts too."""
    parser.addoption("--full", action="store_true", help="run the closing loads and counts too")


def pytest_configure(config: pytest.Config) -> None:
    """Hides the real account and terminal; lets everyday runs try the same examples each time.

    A throw-away HOME, no variable that leads to a token. Only `--full` searches for new failures.
    """
    is_full = config.getoption("--full")
    hypothesis.settings.register_profile("statusline", derandomize=not is_full, database=None)
    hypothesis.settings.load_profile("statusline")
    for name in list(os.environ):
        if name.startswith(_ACCOUNT_PREFIXES) or name in _TERMINAL_NAMES:
            del os.environ[name]
    home = tempfile.TemporaryDirectory(prefix="statusline-home-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    os.environ["HOME"] = home.name


def pytest_report_header() -> str:
    """Says which `statusline` is tested."""
    import statusline

    return f"statusline: {statusline.__version__} from {Path(statusline.__file__).parent}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skips tests marked `full` unless `--full` was given."""
    if config.getoption("--full"):
        return
    skip = pytest.mark.skip(reason="a closing load or count: tests/run --full")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints which cases were skipped and why, one reason after the other."""
    cases_by_reason: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            reason = str(report.longrepr[2]).removeprefix("Skipped: ")
            cases_by_reason.setdefault(reason, []).append(report.nodeid)
    if not cases_by_reason:
        terminalreporter.write_line("skipped: none")
    for reason, cases in sorted(cases_by_reason.items()):
        terminalreporter.section(f"skipped {len(cases)}: {reason}", sep="-")
        for case in sorted(cases):
            terminalreporter.write_line(case)
