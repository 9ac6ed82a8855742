"""The whole command line in a venv that has what pyproject.toml asks for, and nothing else."""

from __future__ import annotations

import importlib.metadata
import subprocess
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from statusline.cli.verbs import VERBS
from tests.support import program
from tests.support.patience import HANG_S

ROOT = Path(__file__).parents[2]


def distributions(requirements: list[str]) -> Iterator[importlib.metadata.Distribution]:
    """What these requirements install without any extra, each once, found in this Python."""
    open_ends, seen = list(requirements), set()
    while open_ends:
        wanted = Requirement(open_ends.pop())
        left_out = wanted.marker is not None and not wanted.marker.evaluate({"extra": ""})
        if not left_out and wanted.name not in seen:
            seen.add(wanted.name)
            found = importlib.metadata.distribution(wanted.name)
            open_ends += found.requires or []
            yield found


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a venv with the package and its dependencies, as links to this one's."""
    directory = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(directory, with_pip=False)
    site = next(directory.glob("lib/python*/site-packages"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (site / "statusline").symlink_to(program.package())
    for found in distributions(project["dependencies"]):
        for name in {file.parts[0] for file in found.files or [] if file.parts[0] != ".."}:
            if name != "__pycache__":
                (site / name).symlink_to(Path(str(found.locate_file(name))))
    return directory / "bin" / "python"


def run(python: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the bare venv, isolated."""
    return subprocess.run(
        [python, "-I", "-m", "statusline", *words],
        env=program.environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )


@pytest.mark.parametrize("name", ["pytest", "hypothesis", "textual", "prometheus_client", "mypy"])
def test_the_venv_is_bare(python: Path, name: str) -> None:
    """The check itself: neither the test tools nor the extra can be imported there."""
    done = subprocess.run(
        [python, "-I", "-c", f"import {name}"], capture_output=True, timeout=HANG_S, check=False
    )
    assert b"ModuleNotFoundError" in done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_there(python: Path, tmp_path: Path, verb: str) -> None:
    """The help of each verb, here by its short name, loads all that the verb imports."""
    done = run(python, tmp_path, verb, "-h")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: statusline {verb}")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 0),
        (("show",), 0),
        (("show", "--json"), 0),
        (("watch", "--once"), 0),
        (("refresh",), 1),
        (("config", "check"), 0),
        (("config", "set", "width", "50"), 0),
        (("config", "init"), 0),
        (("guard", "--max", "90"), 3),
        (("export", "--format", "csv"), 0),
        (("export", "--format", "prometheus"), 1),
        (("completion", "bash"), 0),
        (("init", "bash"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_a_new_user_without_a_login(
    python: Path, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    """On a fresh HOME each verb ends with its documented exit code and without a traceback."""
    done = run(python, tmp_path, *words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr


def test_prometheus_format_says_how_to_get_it(python: Path, tmp_path: Path) -> None:
    """Whoever wants a status line had to install a library for metrics; now one sentence tells."""
    done = run(python, tmp_path, "export", "--format", "prometheus")
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install '.[prometheus]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_watch_says_how_to_get_it(python: Path, tmp_path: Path) -> None:
    """H10: without the extra one sentence with the command, exit code 1."""
    done = run(python, tmp_path, "watch")
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install '.[watch]'" in done.stderr
    assert done.stderr.count("\n") == 1
