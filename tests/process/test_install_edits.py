"""`statusline uninstall` from files that their owner has changed meanwhile: only ours goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.examples import crossed
from tests.support.house import FILES, House
from tests.support.launcher import make_launcher

ENDS = [
    pytest.param(last, line_end)
    for last in ("whole", "without-line-end")
    for line_end in (b"\n", b"\r\n")
]
LINES = b"# mine\n\n# the end"
SETTINGS = b'{\n  "model": "opus",\n  "env": {}\n}'


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty home with a launcher beside it."""
    return House(tmp_path / "home", make_launcher(tmp_path / "bin"))


def write(house: House, name: str, data: bytes) -> Path:
    """A file in the home."""
    path = house.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("surface", "last", "line_end"), crossed(FILES, ENDS))
def test_a_file_that_was_edited_ends_as_before(
    house: House, surface: str, last: str, line_end: bytes
) -> None:
    """It would have caught a final newline that install added and uninstall left there."""
    text = (SETTINGS if surface == "claude" else LINES) + (b"\n" if last == "whole" else b"")
    text = text.replace(b"\n", line_end)
    path = write(house, FILES[surface], text)
    house.ok("install", surface, "--yes")
    for old, new in ((b"opus", b"sonnet"), (b"# mine", b"# my own")):
        assert b"statusline" in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old, new))
        text = text.replace(old, new)
    house.ok("install", surface, "--yes")
    path.write_bytes(path.read_bytes().replace(b"my own", b"ours"))
    house.ok("uninstall", surface, "--yes")
    assert path.read_bytes() == text.replace(b"my own", b"ours")


@pytest.mark.parametrize("order", [("zsh", "p10k"), ("p10k", "zsh")])
def test_two_blocks_leave_an_edited_file_in_any_order(house: House, order: tuple[str, str]) -> None:
    """The line end that came with the first block goes with whichever is left last."""
    path = write(house, ".zshrc", LINES)
    house.ok("install", "zsh", "p10k", "--yes")
    path.write_bytes(b"# first\n" + path.read_bytes())
    for surface in order:
        house.ok("uninstall", surface, "--yes")
    assert path.read_bytes() == b"# first\n" + LINES


@pytest.mark.parametrize("surface", FILES)
def test_what_others_wrote_into_a_file_that_install_made_stays(house: House, surface: str) -> None:
    """It would have caught a settings.json with everything in it removed after an upgrade."""
    house.ok("install", surface, "--yes")
    path = house.home / FILES[surface]
    if surface == "claude":
        path.write_text(json.dumps({**json.loads(path.read_text()), "model": "opus"}))
    else:
        path.write_bytes(path.read_bytes() + LINES)
    house.environment["STATUSLINE_BIN"] = str(make_launcher(house.home / "new"))
    house.ok("install", surface, "--yes")
    house.ok("uninstall", "--all", "--yes")
    assert path.read_bytes() == (b'{"model": "opus"}' if surface == "claude" else LINES)
    assert not (house.home / ".local/share/statusline").exists()


def test_a_file_that_install_made_and_others_emptied_goes(house: House) -> None:
    """It would have caught an old backup put into the place of a file that was removed since."""
    house.ok("install", "tmux", "--yes")
    path = house.home / FILES["tmux"]
    path.write_bytes(path.read_bytes() + LINES)
    house.environment["STATUSLINE_BIN"] = str(make_launcher(house.home / "new"))
    house.ok("install", "tmux", "--yes")
    path.unlink()
    house.ok("install", "tmux", "--yes")
    house.ok("uninstall", "tmux", "--yes")
    assert not path.exists()
