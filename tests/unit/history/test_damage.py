"""A history in which something stands that nobody wrote: read as far as it goes, or put aside."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from statusline.database.place import DatabaseError
from statusline.history import compaction, store
from statusline.usage.observation import Observation
from tests.support.distorted import NOW

MINE = "salt-mine"


def keep(directory: Path, pct: float, at_s: float) -> None:
    """Let one refresher keep a number."""
    seen = Observation("five_hour", "5h", pct, NOW + 7200, NOW + at_s, "api")
    with store.writing(str(directory)) as history:
        history.note(MINE, [seen], NOW + 9e4)


def pcts(directory: Path) -> list[float]:
    """The numbers that a reader finds."""
    with store.reading(str(directory)) as history:
        return [each.used_pct for each in history.seen(MINE, "five_hour")]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE seen SET id = 'x'",
        "UPDATE kept SET hourly_until = 'x'",
        "DELETE FROM kept",
        "UPDATE seen SET at = 'x', until = 'x'",
    ],
)
def test_a_value_that_nobody_wrote_does_not_close_the_history(tmp_path: Path, damage: str) -> None:
    """A text where a number stood closed the history for good: not written to, nor put aside."""
    keep(tmp_path, 10, 0)
    damaged = sqlite3.connect(tmp_path / "history.sqlite3")
    with damaged:
        damaged.execute(damage)
    damaged.close()
    with contextlib.suppress(DatabaseError), store.reading(str(tmp_path)) as history:
        assert all(type(each.first_at) is int for each in history.windows(MINE))
    for turn in range(2):
        with contextlib.suppress(DatabaseError):
            keep(tmp_path, 11, 60 + turn)
        with contextlib.suppress(DatabaseError), store.writing(str(tmp_path)) as history:
            history.compact(NOW + 2 * compaction.KEEP_S)
    keep(tmp_path, 12, 120)
    assert pcts(tmp_path)[-1] == 12


def test_damage_that_sqlite_cannot_spell_is_damage(tmp_path: Path) -> None:
    """An error that quotes what is no UTF-8 was a UnicodeDecodeError in every reader and writer."""
    keep(tmp_path, 10, 0)
    path = tmp_path / "history.sqlite3"
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE kept", b"CREATE \xff\xfe\xfdLE kept"))
    with pytest.raises(DatabaseError) as refused:
        pcts(tmp_path)
    assert refused.value.trouble == "broken"
    keep(tmp_path, 11, 60)
    assert pcts(tmp_path) == [11]
