"""Several programs that make the same database at the same moment: all of them may use it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.support.patience import HANG_S
from tests.support.program import package

#: In each round some processes open a database that is not there yet, and say what came of it.
CROWD = """
import os, sys
sys.path.insert(0, sys.argv[1])
from statusline.database import access, place
from statusline.tokens.schema import TOKENS
base, rounds, way = sys.argv[2], int(sys.argv[3]), sys.argv[4]

def make_alone(directory, kind):
    try:
        place.check(directory, kind)
    except place.DatabaseError:
        os.close(os.open(place.path_in(directory, kind), os.O_CREAT | os.O_EXCL, 0o600))
        return True
    return False

def come(directory):
    try:
        access.open_to_write(directory, 10.0, TOKENS).close()
    except place.DatabaseError as error:
        return error.trouble
    return "open"

if way == "alone":
    place.make = make_alone
for number in range(rounds):
    directory = f"{base}/{number}"
    os.mkdir(directory)
    gate, opener = os.pipe()
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.read(gate, 1)
            os.write(1, f"{come(directory)}\\n".encode())
            os._exit(0)
        children.append(child)
    os.close(gate)
    os.close(opener)
    for child in children:
        os.waitpid(child, 0)
"""


def crowd(base: Path, way: str) -> Counter[str]:
    """Let six processes make each of 50 databases, and count what came of it."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", CROWD, str(package().parent), str(base), "50", way],
        capture_output=True,
        timeout=HANG_S,
        check=True,
        text=True,
    )
    assert not done.stderr
    return Counter(done.stdout.split())


def test_all_that_make_a_database_at_once_may_use_it(tmp_path: Path) -> None:
    """`tokens` failed with "File exists" beside another that made the index as well."""
    found = crowd(tmp_path, "together")
    assert found.total() == 300
    assert found.keys() <= {"open", "busy"}  # whoever finds it busy comes again
    assert found["open"] >= 50


def test_a_maker_that_thinks_it_is_alone_is_seen(tmp_path: Path) -> None:
    """Negative control: processes that do not make it at the same moment would prove nothing."""
    assert crowd(tmp_path, "alone")["failed"]
