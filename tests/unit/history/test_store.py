"""The history in its file: what is kept, of whom, and what comes back."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from statusline.agents import AGENTS
from statusline.database import access
from statusline.database.place import DatabaseError
from statusline.history import schema, store
from statusline.history.cycles import Seen
from tests.support.distorted import NOW
from tests.support.kept_history import MINE, OTHER, RESET, kept, note, observed, pcts
from tests.support.patience import HANG_S
from tests.support.program import package


def test_what_has_changed_is_kept(tmp_path: Path) -> None:
    """One row for each new number, however often it was told, in this run or in the next."""
    assert note(tmp_path, observed(10, 0), observed(5, 0, "seven_day")) == 2
    assert note(tmp_path, observed(10, 60), observed(11, 90), observed(11, 120)) == 1
    assert kept(tmp_path) == [
        Seen("five_hour", 10, RESET, NOW, NOW),
        Seen("five_hour", 11, RESET, NOW + 90, NOW + 90),
    ]
    assert [each.used_pct for each in kept(tmp_path, window="seven_day")] == [5]


def test_no_moment_is_rounded_up(tmp_path: Path) -> None:
    """A number of half a second ahead was unknown to whoever forecast at the present moment."""
    note(tmp_path, observed(10, 0.9))
    assert kept(tmp_path)[0].at_s == NOW


def test_a_number_that_stands_is_dated(tmp_path: Path) -> None:
    """Else nobody could tell a quiet hour from one in which nobody looked; and not each minute."""
    note(tmp_path, observed(10, 0))
    note(tmp_path, observed(10, 299))
    assert kept(tmp_path)[0].until_s == NOW
    note(tmp_path, observed(10, 300))
    assert kept(tmp_path) == [Seen("five_hour", 10, RESET, NOW, NOW + 300)]


def test_an_older_number_is_no_news(tmp_path: Path) -> None:
    """A cache that was lost begins with Claude Code's copy of an old answer: no fall."""
    note(tmp_path, observed(50, 0), observed(50, 600))
    assert note(tmp_path, observed(30, 300)) == 0
    assert pcts(tmp_path) == [50]


def test_a_clock_that_was_set_back_stops_nothing(tmp_path: Path) -> None:
    """Else nothing would be kept until the clock had come that far again."""
    note(tmp_path, observed(50, 86400))
    assert note(tmp_path, observed(51, 60), now=NOW + 60) == 1
    assert pcts(tmp_path) == [50, 51]


def test_accounts_have_numbers_of_their_own(tmp_path: Path) -> None:
    """Two accounts in one directory: what one used is no fall of the other's."""
    note(tmp_path, observed(80, 0))
    note(tmp_path, observed(3, 60), account=OTHER)
    note(tmp_path, observed(81, 120))
    assert (pcts(tmp_path), pcts(tmp_path, OTHER)) == ([80, 81], [3])
    with store.reading(str(tmp_path)) as history:
        assert history.accounts() == [OTHER, MINE]
        assert len(history.cycles(MINE, "five_hour", 0, NOW)) == 1
        assert history.seen("nobody", "five_hour") == []


def test_of_too_many_accounts_the_one_unused_longest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that nobody names is an account of its own, and they are renewed all the time."""
    monkeypatch.setattr(store, "MOST_ACCOUNTS", 3)
    for agent in AGENTS:
        note(tmp_path, observed(7, 0), account=agent)
    note(tmp_path, observed(10, 0))
    for number in range(5):
        note(tmp_path, observed(number, 60 * number), account=f"account {number}")
        note(tmp_path, observed(11 + number, 60 * number + 1))
    with store.reading(str(tmp_path)) as history:
        assert history.accounts() == ["account 4", "account 3", MINE]
    assert pcts(tmp_path) == [10, 11, 12, 13, 14, 15]
    assert [pcts(tmp_path, agent) for agent in AGENTS] == [[7]] * len(AGENTS)
    assert [len(pcts(tmp_path, f"account {number}")) for number in (2, 3)] == [0, 1]


def test_windows_are_told_with_their_names_and_times(tmp_path: Path) -> None:
    """A window is shown as it was called last; one too many is not kept."""
    old = observed(1, 0, "weekly:Fable", label="Fable 1")
    note(tmp_path, old, observed(2, 600, "weekly:Fable", label="Fable"), observed(9, 30))
    with store.reading(str(tmp_path)) as history:
        assert history.windows(MINE) == [
            ("weekly:Fable", "Fable", NOW, NOW + 600),
            ("five_hour", "five_hour", NOW + 30, NOW + 30),
        ]
        assert history.windows(OTHER) == []


def test_windows_without_end_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many names the API comes up with."""
    monkeypatch.setattr(store, "MOST_WINDOWS", 3)
    assert note(tmp_path, *(observed(1, 0, f"window {number}") for number in range(9))) == 3
    with store.reading(str(tmp_path)) as history:
        assert len(history.windows(MINE)) == 3


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    """A week of it does not cost a year; the run that reaches into it is whole."""
    note(tmp_path, observed(10, 0), observed(10, 600), observed(20, 900))
    with store.reading(str(tmp_path)) as history:
        assert [each.used_pct for each in history.seen(MINE, "five_hour", NOW + 600)] == [10, 20]
        (cycle,) = history.cycles(MINE, "five_hour", NOW + 800, NOW + 900)
        assert len(cycle.points) == 2
        assert history.cycles(MINE, "five_hour", RESET, RESET) == []


