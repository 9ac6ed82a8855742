"""`statusline tokens`, run for real: the table, JSON and CSV, what cannot be read, wrong usage."""

from __future__ import annotations

import csv
import datetime
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from statusline.cli import tokens_quick
from statusline.segment import active_settings
from statusline.system import clock
from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.tty import Tty

DOCUMENT = (Path(__file__).parents[2] / "docs" / "tokens.md").read_text("utf-8")
HEAVY = {"click", "rich", "requests", "textual", "tomlkit", "filelock", "msgspec"}


def answer(
    number: int, *, model: str = "claude-opus-5-5", age_s: float = 60.0, **usage: int
) -> str:
    """A line of a transcript: one answer, so long ago."""
    moment = datetime.datetime.fromtimestamp(clock.now() - age_s, datetime.UTC)
    line = {
        "type": "assistant",
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "sessionId": "5e55",
        "requestRef": f"req_{number}",
        "cwd": "/home/u/work",
        "message": {"id": f"msg_{number}", "model": model, "usage": {"input_tokens": 0, **usage}},
    }
    return json.dumps(line, separators=(",", ":")) + "\n"


def write(profile: Profile, *lines: str, name: str = "5e55.jsonl") -> Path:
    """A transcript of these lines."""
    path = profile.home / ".claude" / "projects" / "-home-u-work" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return path


def test_before_the_first_session_it_says_so(profile: Profile) -> None:
    """A sentence and where it looked, not an empty table; for programs an empty document."""
    done = profile.run("tokens")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no transcripts" in done.stdout
    assert "~/.claude/projects" in done.stdout
    assert json.loads(profile.run("tokens", "--json").stdout)["rows"] == []
    assert len(profile.run("tokens", "--csv").stdout.splitlines()) == 1
    write(profile, answer(1, age_s=90 * 86400, output_tokens=5))
    assert profile.run("tokens").stdout == "No tokens were used in the last 7 days.\n"
    weeks = profile.run("tokens", "--by", "week").stdout
    assert re.fullmatch(r"No tokens were used since \d{4}-\d\d-\d\d\.\n", weeks)
    write(profile, "{}\n")
    assert profile.run("tokens", "--last", "all").stdout == "No tokens were used.\n"


def test_what_a_session_used_is_shown_at_once(profile: Profile) -> None:
    """The session that runs counts; each further answer is there at the next look."""
    path = write(profile, answer(1, input_tokens=1_000_000, cache_read_input_tokens=2_000_000))
    done = profile.run("tokens", "--by", "project")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^/home/u/work +1M +0 +0 +2M +3M +100% +\$4\.40$", done.stdout, re.MULTILINE)
    with path.open("a") as file:
        file.write(answer(1, input_tokens=1_000_000, cache_read_input_tokens=2_000_000))
        file.write(answer(2, model="claude-haiku-5-5", output_tokens=1_000_000))
    rows = list(csv.DictReader(profile.run("tokens", "--by", "model", "--csv").stdout.splitlines()))
    assert [(row["key"], row["total"], row["cost_estimate_usd"]) for row in rows] == [
        ("claude-opus-5-5", "3000000", "4.4"),
        ("claude-haiku-5-5", "1000000", "0.5"),
    ]


def test_the_true_five_hour_window_is_taken_where_it_is_known(profile: Profile) -> None:
    """An estimate beside a number that is known: `history` and `tokens` told two windows."""
    profile.run("refresh")
    write(profile, answer(1, age_s=0, output_tokens=5))
    window = json.loads(profile.run("history", "--json").stdout)["windows"][0]["cycles"][-1]
    (row,) = json.loads(profile.run("tokens", "--by", "block", "--json").stdout)["rows"]
    assert (row["ends_at"], row["used_pct"]) == (window["resets_at"], window["used_pct"])
    made = json.loads(profile.run("tokens", "--by", "project", "--json").stdout)
    assert made["window"]["ends_at"] == window["resets_at"]
    assert made["rows"][0]["share_of_window"] == 1


def test_with_and_without_click_it_prints_the_same(profile: Profile) -> None:
    """Two ways to one document: a zone or a default that only one of them knew."""
    profile.configure('time_zone = "Asia/Kathmandu"\n')
    write(profile, *(answer(number, age_s=number * 7200, output_tokens=9) for number in range(30)))
    for words in (["--json"], ["--csv", "--by", "week"], ["--json", "--last=2d", "--by=block"]):
        quick = profile.run("tokens", *words).stdout
        slow = profile.run("--color", "never", "tokens", *words).stdout
        now = r'"now": [\d.]+'
        assert re.sub(now, "", quick) == re.sub(now, "", slow)
        assert quick


