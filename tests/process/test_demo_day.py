"""The demo's stage in this process: the real refresher follows the played day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from statusline.demo import day
from statusline.demo.sandbox import Sandbox, sandbox
from statusline.demo.scenes import SCENES, go_to
from statusline.segment.escaping import encode
from statusline.segment.unescape import as_shown
from statusline.settings.settings import Settings
from statusline.surfaces import SURFACES
from statusline.system.environ import Environment


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The stage itself, in this process."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with sandbox(Environment({"NO_COLOR": "1"})) as playing:
        yield playing
    assert list(tmp_path.iterdir()) == []


def tmux(playing: Sandbox) -> str:
    """Return the segment that tmux would show."""
    return playing.segment("tmux").decode()


@pytest.mark.parametrize(
    ("hour", "shown"),
    [
        (8.5, "5h 0% · 7d 14%"),
        (day.TYPICAL_H, "5h 61% 2h11m · 7d 22%"),
        (13.75, "5h 100% 15m · 7d 27%"),
        (14.5, "5h 6% 4h30m · 7d 28%"),
        (29.5, "5h 22% 2h30m · 7d 51%"),
    ],
)
def test_the_refresher_takes_over_what_the_server_plays(
    played: Sandbox, hour: float, shown: str
) -> None:
    """At an hour of the day the segment shows that hour's use and the time to its reset."""
    played.play_to(hour)
    assert tmux(played) == shown
    assert played.requests == 1


def test_a_429_keeps_the_last_numbers_with_their_age(played: Sandbox) -> None:
    """Refused, it waits as long as it was told to; the old numbers stay, marked as such."""
    for minute in range(45):
        played.play_to(15.75 + minute / 60)
    assert re.fullmatch(r"5h 2\d% 2h\d\dm · 7d 30% · \d+m old", tmux(played))
    assert re.search(r" · \d+m old · usage: retry \d+m$", played.segment("claude").decode())
    before = played.requests
    played.play_to(16.75)
    assert before <= played.requests <= before + 1


def test_offline_past_the_reset_the_number_is_gone(played: Sandbox) -> None:
    """With nobody to ask, a window whose reset has passed is shown as reset."""
    played.play_to(23.4)
    played.play_to(25.25)
    assert tmux(played) == "5h ↻ · 7d 44% · 1h old · usage: offline"
    played.play_to(26.75)
    # The day goes on at a pace at which the week would be full before its end.
    assert re.fullmatch(r"5h 0% · 7d 48% →full \d+d\d+h", tmux(played))


def test_the_floor_holds_in_played_time(played: Sandbox) -> None:
    """However often the stage moves on, two requests are at least 60 played seconds apart."""
    asked_at: list[float] = []
    for second in range(1800):
        before = played.requests
        played.play_to(9.5 + second / 3600)
        if played.requests > before:
            asked_at.append(played.now())
    gaps = [later - earlier for earlier, later in pairwise(asked_at)]
    assert len(gaps) >= 5
    assert min(gaps) >= 60


def test_each_scene_shows_what_its_caption_says(played: Sandbox) -> None:
    """A caption is a promise about the line below it, which the real refresher has made."""
    shown = {}
    for scene in SCENES:
        go_to(played, scene)
        shown[scene.name] = played.segment("claude").decode().split(" · ", 2)[2]
        assert len(scene.caption) <= 64
        assert scene.caption.isascii()
    assert shown == {
        "61 %": "5h 61% 2h11m · 7d 22%",
        "old": "5h 61% 1h56m · 7d 22% · 15m old",
        "80 %": "5h 80% 1h19m →full 45m · 7d 24%",
        "92 %": "5h 92% 45m →full 20m · 7d 26%",
        "100 %": "5h 100% 20m · 7d 27%",
        "new": "5h 8% 4h18m · 7d 28%",
        "429": "5h 24% 2h48m · 7d 30% · 18m old · usage: retry 13m",
        "signed out": "5h 44% 1h15m · 7d 33% · 15m old",  # Claude Code says it by itself
        "offline": "5h 65% 45m · 7d 44% · 51m old · usage: offline",
        "reset": "5h ↻ · 7d 44% · 1h old · usage: offline",
    }


def test_signed_out_a_prompt_says_so(played: Sandbox) -> None:
    """Who is signed out keeps the numbers, and is told what to do; signed in, all is well."""
    played.play_to(day.TYPICAL_H)
    played.sign_out()
    played.play_to(12.5)
    assert tmux(played) == "5h 61% · 7d 22% · 41m old · sign in"
    played.sign_in()
    played.play_to(12.75)
    assert tmux(played) == "5h 81% 1h15m →full 40m · 7d 25%"


@pytest.mark.parametrize("surface", SURFACES)
def test_the_picture_shows_what_the_host_would_show(surface: str) -> None:
    """Read back as its host reads it, each surface's segment is the same coloured text."""
    parts = [("critical", "100%#[x]%{$5"), ("muted", " · "), ("", "é|#")]
    styles = Settings().styles
    told = styles
    if surface == "tmux":  # what has no style of its own there is plain
        told = {role: pair for role, pair in styles.items() if pair[1]}
    shown = as_shown(encode(parts, surface, styles, colored=True), surface)
    assert shown == encode(parts, "plain", told, colored=True).decode()
