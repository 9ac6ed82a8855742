"""`statusline history`, run for real: before the first number, while it is written, of a month."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
from pathlib import Path

from statusline.history import store
from tests.support.capabilities import needs_namespaces
from tests.support.killed import keep
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.tty import Tty

DOCUMENT = (Path(__file__).parents[2] / "docs" / "history.md").read_text("utf-8")


def test_before_the_first_number_it_says_so(profile: Profile) -> None:
    """A sentence and what to type, not an empty plot; for programs an empty document."""
    done = profile.run("history")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing has been recorded yet. `statusline refresh`")
    assert json.loads(profile.run("history", "--json").stdout)["windows"] == []
    assert profile.run("history", "--csv").stdout.splitlines() == [
        "window,seen_at,until,used_pct,resets_at"
    ]


def test_what_a_refresh_learned_is_shown(profile: Profile) -> None:
    """The whole way: asked, kept, read; of one window where one is asked for."""
    assert profile.run("refresh").returncode == 0
    done = profile.run("history")
    assert re.search(r"^5h +\S.*running +61%  \(resets in 2h[01]\dm\)$", done.stdout, re.MULTILINE)
    assert re.search(r"^7d .*running +22% ", done.stdout, re.MULTILINE)
    only = profile.run("history", "--window", "7d", "--last", "24h").stdout
    assert [line[:2] for line in only.splitlines()] == ["7d"]
    rows = list(csv.DictReader(profile.run("history", "--csv").stdout.splitlines()))
    assert [(row["window"], row["used_pct"]) for row in rows[:2]] == [
        *(("five_hour", "61.0"), ("seven_day", "22.0"))
    ]


def test_a_page_and_a_drawing_go_into_files(profile: Profile, tmp_path: Path) -> None:
    """Nothing else is printed; a place that cannot be written is named."""
    profile.run("refresh")
    for option, begin in (("--html", "<!doctype html>"), ("--svg", "<svg ")):
        path = tmp_path / f"usage{option}"
        done = profile.run("history", option, str(path))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert path.read_text("utf-8").startswith(begin)
        done = profile.run("history", option, str(tmp_path / "no" / "x"))
        assert done.returncode == 1
        assert f"could not be written to {tmp_path / 'no' / 'x'}" in done.stderr
        assert "Traceback" not in done.stderr


def test_what_it_does_not_understand_it_says(profile: Profile) -> None:
    """Wrong usage, and what would be right."""
    profile.run("refresh")
    for words, said in (
        (("--last", "soon"), "no time such as 24h"),
        (("--last", "0d"), "no time such as 24h"),
        (("--window", "monthly"), "no window 'monthly'; known are 5h, 7d"),
        (("--json", "--csv"), "do not go together"),
        (("--csv", "--html", "x"), "--csv and --html do not go together"),
    ):
        done = profile.run("history", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_it_reads_while_a_refresher_writes(profile: Profile) -> None:
    """A transaction that is open costs it neither time nor numbers."""
    profile.directory.mkdir(parents=True, mode=0o700)
    directory = str(profile.directory)
    keep(directory, 10.0, 0)
    with store.writing(directory) as history, history._transaction():
        history._execute("DELETE FROM seen")
        done = profile.run("history", "--csv", "--last", "9999d")
    assert (done.returncode, done.stderr) == (0, "")


@needs_namespaces
def test_it_reads_from_a_disk_that_cannot_be_written(profile: Profile) -> None:
    """SQLite wants to make files beside a database, also to read it."""
    profile.run("refresh")
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    inside = ("unshare", "-m", "/bin/sh", "-c", script, "sh", str(profile.directory))
    done = profile.run("history", "--csv", through=inside)
    assert (done.returncode, done.stderr) == (0, "")
    assert "five_hour" in done.stdout


def test_a_damaged_history_is_named(profile: Profile) -> None:
    """What is wrong, and no traceback."""
    profile.run("refresh")
    (profile.directory / "history.sqlite3").write_text("Dear diary, ...")
    done = profile.run("history")
    assert (done.returncode, done.stdout) == (1, "")
    assert "`history.sqlite3` in the cache directory is damaged" in done.stderr


def test_the_document_names_its_fields(profile: Profile) -> None:
    """Every field that is printed is explained, and no other."""
    profile.run("refresh")
    document = json.loads(profile.run("history", "--json").stdout)
    window = document["windows"][0]
    printed = {
        *document,
        *(f"windows[].{name}" for name in window),
        *(f"windows[].cycles[].{name}" for name in window["cycles"][0]),
    }
    named = set(re.findall(r"^\| `([a-z_.\[\]]+)` \|", DOCUMENT, re.MULTILINE))
    assert printed - {"windows", "windows[].cycles"} == named
    assert window["cycles"][0]["points"][-1][1] == window["cycles"][0]["used_pct"] == 61


def test_the_demo_makes_a_month_and_says_how_to_see_it(tmp_path: Path) -> None:
    """What it tells to type shows weeks of both windows, on a terminal and in a pipe."""
    home = tmp_path / "home"
    home.mkdir()
    profile = Profile(home, "http://127.0.0.1:9")
    place = tmp_path / "a month"
    done = profile.run("demo", "--history", str(place))
    assert (done.returncode, done.stderr) == (0, "")
    variable, *words = shlex.split(done.stdout.splitlines()[-1])
    assert words == ["statusline", "history", "--last", "7d"]
    name, _, value = variable.partition("=")
    environment = {**profile.environment, name: value, "COLUMNS": "80"}
    month = json.loads(_run(environment, "history", "--last", "31d", "--json"))
    runs = {window["id"]: window["cycles"] for window in month["windows"]}
    assert len(runs["five_hour"]) > 30
    assert len(runs["seven_day"]) in (5, 6)
    assert not runs["five_hour"][-1]["is_closed"]
    with Tty(argv(*words[1:]), environment) as terminal:
        assert terminal.wait_for_end() == 0
        shown = terminal.text()
    assert "100% ┤" in shown
    assert "resets in" in shown
    assert not profile.directory.exists()
    again = profile.run("demo", "--history", str(place))
    assert again.returncode == 1
    assert "There are numbers already. Choose another directory." in again.stderr


def _run(environment: dict[str, str], *words: str) -> str:
    return subprocess.run(
        argv(*words),
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
        stdin=subprocess.DEVNULL,
        cwd=os.path.dirname(environment["HOME"]),
    ).stdout
