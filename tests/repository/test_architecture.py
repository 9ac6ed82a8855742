"""docs/architecture.md names every module and every file on disk, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.program import package

DOCUMENT = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")
PACKAGE = package()
#: What other programs load is none.
_PRINTED = {"hooks/printed"}
ROOMS = sorted(
    {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")} - _PRINTED
)


def rows(room: str) -> list[str]:
    """The files in the table of one room."""
    title = "### The root" if room == "." else f"### `{room}/`"
    _before, found, rest = DOCUMENT.partition(f"{title}\n")
    assert found, f"no section {title}"
    return re.findall(
        r"^\| `([\w.]+)` \|", re.split(r"^#", rest, flags=re.MULTILINE)[0], re.MULTILINE
    )


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_has_its_row(room: str) -> None:
    """42 of 101 modules were missing, and a row of one that is gone sends a reader astray."""
    modules = sorted(path.name for path in (PACKAGE / room).glob("*.py"))
    assert rows(room) == [name for name in modules if name != "__init__.py"]


def test_every_room_says_what_it_is() -> None:
    """A folder's docstring and its section say the same."""
    for room in ROOMS:
        text = (
            (PACKAGE / room / "__init__.py")
            .read_text("utf-8")
            .strip()
            .strip('"')
            .replace("``", "`")
        )
        assert room == "." or text in DOCUMENT


@pytest.mark.parametrize(
    "name",
    [
        *(
            "usage.json",
            "state.json",
            "history.sqlite3",
            "segment.SURFACE",
            "plan.json",
            "settings.json",
            "config",
        ),
        *(
            "lock",
            "now",
            "line.claude-PID",
            "spawn.N",
            ".tmp-*",
            "installed.json",
            "backups/",
            "chain-*",
        ),
        *("venv", "render.bundle"),
    ],
)
def test_files_on_disk_are_named(name: str) -> None:
    """Whoever finds a file of ours wants to know what it is."""
    assert f"| `{name}` |" in DOCUMENT.partition("## On disk")[2]
