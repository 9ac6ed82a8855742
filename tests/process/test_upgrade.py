"""Up and down again by two versions: what is kept is read, brought up to date, never destroyed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from statusline.database import access
from statusline.database.place import DatabaseError, Kind
from statusline.history import store
from statusline.history.schema import HISTORY
from statusline.segment import active_settings
from statusline.settings.settings import SETTINGS_SCHEMA
from statusline.system.environ import Environment
from statusline.tokens.schema import TOKENS
from statusline.wiring import record
from statusline.wiring.installation import WiringError
from tests.support.capabilities import needs_strace
from tests.support.killed import MINE, keep, kill_at_each, later
from tests.support.profile import quiet_profile

KINDS = {"history": HISTORY, "tokens": TOKENS}
#: One thing that is kept in each, and how it is found again.
MINE_IN = {
    "history": "INSERT INTO accounts (mark) VALUES ('mine')",
    "tokens": "INSERT INTO names (name) VALUES ('mine')",
}
KEPT = {
    "history": "SELECT id FROM accounts WHERE mark = 'mine'",
    "tokens": "SELECT id FROM names WHERE name = 'mine'",
}


def rows(directory: Path, kind: Kind, statement: str) -> list[tuple[object, ...]]:
    """What a database holds, by SQLite alone."""
    with sqlite3.connect(directory / kind.file_name) as connection:
        found = connection.execute(statement).fetchall()
    connection.close()
    return found


def opened(directory: Path, kind: Kind) -> None:
    """Let a writer open a database, and close it again."""
    access.open_to_write(str(directory), access.WORK_S, kind).close()


@pytest.mark.parametrize("name", KINDS)
def test_h15_a_database_goes_two_versions_up_and_down_and_up_again(
    name: str, tmp_path: Path
) -> None:
    """H15: an older program leaves a newer one's database alone, and says whose it is."""
    kind = KINDS[name]
    newer = later(kind)
    opened(tmp_path, kind)
    rows(tmp_path, kind, MINE_IN[name])
    opened(tmp_path, newer)
    file = tmp_path / kind.file_name
    whole = file.read_bytes()
    for open_it in (opened, lambda *which: access.open_to_read(str(which[0]), which[1])):
        with pytest.raises(DatabaseError, match="newer statusline") as caught:
            open_it(tmp_path, kind)
        assert (caught.value.trouble, caught.value.fix[:15]) == ("newer", "Update this one")
    assert file.read_bytes() == whole
    opened(tmp_path, newer)
    assert rows(tmp_path, kind, "SELECT name, at FROM later") == [("two", 3)]
    assert len(rows(tmp_path, kind, KEPT[name])) == 1


def as_the_old_program(directory: Path) -> list[float] | str:
    """The numbers that a program of the first version finds, or why it does not look."""
    try:
        with store.reading(str(directory)) as history:
            return [each.used_pct for each in history.seen(MINE, "a")]
    except DatabaseError as error:
        return error.trouble


@needs_strace
@pytest.mark.full
@pytest.mark.parametrize(
    "call", ["openat", "pwrite64", "fdatasync", "ftruncate", "unlink", "fcntl"]
)
def test_h15_an_upgrade_killed_at_any_call_can_be_taken_up_again(call: str, tmp_path: Path) -> None:
    """H15: the database is of one version or the next, whole; each step is taken once."""
    template, root = tmp_path / "template", tmp_path / "copies"
    template.mkdir()
    root.mkdir()
    keep(str(template), 10.0, 0)
    killed = kill_at_each(call, template, root, "upgrade")
    assert killed
    for directory in killed:
        copy = tmp_path / "copy"
        shutil.copytree(directory, copy)
        assert as_the_old_program(copy) in ([10.0], "newer"), directory.name
        opened(copy, later(HISTORY))
        assert rows(copy, HISTORY, "SELECT name, at FROM later") == [("two", 3)]
        assert rows(copy, HISTORY, "SELECT used_pct FROM seen WHERE window = 1") == [(10,)]
        shutil.rmtree(copy)


@pytest.mark.parametrize("schema", [SETTINGS_SCHEMA - 2, SETTINGS_SCHEMA - 1, SETTINGS_SCHEMA + 1])
def test_h15_settings_of_another_version_are_compiled_anew(schema: int, tmp_path: Path) -> None:
    """H15: the form of settings.json changes; what the user wrote is in config.toml."""
    profile = quiet_profile(tmp_path, with_numbers=True)
    profile.configure("width = 33\n")
    env = Environment(profile.environment)
    assert active_settings.settings(env).width == 33
    compiled = profile.directory / "settings.json"
    document = json.loads(compiled.read_text())
    document["settings"]["width"] = 44  # as the other version understands it
    compiled.write_text(json.dumps({**document, "schema": schema}))
    assert active_settings.settings(env).width == 33
    assert json.loads(compiled.read_text())["schema"] == SETTINGS_SCHEMA


def test_h15_a_record_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """H15: what it says how to undo, only that version knows."""
    path = tmp_path / "installed.json"
    path.write_text('{"schema": 2, "files": {"/home/a/.bashrc": {}}, "made": [], "more": 1}')
    before = path.read_bytes()
    with pytest.raises(WiringError, match=r"newer statusline\. Update this one"):
        record.load(str(tmp_path))
    assert path.read_bytes() == before
