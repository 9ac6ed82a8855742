"""Arbitrary bytes wherever something comes in: nothing escapes, nothing false is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.conftest import ROOT
from tests.support import fuzzed, guided, mutated
from tests.support.figures import Note
from tests.support.fuzzed import TARGETS
from tests.support.patience import HANG_S

#: How many inputs a target gets on ordinary days; those that use files or many formats fewer.
EVERYDAY, EVERYDAY_SLOW = 120, 30
SLOW = frozenset({"stdin", "config", "history_rows", "history_file"})
#: A million inputs of a closing search: most where one takes a tenth of a millisecond, fewest
#: where it takes three.
CLOSING = {
    "login": 400_000,
    "transcript": 240_000,
    "quota": 20_000,
    "rollout": 20_000,
    "cache": 130_000,
    "stdin": 80_000,
    "api_body": 60_000,
    "claude_json": 30_000,
    "config": 10_000,
    "history_rows": 5_000,
    "history_file": 5_000,
}
#: How many of a target's inputs are guided by coverage, which takes five times as long.
GUIDED = 20_000
#: How long a part of it may take on a busy machine, in seconds.
CLOSING_S = 1800
#: A directory without a disk behind it, where there is one.
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None


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


@dataclass
class Search:
    """What a search came to: how many inputs it tried, and what broke."""

    tried: int
    broke: list[str]


def searched(target: str, count: int, directory: Path) -> Search:
    """Try so many inputs of one target: some guided by coverage, the others near what these were.

    Each part is a process of its own; a crash is kept in `directory`.
    """
    directory.mkdir()
    search = Search(0, [])
    guided_by = min(GUIDED, count // 2)
    for runs, how in ((guided_by, []), (count - guided_by, ["blind"])):
        words = [target, str(directory), str(runs), str(CLOSING_S), *how]
        with tempfile.TemporaryDirectory(prefix="statusline-fuzz-", dir=MEMORY) as home:
            done = subprocess.run(
                [sys.executable, "-m", "tests.support.guided", *words],
                env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": home},
                capture_output=True,
                text=True,
                errors="replace",
                timeout=CLOSING_S + HANG_S,
                check=False,
            )
        search.tried += guided.tried(done.stderr)
        crashes = [str(path) for path in directory.glob("*-*")]
        if done.returncode != 0 or crashes:
            search.broke = [f"{target}: {crashes}", done.stderr[-4000:]]
            break
    return search


@pytest.mark.full
@pytest.mark.timeout(2 * CLOSING_S)
def test_s30_m14_a_million_inputs_do_no_harm(tmp_path: Path, figure: Note) -> None:
    """All targets, guided by coverage where atheris is installed: seven minutes of a core."""
    found = []
    for target in TARGETS:
        found.append(searched(target, CLOSING[target], tmp_path / target))
        shutil.rmtree(tmp_path / target / "corpus", ignore_errors=True)  # it holds made-up tokens
    tried, escapes = sum(each.tried for each in found), [each.broke for each in found if each.broke]
    figure("M14", f"{tried:,} inputs, {len(escapes)} escapes")
    assert escapes == []
    assert tried >= sum(CLOSING.values())


@pytest.mark.control
def test_s30_a_search_sees_what_escapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Negative control: a search that always ends well would find nothing either."""
    monkeypatch.setattr(fuzzed, "is_search", False)
    monkeypatch.setitem(TARGETS, "login", lambda data: int(b"x" + data))
    with pytest.raises(ValueError, match="invalid literal"):
        guided.blindly("login", str(tmp_path), 9, 9.0)
    assert guided.tried(capsys.readouterr().err) == 1
    (kept,) = tmp_path.glob("crash-*")
    kept.unlink()  # it may hold a made-up token
