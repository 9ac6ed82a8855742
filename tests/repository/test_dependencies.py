"""What pyproject.toml declares and what the code imports, compared in both directions."""

from __future__ import annotations

import ast
import functools
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(TEXT)["project"]
RUNTIME = PROJECT["dependencies"]
OPTIONAL = PROJECT["optional-dependencies"]
TEST = OPTIONAL["test"]
#: What only one verb needs.
EXTRAS = [*OPTIONAL["watch"], *OPTIONAL["prometheus"]]
OURS = {"statusline", "tests", "tools"}


def names(requirements: list[str]) -> set[str]:
    """The modules of these requirements; all of ours are named like their package."""
    return {Requirement(each).name.replace("-", "_") for each in requirements}


@functools.cache
def imported(folder: str) -> frozenset[str]:
    """What the code in a folder imports from elsewhere, anywhere in a file."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
    return frozenset(found - OURS - sys.stdlib_module_names)


def test_what_the_program_imports_is_declared() -> None:
    """It would have caught a verb that works on every machine but a newcomer's."""
    assert imported("statusline") - names(RUNTIME) - names(EXTRAS) == set()


def test_what_the_tests_import_is_declared() -> None:
    """It would have caught `packaging`, which came along with pytest by chance."""
    assert imported("tests") - names(RUNTIME) - names(EXTRAS) - names(TEST) == set()


def test_what_is_declared_is_imported_or_says_why() -> None:
    """It would have caught `urllib3`, which nothing imports and nothing explained."""
    ours = imported("statusline")
    anywhere = ours | imported("tests")
    for requirement in (*RUNTIME, *EXTRAS, *TEST):
        is_imported = names([requirement]) <= (anywhere if requirement in TEST else ours)
        reason = re.search(rf'^  "{re.escape(requirement)}",? *# (.+)$', TEXT, re.MULTILINE)
        assert is_imported is (reason is None), requirement


def test_each_requirement_is_declared_once() -> None:
    """An extra adds to what everyone gets; it does not repeat it."""
    declared = [Requirement(each).name for each in (*RUNTIME, *EXTRAS, *TEST)]
    assert len(declared) == len(set(declared))


def test_locks_are_taken_in_one_way() -> None:
    """It would have caught the two locks made by hand beside the one made with filelock.

    What a prompt or a list of token counts waits for cannot afford filelock, and takes the same
    lock of the kernel itself.
    """
    by_hand = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "statusline").rglob("*.py")
        if re.search(r"\b(?:flock|lockf)\(", path.read_text("utf-8"))
    }
    places = {"statusline/segment/chained_line.py", "statusline/system/directory_lock.py"}
    assert by_hand == places


#: Since when each is without a hole that was known at the end of 2026: what a redirect, a proxy
#: or .netrc was sent, archives that unpack without bound, links followed by a lock.
SOUND_SINCE = {"requests": "2.32.4", "urllib3": "2.7", "filelock": "3.20.3"}


@pytest.mark.parametrize("name", SOUND_SINCE)
def test_s29_no_release_with_a_known_hole_is_allowed(name: str) -> None:
    """A bound that is lowered to please an old system would let one back in."""
    (bound,) = [
        specifier
        for each in map(Requirement, RUNTIME)
        if each.name == name
        for specifier in each.specifier
    ]
    assert bound.operator == ">="
    assert Version(bound.version) >= Version(SOUND_SINCE[name])
