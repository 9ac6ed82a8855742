"""The oldest releases that pyproject.toml allows, asked of a public list of known holes."""

from __future__ import annotations

import importlib.util
import itertools
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.patience import HANG_S

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
#: No program of its own, and no list of packages that pip would have to fetch.
QUIET = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")


def auditor() -> list[str]:
    """The command that runs pip-audit; skips where there is none."""
    if importlib.util.find_spec("pip_audit"):
        return [sys.executable, "-m", "pip_audit"]
    found = shutil.which("pip-audit")
    if found is None:
        pytest.skip("pip-audit is not installed")
    return [found]


@pytest.mark.full
def test_s29_no_oldest_release_that_is_allowed_has_a_known_hole(tmp_path: Path) -> None:
    """S29: a hole that was published after the bound was chosen; where the list can be reached."""
    project = PROJECT["project"]
    extras = [project["optional-dependencies"][name] for name in ("prometheus", "watch")]
    wanted = [*project["dependencies"], *itertools.chain(*extras)]
    bounds = [(each.name, next(iter(each.specifier)).version) for each in map(Requirement, wanted)]
    listed = tmp_path / "requirements.txt"
    listed.write_text("".join(f"{name}=={version}\n" for name, version in bounds))
    done = subprocess.run(
        [*auditor(), "-r", str(listed), *QUIET, "--timeout", "10"],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    try:
        found = json.loads(done.stdout)["dependencies"]
    except ValueError:
        pytest.skip("the list of known holes cannot be reached")
    if any("skip_reason" in each for each in found):  # a mirror that knows no holes says 404
        pytest.skip("the list of known holes does not know every package")
    assert len(found) == len(bounds)
    assert {each["name"]: each["vulns"] for each in found if each["vulns"]} == {}
