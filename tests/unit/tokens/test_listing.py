"""What is told of five-hour windows: whole ones, the true ones, and each project's share."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from statusline.history import store
from statusline.system import profile_dir
from statusline.system.environ import Environment
from statusline.tokens import listing
from statusline.tokens.listing import Asked, Listing
from statusline.tokens.periods import Last
from statusline.usage.observation import Observation

NOON = 1_795_176_000  # 2026-11-20 12:00 UTC
HOUR_S = 3600


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which something was used at 9:30 and at 11:30, in two projects."""
    for project, at_s, tokens in (("-p", NOON - 9000, 300), ("-q", NOON - 1800, 100)):
        path = tmp_path / ".claude" / "projects" / project / "s.jsonl"
        path.parent.mkdir(parents=True)
        moment = datetime.datetime.fromtimestamp(at_s, datetime.UTC)
        usage = {"input_tokens": 0, "output_tokens": tokens}
        message = {"id": project, "model": "claude-opus-5-5", "usage": usage}
        line = {"type": "assistant", "timestamp": moment.isoformat(), "message": message}
        path.write_text(json.dumps(line) + "\n")
    return tmp_path


def looked(home: Path, by: str, last: str, *seen: Observation, now: float = NOON) -> Listing:
    """What is told at noon, where the history has ``seen`` these."""
    env = Environment({"HOME": str(home)})
    asked = Last.of(last)
    assert asked is not None
    if seen:
        directory = profile_dir.prepare(env)
        with store.writing(directory) as history:
            history.note("", seen, now)
    return listing.look(env, Asked(by, asked, "UTC"), now)


def five_hour(resets_at: int, used_pct: float, at_s: float) -> Observation:
    """A number of the five-hour window."""
    return Observation("five_hour", "5h", used_pct, resets_at, at_s, "api")


def test_a_share_is_that_of_the_whole_window(home: Path) -> None:
    """With `--last 1h` a project had all of a window in which others came before."""
    made = looked(home, "project", "1h", five_hour(NOON + 2 * HOUR_S, 40.0, NOON - 60))
    assert [row.key for row in made.rows] == ["-q"]
    assert made.window is not None
    assert (made.window.starts_at, made.window.used_pct) == (NOON - 3 * HOUR_S, 40.0)
    assert made.window_shares == pytest.approx({"-p": 0.75, "-q": 0.25})


def test_the_window_before_is_not_in_it(home: Path) -> None:
    """What was used before the running window began is no share of it."""
    seen = five_hour(NOON + 3 * HOUR_S + 1800, 40.0, NOON - 60)
    assert looked(home, "project", "1d", seen).window_shares == {"-q": 1.0}


def test_where_nobody_looked_the_window_is_an_estimate(home: Path) -> None:
    """From the hour of the first answer; and none at all once five hours have passed."""
    made = looked(home, "project", "1d")
    assert made.window is not None
    assert (made.window.starts_at, made.window.is_estimate) == (NOON - 3 * HOUR_S, True)
    later = looked(home, "project", "1d", now=NOON + 6 * HOUR_S)
    assert (later.window, later.window_shares) == (None, {})


def test_the_first_window_of_a_list_is_whole(home: Path) -> None:
    """A window in whose midst the report began looked like one of which little was used."""
    made = looked(home, "block", "1h", five_hour(NOON + 2 * HOUR_S, 40.0, NOON - 60))
    (row,) = made.rows
    assert (row.responses, row.starts_at) == (2, NOON - 3 * HOUR_S)
    assert row.block is not None
    assert row.block.used_pct == 40.0


def test_a_page_has_what_was_counted_and_no_more(home: Path) -> None:
    """Nothing is read for it, and where nothing was counted there is nothing to show."""
    directory = profile_dir.prepare(Environment({"HOME": str(home)}))
    assert listing.kept(directory, 0, NOON, "model", "project") == []
    looked(home, "day", "1d")
    by_model, by_project = listing.kept(directory, NOON - HOUR_S, NOON, "model", "project")
    assert by_model.total.used.tokens.output == 100
    assert [row.key for row in by_project.rows] == ["-q"]
    assert listing.kept(directory, NOON, NOON, "model") == []
