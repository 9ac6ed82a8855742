"""What cannot be done well is left alone, with the reason."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from statusline.system.environ import Environment
from statusline.system.programs import which
from tests.support.canary import Scratch
from tests.support.capabilities import SECOND_UID, needs_root, needs_second_uid
from tests.support.house import FILES, FOREIGN, LINES, SETTINGS, House, contents
from tests.support.launcher import make_launcher
from tests.support.program import package


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n  // mine\n  "a": 1\n}\n', "Line 2: there is a comment"),
        ('{\n  "a": 1,\n}\n', "Line 3: there is an extra comma"),
        ('{\n  "a": 1\n', "Line 3: the text ends too early"),
        ("\udcff{}", "Line 1: this is not UTF-8"),
    ],
)
def test_settings_that_are_no_json_are_left_alone(house: House, text: str, said: str) -> None:
    """I09: the error names file, line and fix; the other surfaces are wired all the same."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = path.read_bytes()
    done = house.run("install", "claude", "bash", "--yes")
    assert done.returncode == 1
    assert f"~/{FILES['claude']}: {said}" in done.stderr
    assert path.read_bytes() == before
    assert b"STATUSLINE_BIN" in (house.home / ".bashrc").read_bytes()
    house.ok("uninstall", "--all", "--yes")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[custom.claude]\ncommand = 'x'\n", "Remove or rename"),
        ("custom = {}\n", "inline table"),
        ("a = \n", "Line 1: this is not TOML"),
    ],
)
def test_a_starship_file_that_would_break_is_left_alone(house: House, text: str, said: str) -> None:
    """A table defined twice would cost the user the whole configuration."""
    path = house.home / FILES["starship"]
    path.parent.mkdir()
    path.write_text(text)
    done = house.run("install", "starship", "--yes")
    assert done.returncode == 1
    assert said in done.stderr
    assert path.read_text() == text


def test_a_starship_format_that_leaves_us_out_is_named(house: House) -> None:
    """Only the user can say where in a `format` of their own the module belongs."""
    path = house.home / FILES["starship"]
    path.parent.mkdir()
    path.write_text('format = "$directory$character"\n')
    assert "${custom.claude}" in house.ok("install", "starship", "--yes").stdout


@pytest.mark.parametrize("surface", FILES)
def test_a_read_only_file_is_left_alone(house: House, surface: str) -> None:
    """Whoever took the write bit away meant it; the error says how to give it back."""
    path = house.home / FILES[surface]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents(surface, "plain") or b"")
    path.chmod(0o444)
    tree = house.tree()
    done = house.run("install", surface, "--yes")
    assert done.returncode == 1
    assert "chmod u+w" in done.stderr
    assert house.tree() == tree
    house.ok("uninstall", "--all", "--yes")
    assert house.tree() == tree


@needs_root
@needs_second_uid
def test_a_read_only_directory_stops_one_file_and_no_other() -> None:
    """What cannot be replaced in one step stays; the record does not claim that it was."""
    _skip_unless_reached()
    with Scratch() as base:
        Path(base).chmod(0o755)
        _wire_in_a_read_only_directory(House(Path(base, "home"), make_launcher(Path(base, "bin"))))


def _skip_unless_reached() -> None:
    for needed in (package(), Path(sys.executable)):
        if any(above.stat().st_mode & 0o005 != 0o005 for above in needed.parents):
            pytest.skip("the second user cannot reach the program under test")


def _wire_in_a_read_only_directory(house: House) -> None:
    settings = house.home / FILES["claude"]
    settings.parent.mkdir()
    settings.write_bytes(SETTINGS + b"}")
    for path in (house.home, settings.parent, settings):
        os.chown(path, SECOND_UID, SECOND_UID)
        path.chmod(0o755 if path.is_dir() else 0o600)
    settings.parent.chmod(0o555)
    uid = str(SECOND_UID)
    drop = ("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups")
    done = house.run("install", "claude", "bash", "--yes", through=drop)
    assert done.returncode == 1
    assert "cannot be written: Permission denied" in done.stderr
    assert settings.read_bytes() == SETTINGS + b"}"
    assert b"STATUSLINE_BIN" in (house.home / ".bashrc").read_bytes()
    record = json.loads((house.home / ".local/share/statusline/installed.json").read_text())
    assert list(record["files"]) == [str(house.home / ".bashrc")]


