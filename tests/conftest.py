"""What holds for every test: no real account in reach, the installed package, honest skips."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

ROOT = Path(__file__).resolve().parent.parent
#: All that tests see of this machine's variables: where programs lie, and how to fetch one.
_SEEN = frozenset(
    {"CI", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "SOAK_MINUTES"}
)
_SEEN_PREFIXES = ("PIP_", "NPM_", "PYTEST", "PYTHON", "COVERAGE_", "REWRITE_")
_SEEN_SUFFIXES = ("_PROXY", "_CA_BUNDLE")
_LONGEST = frozenset(
    f"test_{name}.py"
    for name in (
        *("install_script", "uninstall_script", "install_surfaces", "single_flight"),
        *("layout", "format", "dashboard", "app", "config_edit", "line_mutations", "line_branch"),
        *("claude_code", "claude_code_idle", "simulated_day"),
    )
)
_FIXED = {"LANG": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color", "SHELL": "/bin/sh"}


def _keep_rewritten_tests() -> None:
    """Lets pytest keep its own form of the test files, beside the interpreter that runs them.

    Else each worker makes it anew, which takes 10 s of a core; `tests/run` makes it beforehand.
    """
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(sys.prefix) / "tests-pycache")


def _let_the_installed_package_win() -> None:
    """Puts the checkout last on sys.path: `tests.support` is found, nothing is shadowed."""
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != ROOT]
    sys.path.append(str(ROOT))


_let_the_installed_package_win()
_keep_rewritten_tests()

# Found where that has put it.
from tests.support import examples as number_of  # noqa: E402
from tests.support.canary_watch import CanaryWatch  # noqa: E402
from tests.support.figures import FIGURES, PROPERTY  # noqa: E402
from tests.support.report import Report  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--full`, which runs the closing loads and counts too."""
    parser.addoption("--full", action="store_true", help="run the closing loads and counts too")
    parser.addoption("--canary", action="store_true", help="search for secrets that show")
    parser.addoption("--report", type=Path, help="write what was measured into this file")


def pytest_configure(config: pytest.Config) -> None:
    """Hides this machine and its account; lets everyday runs try the same examples each time.

    A throw-away HOME and working directory, no variable but those that are the same everywhere
    and those that lead to the tools. Only `--full` searches for new failures.
    """
    is_full = bool(config.getoption("--full"))
    number_of.is_full = is_full
    hypothesis.settings.register_profile(
        "statusline",
        derandomize=not is_full,
        max_examples=number_of.examples(),
        database=None,
        deadline=None,  # an example took 0.3 s once, since the machine was busy
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("statusline")
    set_hypothesis_home_dir(Path(sys.prefix) / "tests-hypothesis")
    for name in list(os.environ):
        if not _is_seen(name.upper()):
            del os.environ[name]
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join(dict.fromkeys(filter(os.path.isabs, path)))
    os.environ |= _FIXED
    time.tzset()
    os.umask(0o022)
    home = tempfile.TemporaryDirectory(prefix="statusline-home-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    os.environ["HOME"] = home.name
    watch = CanaryWatch(config) if is_full or config.getoption("--canary") else None
    if watch is not None:
        config.pluginmanager.register(watch)
    path = config.getoption("--report")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(path.absolute(), is_full=is_full, watch=watch))


def _is_seen(name: str) -> bool:
    return (
        name in _SEEN
        or name == "PATH"
        or name.startswith(_SEEN_PREFIXES)
        or name.endswith(_SEEN_SUFFIXES)
    )


@pytest.fixture(scope="session", autouse=True)
def _home_as_working_directory() -> None:
    """No test relies on where it was started; nothing that one leaves lies in the checkout."""
    os.chdir(os.environ["HOME"])


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hands over what a test has measured: the figure's id, and the value in words."""

    def note(name: str, value: str) -> None:
        assert name in FIGURES
        request.node.user_properties.append((PROPERTY, (name, value)))

    return note


def pytest_report_header() -> str:
    """Says which `statusline` is tested."""
    import statusline

    return f"statusline: {statusline.__version__} from {Path(statusline.__file__).parent}"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Makes hypothesis' tables of Unicode, which it keeps beside the interpreter.

    Else each worker makes them anew, which takes 2 s of a core; `tests/run` collects beforehand.
    """
    if session.config.getoption("collectonly"):
        hypothesis.strategies.text().validate()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skips tests marked `full` unless `--full` was given; puts the longest files first.

    A long file that began last would keep one worker busy after all others have ended.
    """
    items.sort(key=lambda item: item.path.name not in _LONGEST)
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
