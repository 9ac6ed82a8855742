"""Where `tokens = true`, a refresher counts transcripts before it publishes; else it opens none."""

from __future__ import annotations

import datetime
import json
import time
from pathlib import Path
from typing import Any

import pytest

from statusline.refresh import token_counting
from statusline.segment.humanize import count
from statusline.system.environ import Environment
from statusline.tokens import index
from statusline.tokens.counts import SLOT_S
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support.capabilities import needs_strace
from tests.support.profile import Profile
from tests.support.server import UsageServer

USAGE = {
    "input_tokens": 1000,
    "output_tokens": 200,
    "cache_creation_input_tokens": 3000,
    "cache_read_input_tokens": 40_000,
}


def answer(number: int, at_s: float, **message: Any) -> str:
    """One line of a transcript: an answer of 44,200 tokens."""
    then = datetime.datetime.fromtimestamp(at_s, datetime.UTC)
    line = {
        "type": "assistant",
        "timestamp": then.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "requestId": f"req_{number}",
        "message": {
            "id": f"msg_{number}",
            "model": "claude-opus-4-8",
            "usage": USAGE,
            **message,
        },
    }
    return json.dumps(line) + "\n"


@pytest.fixture
def transcript(profile: Profile) -> Path:
    """A transcript with three answers: of now, of the running window, of long ago."""
    path = profile.home / ".claude" / "projects" / "-home-u-work" / "session.jsonl"
    path.parent.mkdir(parents=True)
    now = time.time()
    path.write_text("".join(answer(n, now - s) for n, s in enumerate((0, 60, 40 * 86400))))
    return path


def test_the_refresher_counts_tokens_for_the_line(profile: Profile, transcript: Path) -> None:
    """Each answer once, only today's and those of the window, and none of what is read again."""
    form = "{five_hour.pct}[ {tokens.block}][ {tokens.today}][ {cost.today}]"
    profile.configure(f'tokens = true\nformat.default = "{form}"')
    profile.run("refresh")
    found = profile.usage()["tokens"]
    window = profile.usage()["windows"]["five_hour"]
    assert found["block"]["ends_at"] == window["resets_at"]
    assert found["block"]["tokens"] == 2 * 44_200
    assert found["today"]["tokens"] in (44_200, 2 * 44_200)  # a minute ago may be yesterday
    with transcript.open("a") as file:
        file.write(answer(9, time.time()) + answer(9, time.time()))
    profile.let_pass(700)
    profile.run("refresh")
    assert profile.usage()["tokens"]["block"]["tokens"] == 3 * 44_200
    today = profile.usage()["tokens"]["today"]
    assert f" 132k {count(today['tokens'])} ~${today['cost_usd']:.2f}" in profile.shown()


def test_a_model_without_a_price_has_no_cost(profile: Profile, transcript: Path) -> None:
    """A guess would be taken for a figure."""
    transcript.write_text(answer(1, time.time(), model="claude-unheard-of-9"))
    profile.configure('tokens = true\nformat.default = "{tokens.today}[ {cost.today}]."')
    profile.run("refresh")
    assert profile.usage()["tokens"]["today"]["cost_usd"] is None
    assert "44.2k." in profile.shown()


@pytest.mark.usefixtures("transcript")
def test_nothing_is_counted_unless_it_is_wanted(profile: Profile) -> None:
    """Reading a gigabyte of transcripts is nothing that a program does unasked."""
    profile.run("refresh")
    assert profile.usage()["tokens"] == {}
    assert not (profile.directory / "tokens.sqlite3").exists()


@needs_strace
def test_a_render_opens_neither_transcripts_nor_their_index(
    profile: Profile, transcript: Path, tmp_path: Path
) -> None:
    """A prompt that read a database would wait for it; with `tokens = true` just as without."""
    profile.configure('tokens = true\nformat.default = "{tokens.today} {cost.today}"')
    profile.run("refresh")
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-e", "trace=openat,open,stat,newfstatat", "-o", str(trace))
    profile.run("plain", through=strace)
    seen = trace.read_text()
    assert "usage.json" in seen
    assert not any(name in seen for name in (transcript.name, "sqlite3", "projects"))


@pytest.mark.usefixtures("transcript")
def test_numbers_come_out_whatever_is_wrong_with_the_index(
    profile: Profile, server: UsageServer
) -> None:
    """A database that is a directory, damaged or somebody else's costs the tokens alone."""
    profile.configure("tokens = true")
    index = profile.directory / "tokens.sqlite3"
    index.mkdir(parents=True)
    profile.directory.chmod(0o700)
    profile.run("refresh")
    assert profile.usage()["state"] == "ok"
    assert profile.usage()["tokens"] == {}
    index.rmdir()
    index.write_bytes(b"no database" * 1000)
    index.chmod(0o600)
    profile.let_pass(700)
    profile.run("refresh")
    assert server.count == 2
    assert profile.usage()["tokens"]["block"]["tokens"] == 2 * 44_200


def test_a_count_that_cannot_be_renewed_stays_for_its_time(
    profile: Profile, transcript: Path
) -> None:
    """It would have caught tokens that were gone while `statusline tokens` read transcripts."""
    profile.configure("tokens = true\n")
    profile.run("refresh")
    before = profile.usage()["tokens"]
    with transcript.open("a") as file:
        file.write(answer(9, time.time()))
    with index.writing(str(profile.directory)):
        profile.run("refresh")
        assert profile.usage()["tokens"] == before
    profile.run("refresh")
    assert profile.usage()["tokens"]["today"]["tokens"] > before["today"]["tokens"]


def test_a_window_has_the_slot_in_which_it_begins(profile: Profile, transcript: Path) -> None:
    """`tokens --by block` counted five minutes that `{tokens.block}` left out."""
    now = int(time.time())
    starts_at = (now - 7200) // SLOT_S * SLOT_S + SLOT_S // 2
    transcript.write_text(answer(1, starts_at + 10) + answer(2, starts_at + SLOT_S))
    snapshot = Snapshot()
    resets_at = starts_at + 5 * 3600
    window = Observation("five_hour", "5h", 40.0, resets_at, now, "api")
    snapshot.windows["five_hour"] = window
    profile.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    token_counting.count(
        Environment(profile.environment), str(profile.directory), snapshot, "UTC", now
    )
    assert snapshot.token_counts["block"].tokens == 2 * sum(USAGE.values())
