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
    "no-address": "unreachable",
    "closed": "unreachable",
    "other-host": "certificate",
    "many": "unreachable",
}


@needs_namespaces
@pytest.mark.parametrize("case", [pytest.param(case, id=f"D03-{case}") for case in KINDS])
def test_a_bad_name_server_costs_one_answer(case: str) -> None:
    """A lookup that hangs is over with the deadline, and its process ends; a stranger gets nothing.

    No timeout of requests covers a lookup: a silent resolver held it for 10 seconds and more.
    """
    done = subprocess.run(
        ["unshare", "-m", "-n", sys.executable, name_server.__file__, case],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    kind, queries, connections = json.loads(done.stdout)
    assert (kind, queries > 0) == (KINDS[case], True)
    assert connections == (["TCP"] if case == "other-host" else [])