@needs_root
@needs_second_uid
@pytest.mark.parametrize(("mode", "is_done"), [(0o644, True), (0o664, False)])
def test_a_group_that_its_owner_is_not_in_is_no_reason_to_refuse(
    mode: int, *, is_done: bool
) -> None:
    """A file that root had copied, and then given to its user, could not be changed by install."""
    _skip_unless_reached()
    with Scratch() as base:
        Path(base).chmod(0o755)
        house = House(Path(base, "home"), make_launcher(Path(base, "bin")))
        startup = house.home / ".bashrc"
        startup.write_text("# mine\n")
        for path in (house.home, startup):
            os.chown(path, SECOND_UID, SECOND_UID if path == house.home else 0)
        startup.chmod(mode)
        before = startup.read_bytes()
        drop = ("setpriv", "--reuid", str(SECOND_UID), "--regid", str(SECOND_UID), "--clear-groups")
        done = house.run("install", "bash", "--yes", through=drop)
        assert done.returncode == (not is_done), done.stderr
        assert (startup.read_bytes() != before) is is_done
        assert stat.S_IMODE(startup.stat().st_mode) == mode


def test_print_and_no_terminal_change_nothing(house: House) -> None:
    """`--print` only shows; without a terminal and without --yes nothing is done, exit 2."""
    (house.home / ".bashrc").write_bytes(LINES)
    tree = house.tree()
    shown = house.ok("install", "bash", "--print")
    assert "+# >>> statusline bash >>>" in shown.stdout
    done = house.run("install", "bash")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert house.tree() == tree


def test_the_diff_shows_control_characters_and_does_not_send_them(house: House) -> None:
    """A file may hold escape sequences; the terminal does not get them."""
    (house.home / ".bashrc").write_bytes(b"PS1='\x1b]0;x\x07'\n")
    assert "\x1b" not in house.ok("install", "bash", "--print").stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CLAUDE_CONFIG_DIR", "/a\nb"),
        ("CLAUDE_CONFIG_DIR", "relative"),
        ("STATUSLINE_CACHE_DIR", "/a\udcffb"),
        ("XDG_DATA_HOME", "/a\x1bb"),
    ],
)
def test_a_path_that_no_file_can_hold_is_refused(house: House, variable: str, value: str) -> None:
    """S27: a line end, a control character or a byte that is not UTF-8 is never written."""
    house.environment[variable] = value
    tree = house.tree()
    done = house.run("install", "tmux", "bash", "--yes")
    assert done.returncode == 1
    assert "Error: " in done.stderr
    assert house.tree() == tree


def test_a_variable_that_starship_would_compare_is_refused_too(house: House) -> None:
    """S27: what does not lead to the cache stands in starship's line all the same."""
    house.environment |= {"STATUSLINE_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/a\udcffb"}
    tree = house.tree()
    done = house.run("install", "starship", "--yes")
    assert "XDG_CACHE_HOME is not UTF-8" in done.stderr
    assert house.tree() == tree


def test_a_program_is_not_looked_for_in_the_working_directory(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S22: relative and empty entries of PATH offer nothing."""
    make_launcher(house.home / "relative")
    monkeypatch.chdir(house.home)
    for path in (".:relative", ":relative/", "./relative:"):
        assert which("statusline", Environment({"PATH": path})) is None
    absolute = Environment({"PATH": f"relative:{house.home}/relative"})
    assert which("statusline", absolute) == f"{house.home}/relative/statusline"


def test_a_damaged_record_is_refused_and_a_lost_one_survived(house: House) -> None:
    """Without a record the marks and the chain file still say what is ours."""
    path = house.home / FILES["claude"]
    path.parent.mkdir()
    path.write_bytes(FOREIGN)
    house.ok("install", "claude", "bash", "--yes")
    record = house.home / ".local/share/statusline/installed.json"
    record.write_text('{"schema": 1')
    assert "installed.json cannot be read" in house.run("uninstall", "--all", "--yes").stderr
    record.unlink()
    house.ok("uninstall", "--all", "--yes")
    assert json.loads(path.read_bytes()) == json.loads(FOREIGN)
    assert b"statusline" not in (house.home / ".bashrc").read_bytes()


def test_nothing_is_installed_for_another_user(house: House) -> None:
    """H04: root with somebody's HOME would leave its own files there."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    os.chown(house.home, SECOND_UID, SECOND_UID)
    done = house.run("install", "bash", "--yes")
    assert done.returncode == 1
    assert "without sudo" in done.stderr
    shutil.rmtree(house.home)
