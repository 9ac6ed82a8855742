"""A history that cannot be used costs the history, and neither a number nor a segment."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from statusline.database import access, place
from statusline.history import schema, store
from statusline.history.schema import FILE_NAME, HISTORY
from statusline.refresh.refresher import refresh
from statusline.system.environ import Environment
from tests.support.killed import MINE, keep, program
from tests.support.login import sign_in
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import package
from tests.support.server import UsageServer

#: What is done to a history, and what comes of it: whether it is put aside for a new one.
SPOILED = {
    "damaged": True,
    "no database": True,
    "another program's": True,
    "huge": True,
    "newer": False,
    "held": False,
    "a directory": False,
    "a link": False,
    "a FIFO": False,
}


@pytest.fixture
def env(tmp_path: Path, server: UsageServer) -> Environment:
    """A signed-in home with numbers of the 5-hour window in its history."""
    (tmp_path / ".claude").mkdir(mode=0o700)
    sign_in(tmp_path)
    made = Environment(
        {"HOME": str(tmp_path), "PATH": str(tmp_path), "STATUSLINE_API_URL": server.url}
    )
    path = _path(made)
    path.parent.mkdir(parents=True, mode=0o700)
    keep(str(path.parent), 10.0, 0)
    return made


def _path(env: Environment) -> Path:
    assert env.profile_dir is not None
    return Path(env.profile_dir) / FILE_NAME


def spoil(path: Path, how: str) -> sqlite3.Connection | None:
    """Do one thing to the history; return what holds it."""
    if how == "damaged":
        data = path.read_bytes()
        path.write_bytes(data[:4096] + b"x" * (len(data) - 4096))
    elif how == "no database":
        path.write_text("Dear diary, ...")
    elif how == "huge":
        os.truncate(path, schema.MAX_BYTES + 1)
    elif how == "a directory":
        path.unlink()
        path.mkdir()
    elif how == "a link":
        path.rename(path.with_name("victim"))
        path.symlink_to("victim")
    elif how == "a FIFO":
        path.unlink()
        os.mkfifo(path)
    else:
        return _open(path, how)
    return None


def _open(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    if how == "held":
        connection.execute("BEGIN EXCLUSIVE")
    elif how == "newer":
        connection.execute("PRAGMA user_version = 99")
    else:
        connection.execute("PRAGMA application_id = 1")
    if how != "held":
        connection.close()
    return connection


@pytest.mark.parametrize("how", SPOILED)
def test_the_numbers_are_published_whatever_the_history_is(
    how: str, env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B21: put aside where it is broken, else left alone; the numbers come anyway."""
    monkeypatch.setattr(access, "WRITER_WAIT_S", 0.05)
    path = _path(env)
    holding = spoil(path, how)
    before = None if path.is_dir() or path.is_fifo() else path.read_bytes()
    report = refresh(env)
    assert (report.result, report.state) == ("asked", "ok")
    written = json.loads((path.parent / "usage.json").read_text())
    assert written["windows"]["five_hour"]["utilization_pct"] == 61
    assert written["forecasts"] == {}
    if holding is not None:
        holding.close()
    if SPOILED[how]:
        (aside,) = place.aside(str(path.parent), HISTORY)
        assert Path(aside).read_bytes() == before
        with store.reading(str(path.parent)) as history:
            (mark,) = history.accounts()
            assert [each.used_pct for each in history.seen(mark, "five_hour")] == [61]
    else:
        assert not place.aside(str(path.parent), HISTORY)
        assert before is None or path.read_bytes() == before


def test_a_full_disk_costs_no_number(profile: Profile, server: UsageServer) -> None:
    """B22: no room for a database: the numbers are there; with room, the history is too."""
    source = (
        f"import sys; sys.path.insert(0, {str(package().parent)!r})\n"
        "from statusline.refresh import refresher\n"
        "from statusline.system import environ\n"
        "print(refresher.refresh(environ.current(), log=print).state)"
    )
    done = subprocess.run(
        [sys.executable, "-IB", "-c", source],
        env=profile.environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert (done.stdout.splitlines()[-1:], server.count) == (["ok"], 1)
    assert "history: `history.sqlite3` in the cache directory cannot be used" in done.stdout
    assert profile.usage()["windows"]["five_hour"]["utilization_pct"] == 61
    profile.let_pass(700)
    assert profile.run("refresh").returncode == 0
    with store.reading(str(profile.directory)) as history:
        assert len(history.windows(profile.usage()["account"])) > 1


def test_writers_that_meet_do_no_harm(tmp_path: Path) -> None:
    """B21: the lock keeps them apart; where it fails them, one waits or leaves it for once."""
    keep(str(tmp_path), 0.0, 0)
    commands = [program("killed.compete(*sys.argv[1:])", tmp_path, child) for child in range(3)]
    writers = [subprocess.Popen(command) for command in commands]
    assert [writer.wait(HANG_S) for writer in writers] == [0, 0, 0]
    with store.reading(str(tmp_path)) as history:
        history.check()
        found = [each.used_pct for each in history.seen(MINE, "a")]
        assert len(found) > 10
        assert found == [each.used_pct for each in history.seen(MINE, "b")]
        assert sorted(set(found)) == sorted(found)
