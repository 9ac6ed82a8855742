"""`statusline install` and `uninstall` while their record cannot be saved, as on a full disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.house import FILES, LINES, House
from tests.support.launcher import make_launcher

DATA = ".local/share/statusline"
SAID = f"{DATA}/installed.json cannot be written"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A home with three files of its owner's."""
    home = House(tmp_path / "home", make_launcher(tmp_path / "bin"))
    for surface in ("tmux", "bash", "zsh"):
        home.write(FILES[surface], LINES.decode())
    return home


def fill_disk(house: House) -> Path:
    """Make the record one that cannot be written; return what is in the way."""
    path = house.home / DATA / ".installed.json.statusline-new"
    path.mkdir()
    return path


def test_uninstall_goes_on_and_says_what_it_did(house: House) -> None:
    """It would have caught the second file left alone, and a backup lost that the record named."""
    before = house.tree()
    house.ok("install", "tmux", "bash", "zsh", "--yes")
    backups = sorted((house.home / DATA / "backups").iterdir())
    obstacle = fill_disk(house)
    done = house.run("uninstall", "tmux", "bash", "--yes")
    assert done.returncode == 1
    assert done.stderr.count("Error: ") == 1
    assert SAID in done.stderr
    for surface in ("tmux", "bash"):
        assert f"Wrote ~/{FILES[surface]}" in done.stdout
        assert (house.home / FILES[surface]).read_bytes() == LINES
    assert sorted((house.home / DATA / "backups").iterdir()) == backups
    obstacle.rmdir()
    house.ok("uninstall", "--all", "--yes")
    assert house.tree() == before


def test_uninstalling_everything_needs_no_room(house: House) -> None:
    """It would have caught "cannot be written" of a record that is to be removed."""
    before = house.tree()
    house.ok("install", "tmux", "bash", "--yes")
    obstacle = fill_disk(house)
    house.ok("uninstall", "--all", "--yes")
    obstacle.rmdir()
    obstacle.parent.rmdir()
    for name, seen in before.items():
        assert house.seen(house.home / name) == seen
    assert not (house.home / DATA).exists()


def test_install_changes_no_file_that_it_could_not_record(house: House) -> None:
    """No file is changed whose way back is not kept, and no copy is left that nothing names."""
    house.ok("install", "tmux", "--yes")
    before = house.tree()
    obstacle = fill_disk(house)
    done = house.run("install", "bash", "zsh", "--yes")
    assert done.returncode == 1
    assert done.stderr.count("Error: ") == 1
    assert SAID in done.stderr
    assert "Wrote" not in done.stdout
    obstacle.rmdir()
    assert house.tree() == before