def test_a_program_pays_for_no_more_than_it_needs(profile: Profile) -> None:
    """A library that crept in: each takes longer to load than all transcripts to count."""
    write(profile, answer(1, output_tokens=5))
    profile.run("tokens", "--json")
    done = subprocess.run(
        [sys.executable, "-IX", "importtime", *argv("tokens", "--json")[2:]],
        env=profile.environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "sqlite3" in loaded
    assert loaded & HEAVY == set()
    plain = subprocess.run(
        [sys.executable, "-IX", "importtime", *argv("tokens")[2:]],
        env=profile.environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in plain.stderr.splitlines()}
    assert loaded & {"rich", "requests", "textual", "tomlkit", "msgspec"} == set()


def test_what_cannot_be_read_is_named_and_the_rest_counts(profile: Profile) -> None:
    """One link in a circle, and nothing was counted; or its loss was never mentioned."""
    path = write(profile, answer(1, output_tokens=5))
    loop = path.with_name("loop.jsonl")
    loop.symlink_to(loop)
    for _ in range(2):  # also where nothing has changed since
        done = profile.run("tokens", "--json")
        assert (done.returncode, json.loads(done.stdout)["total"]["output"]) == (1, 5)
        assert done.stderr == f"{loop} is left out: Too many levels of symbolic links.\n"
        assert json.loads(done.stdout)["skipped"][0]["path"] == str(loop)
    done = profile.run("tokens")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "$0.01" in done.stdout


def test_a_terminal_gets_a_table(profile: Profile) -> None:
    """Colours, a bar, the names of the models; nothing left of how far the reading was."""
    write(profile, answer(1, output_tokens=500_000))
    with Tty(argv("tokens"), profile.environment, columns=100) as terminal:
        assert terminal.wait_for_end() == 0
        assert b"Opus 5.5" in terminal.raw
        assert "█".encode() in terminal.raw
        assert b"Reading" not in terminal.raw


def test_the_page_of_the_history_has_what_was_counted(profile: Profile) -> None:
    """Only what is known already: a page is no reason to read for seconds."""
    profile.run("refresh")
    write(profile, answer(1, output_tokens=500_000))
    page = profile.home / "page.html"
    assert profile.run("history", "--html", str(page)).returncode == 0
    assert "Opus 5.5" not in page.read_text("utf-8")
    profile.run("tokens")
    assert profile.run("history", "--html", str(page)).returncode == 0
    assert "Opus 5.5" in page.read_text("utf-8")


def test_what_it_does_not_understand_it_says(profile: Profile) -> None:
    """Wrong usage, and what would be right; also where a program asks."""
    for words, said in (
        (("--last", "soon"), "no time such as 24h"),
        (("--last", "soon", "--json"), "no time such as 24h"),
        (("--by", "year", "--json"), "'year' is not one of 'day'"),
        (("--json", "--csv"), "do not go together"),
        (("--json", "--last"), "requires an argument"),
        (("--json", "today"), "unexpected extra argument"),
    ):
        done = profile.run("tokens", *words)
        assert (done.returncode, done.stdout) == (2, ""), words
        assert said in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_told(profile: Profile) -> None:
    """A full disk ended with 0, and a program took half a document for the whole."""
    write(profile, answer(1, output_tokens=5))
    for ending in (">/dev/full", ">&-"):
        done = subprocess.run(
            ["/bin/sh", "-c", f'"$@" {ending}', "sh", *argv("tokens", "--json")],
            env=profile.environment,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )
        assert done.returncode == 1
        assert "The output could not be written" in done.stderr


def test_the_cache_may_not_be_there_to_write(profile: Profile) -> None:
    """A traceback, or an empty document, where no index can be kept."""
    write(profile, answer(1, output_tokens=5))
    profile.environment["STATUSLINE_CACHE_DIR"] = "/dev/null/cache"
    for words in (["--json"], []):
        done = profile.run("tokens", *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("Error: ")


def test_a_directory_of_a_profile_is_counted_by_its_name(profile: Profile) -> None:
    """Another account's sessions: those below its directory, and none of this one's."""
    write(profile, answer(1, output_tokens=5))
    other = profile.home / ".claude-work"
    other.mkdir()
    (other / "settings.json").write_text("{}")
    path = other / "projects" / "-srv" / "a.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(answer(2, output_tokens=7))
    done = profile.run("tokens", "--json", "--profile", str(other))
    assert json.loads(done.stdout)["total"]["output"] == 7
    assert json.loads(profile.run("tokens", "--json").stdout)["total"]["output"] == 5


def test_a_damaged_index_is_made_anew(profile: Profile) -> None:
    """What can be counted again need not be mended by hand."""
    write(profile, answer(1, output_tokens=5))
    profile.run("tokens", "--json")
    index = profile.directory / "tokens.sqlite3"
    index.write_text("Dear diary, ...")
    done = profile.run("tokens", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["total"]["output"] == 5


def test_the_document_names_its_fields(profile: Profile) -> None:
    """Every field that is printed is explained, and no other."""
    write(profile, answer(1, output_tokens=5))
    printed: set[str] = set()
    for by in ("day", "project", "session", "block"):
        made = json.loads(profile.run("tokens", "--json", "--by", by).stdout)
        printed |= {name for name in made if name != "rows"}
        printed |= {f"rows[].{name}" for name in made["rows"][0]}
    told = DOCUMENT.partition("## JSON")[2]
    assert printed == set(re.findall(r"^\| `([a-z0-9_.\[\]]+)` \|", told, re.MULTILINE))
    columns = profile.run("tokens", "--csv").stdout.splitlines()[0].split(",")
    told = DOCUMENT.partition("## CSV")[2]
    assert [name for name in re.findall(r"`([a-z0-9_]+)`", told) if name in columns] == columns


def test_what_nobody_expected_is_left_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback on the screen of a user, with the values of variables in it."""

    def fails(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(active_settings, "settings", fails)
    assert tokens_quick.run(["--json"]) is None


def test_words_that_click_has_to_see_are_left_to_it() -> None:
    """A new option that only click knew would be ignored where a program asks."""
    for words in ([], ["--plain"], ["--json", "--profile", "x"], ["--json", "--help"]):
        assert tokens_quick.run(words) is None
