"""Arbitrary bytes wherever something comes in: nothing escapes, nothing false is kept."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.conftest import ROOT
from tests.support import mutated
from tests.support.fuzzed import TARGETS
from tests.support.patience import HANG_S

#: How many inputs a target gets on ordinary days; those that use files or many formats fewer.
EVERYDAY, EVERYDAY_SLOW = 120, 30
SLOW = frozenset({"stdin", "history_rows", "history_file"})
#: All inputs of a closing search, and how long one target may take of it.
CLOSING, CLOSING_S = 1_000_000, 900


def escapes(target: str, data: bytes, kept: Path) -> str:
    """What broke when `target` got `data`, which is `kept` then; "" where all is well."""
    try:
        TARGETS[target](data)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is one too many
        kept.write_bytes(data)
        return f"{type(error).__name__}: {error}: input in {kept}"
    return ""


@pytest.mark.parametrize("target", TARGETS)
def test_s30_no_input_does_harm(target: str, tmp_path: Path) -> None:
    """The same inputs each day, near sound ones: most of a search's finds come up at once."""
    random = Random(target)
    sound = mutated.seeds(target)
    count = EVERYDAY_SLOW if target in SLOW else EVERYDAY
    tried = sound + [mutated.mutate(random.choice(sound), random) for _ in range(count)]
    said = (escapes(target, data, tmp_path / str(n)) for n, data in enumerate(tried))
    assert list(filter(None, said)) == []


CRASHES = sorted(path for path in mutated.CRASHES.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_s30_what_crashed_once_does_not_again(path: Path, tmp_path: Path) -> None:
    """Each input that a search has found, in the directory of its target."""
    assert escapes(path.parent.name, path.read_bytes(), tmp_path / "again") == ""


@pytest.mark.full
@pytest.mark.parametrize("target", TARGETS)
def test_s30_a_search_finds_nothing(target: str, tmp_path: Path) -> None:
    """A million inputs over all targets, guided by coverage where atheris is installed."""
    if importlib.util.find_spec("atheris") is None:
        _search_blindly(target, tmp_path / "crash")
        return
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.support.guided", target, str(tmp_path)),
            *(str(CLOSING // len(TARGETS)), str(CLOSING_S)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=CLOSING_S + HANG_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def _search_blindly(target: str, kept: Path) -> None:
    random = Random()
    sound = mutated.seeds(target)
    end_s = time.monotonic() + CLOSING_S
    for _ in range(CLOSING // len(TARGETS)):
        data = mutated.mutate(random.choice(sound), random)
        assert escapes(target, data, kept) == ""
        if time.monotonic() > end_s:
            return