@pytest.mark.parametrize("name", ["a b?c#d%41", "//double", "n\udcfft utf-8", "'; --"])
def test_a_directory_may_have_any_name(name: str, tmp_path: Path) -> None:
    """It becomes part of a URL for SQLite: `?`, `#` and `%` have a meaning there."""
    directory = f"{tmp_path}/{name}"
    os.makedirs(directory)
    directory = f"/{directory}" if name.startswith("//") else directory
    with store.writing(directory) as history:
        history.note(MINE, [observed(10, 0)], NOW)
    with store.reading(directory) as history:
        assert len(history.seen(MINE, "five_hour")) == 1
    assert schema.FILE_NAME in os.listdir(directory)


def test_the_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    """0600, those of SQLite too, also where the file was open or could not be written."""
    for mode in (None, 0o644, 0o400):
        if mode is not None:
            (tmp_path / schema.FILE_NAME).chmod(mode)
        with store.writing(str(tmp_path)) as history:
            history.note(MINE, [observed(10, 0)], NOW)
            files = list(tmp_path.iterdir())
            assert {file.name for file in files} >= {schema.FILE_NAME, f"{schema.FILE_NAME}-wal"}
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert [file.name for file in tmp_path.iterdir()] == [schema.FILE_NAME]


def test_readers_read_while_it_is_written(tmp_path: Path) -> None:
    """A reader sees what was there when it began; neither waits."""
    note(tmp_path, observed(10, 0))
    with store.reading(str(tmp_path)) as reader:
        assert len(reader.seen(MINE, "five_hour")) == 1
        assert note(tmp_path, observed(11, 60)) == 1
        assert len(reader.seen(MINE, "five_hour")) == 1
    assert pcts(tmp_path) == [10, 11]


def test_nothing_is_half_kept(tmp_path: Path) -> None:
    """A run that fails in its midst leaves nothing, and the next one keeps all of it."""
    note(tmp_path, observed(10, 0))

    def failing() -> object:
        yield observed(11, 60)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.writing(str(tmp_path)) as history:
        history.note(MINE, failing(), NOW + 90)  # type: ignore[arg-type]
    assert pcts(tmp_path) == [10]
    assert note(tmp_path, observed(11, 60), now=NOW + 90) == 1


def test_values_of_another_type_are_left_out(tmp_path: Path) -> None:
    """SQLite lets any value stand in any column; no reader meets one."""
    note(tmp_path, observed(10, 0))
    with sqlite3.connect(tmp_path / schema.FILE_NAME) as connection:
        for number, row in enumerate([("x", 1, 2, 3), (5.0, "x", 2, 3), (5.0, 1, b"\xff", 3)]):
            connection.execute("INSERT INTO seen VALUES (1, 1, ?, ?, ?, ?, ?)", (7 + number, *row))
    connection.close()
    assert pcts(tmp_path) == [10]
    assert note(tmp_path, observed(11, 60)) == 1


def test_nothing_recorded_is_told(tmp_path: Path) -> None:
    """No file, or one that a killed writer has just made: neither is a mistake."""
    for _turn in range(2):
        with pytest.raises(DatabaseError) as caught, store.reading(str(tmp_path)):
            pass
        assert caught.value.trouble == "missing"
        (tmp_path / schema.FILE_NAME).touch(mode=0o600)
    assert note(tmp_path, observed(10, 0)) == 1


def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    """Each missing step once; what was known stays. One that fails leaves the old version."""
    note(tmp_path, observed(10, 0))
    steps = (*schema.STEPS, ("CREATE TABLE later (a)",), ("CREATE TABLE later (a)",))
    later = schema.HISTORY._replace(steps=steps)
    with pytest.raises(DatabaseError, match="already exists"):
        access.open_to_write(str(tmp_path), access.WORK_S, later)
    later = schema.HISTORY._replace(steps=steps[:2])
    connection = access.open_to_write(str(tmp_path), access.WORK_S, later)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT used_pct FROM seen").fetchall() == [(10,)]
    connection.close()


def test_a_python_without_sqlite_keeps_no_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a package of its own on some systems; nothing else may need it."""
    monkeypatch.setattr(access, "IS_THERE", False)
    monkeypatch.delattr(access, "sqlite3")
    for way in (store.writing, store.reading):
        with pytest.raises(DatabaseError) as caught, way(str(tmp_path)):
            pass
        assert caught.value.trouble == "no_sqlite"
    assert not list(tmp_path.iterdir())


def test_the_refresher_starts_without_sqlite() -> None:
    """An import that fails would cost every number, not only the history."""
    source = (
        f"import sys; sys.modules['_sqlite3'] = None; sys.path.insert(0, {str(package().parent)!r})"
        "\nfrom statusline.refresh import refresher"
        "\nfrom statusline.database import access\nprint(access.IS_THERE)"
    )
    done = subprocess.run(
        [sys.executable, "-IS", "-c", source], capture_output=True, timeout=HANG_S, check=True
    )
    assert done.stdout == b"False\n"
