"""A name server that says nothing, or something wrong: one deadline, and no token to a stranger."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.support import name_server
from tests.support.capabilities import needs_namespaces
from tests.support.patience import HANG_S

KINDS = {
    "silent": "unreachable",
    "servfail": "unreachable",
    "closed": "unreachable",
    "other-host": "certificate",
    "many": "unreachable",
}


@pytest.fixture(scope="module")
def found() -> dict[str, list[object]]:
    """What came of each case, on a machine of its own: kind, queries, connections."""
    done = subprocess.run(
        ["unshare", "-m", "-n", sys.executable, name_server.__file__],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers: dict[str, list[object]] = json.loads(done.stdout)
    return answers


@needs_namespaces
@pytest.mark.parametrize("case", [pytest.param(case, id=f"D03-{case}") for case in KINDS])
def test_a_bad_name_server_costs_one_answer(case: str, found: dict[str, list[object]]) -> None:
    """A lookup that hangs is over with the deadline, and its process ends; a stranger gets nothing.

    No timeout of requests covers a lookup: a silent resolver held it for 10 seconds and more.
    """
    kind, queries, connections = found[case]
    assert (kind, queries != 0) == (KINDS[case], True)
    assert connections == (["TCP"] if case == "other-host" else [])
