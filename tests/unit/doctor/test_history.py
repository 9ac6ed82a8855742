"""What is wrong with a history is named, and what to do; a segment never needs it."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest

from statusline.database import access, place
from statusline.doctor import history
from statusline.history import schema, store
from statusline.history.schema import HISTORY
from statusline.usage.observation import Observation
from tests.support.checkup import NOW, context, publish, told


def directory(home: Path) -> Path:
    """The cache of this home, with the numbers of three days."""
    path = publish(home).parent
    with store.writing(str(path)) as opened:
        for day in range(4):
            seen = Observation("seven_day", "7d", day, int(NOW) + 9, NOW - 86400 * (3 - day), "api")
            opened.note("salt-mine", [seen], NOW)
    return path


def look(home: Path) -> tuple[str, str, str]:
    """What the first check says: its result, its sentence and its fix."""
    found = history.history(context(home))[0]
    return found.result, found.what, found.fix


def spoil(path: Path, how: str) -> None:
    """Do one thing to the history."""
    if how == "damaged":
        data = bytearray(path.read_bytes())
        data[4096:8192] = b"x" * 4096
        path.write_bytes(data)
    elif how == "no database":
        path.write_text("Dear diary, ...")
    elif how == "another's":
        path.unlink()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE cookies (a)")
        connection.close()
        path.chmod(0o600)
    elif how == "a directory":
        path.unlink()
        path.mkdir()
    elif how == "a link":
        path.rename(path.with_name("other"))
        path.symlink_to("other")
    elif how == "a FIFO":
        path.unlink()
        os.mkfifo(path)
    elif how == "open to others":
        path.chmod(0o622)
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()


def test_a_history_that_works_says_how_much_it_is(home: Path) -> None:
    """Days and kilobytes: what it costs and what it is worth."""
    directory(home)
    assert re.fullmatch(r"3 days, \d+ kB", look(home)[1])
    assert look(home)[::2] == ("ok", "")


def test_before_the_first_number_there_is_nothing_to_look_at(home: Path) -> None:
    """A fresh installation has no history, and nothing is wrong with that."""
    publish(home)
    assert look(home) == ("skip", "Nothing has been recorded yet.", "")


@pytest.mark.parametrize(
    "how",
    ["damaged", "no database", "another's", "a directory", "a link", "a FIFO", "open to others"],
)
def test_a_history_that_cannot_be_used_is_named(how: str, home: Path) -> None:
    """B21: a warning with a fix, never a failure: the segments do without."""
    path = directory(home) / schema.FILE_NAME
    spoil(path, how)
    result, what, fix = look(home)
    assert result == "warn"
    assert "history.sqlite3" in what
    assert fix.startswith("Remove ")


def test_a_newer_history_is_left_alone(home: Path) -> None:
    """B21: neither its bytes nor its name change, and the fix is to update."""
    path = directory(home) / schema.FILE_NAME
    spoil(path, "newer")
    before = path.read_bytes()
    assert look(home)[::2] == ("warn", "Update this one; `statusline update` says how.")
    with pytest.raises(place.DatabaseError, match="newer"), store.writing(str(path.parent)):
        pass
    assert path.read_bytes() == before
    assert not place.aside(str(path.parent), HISTORY)


def test_a_history_that_is_held_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers would be missing from it, and nobody would know why."""
    monkeypatch.setattr(access, "WRITER_WAIT_S", 0.01)
    other = sqlite3.connect(directory(home) / schema.FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert look(home)[::2] == ("warn", "Try again.")
    other.close()


def test_what_was_put_aside_is_told(home: Path) -> None:
    """A damaged history: a new one is begun, the old one kept, and it is said where."""
    path = directory(home)
    for text in ("first", "second", "third"):
        (path / schema.FILE_NAME).write_text(f"no database: {text}")
        with store.writing(str(path)) as opened:
            seen = Observation("seven_day", "7d", 1, int(NOW) + 9, NOW, "api")
            opened.note("salt-mine", [seen], NOW)
    rows = told(history.history(context(home)), "history")
    assert [result for result, _fix in rows] == ["ok", "warn", "warn"]
    shown = context(home).tidy(str(path / schema.FILE_NAME))
    assert rows[1][1] == f"Remove {shown}.broken-1 once you do not need it."
    aside = [Path(each).read_text() for each in place.aside(str(path), HISTORY)]
    assert aside == ["no database: third", "no database: second"]
