"""No test fails because the machine is slow: whatever waits is bounded by one hang bound."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.support.patience import FOREVER_S, HANG_S

#: A number of seconds in place of HANG_S, and a statement about how long something took.
SPEED = re.compile(
    r"\btimeout=\d|\.(?:wait|communicate)\(\d|^ *assert .*(?:monotonic|perf_counter).*[<>] ?\d",
    re.MULTILINE,
)


def test_a_wait_is_bounded_by_the_hang_bound_alone() -> None:
    """CI was red through bounds of 5 s and 10 s that hold on a machine with nothing else to do."""
    found = [
        f"{path.relative_to(ROOT)}: {match[0].strip()}"
        for folder in ("unit", "http", "process", "shells", "e2e", "support")
        for path in sorted((ROOT / "tests" / folder).glob("*.py"))
        if path.name != "test_patience.py"
        for match in SPEED.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_a_test_outlives_every_wait_in_it(pytestconfig: pytest.Config) -> None:
    """Or pytest would end it before the wait could say what it waited for."""
    assert HANG_S < float(pytestconfig.getini("timeout")) < FOREVER_S
