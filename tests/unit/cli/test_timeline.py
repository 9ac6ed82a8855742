"""What `statusline history` draws: a plot that is true at any width, in blocks and in ASCII."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from statusline.cli.timeline import Timeline, plain_lines, span, told
from statusline.history.cycles import Cycle, Point
from statusline.history.period import Track
from statusline.login.credentials import Credentials
from statusline.overview.overview import Overview, ProfileData
from statusline.settings.settings import Settings
from statusline.usage.snapshot import Snapshot

#: Monday 2026-06-15 12:00:00 UTC.
NOW = 1_781_524_800
HOUR, DAY = 3600, 86400


def run(begin_h: float, *pcts: float, seen_h: float = 5.0, closed: bool = True) -> Cycle:
    """A 5-hour run that began `begin_h` hours ago, with a number in each hour."""
    begin = NOW - int(begin_h * HOUR)
    points = tuple(Point(begin + place * HOUR, pct) for place, pct in enumerate(pcts))
    seen_at = min(begin + seen_h * HOUR, NOW)
    return Cycle("five_hour", begin, begin + 5 * HOUR, points, closed, seen_at)


DAY_OF_WORK = Track(
    *("five_hour", "5h"),
    (run(24, 10, 20, 30, seen_h=2), run(9, 50, 100), run(3, 10, 40, 60, closed=False)),
)


def drawn(*tracks: Track, width: int = 54, last_s: int = DAY, is_ascii: bool = False) -> list[str]:
    """The lines that a terminal of this width shows."""
    settings = Settings()
    settings.ascii, settings.time_zone = is_ascii, "UTC"
    overview = Overview(
        ProfileData(Snapshot(), settings, Credentials(state="found"), ()), float(NOW)
    )
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False)
    console.print(Timeline(overview, tracks, NOW - last_s, is_alone=len(tracks) == 1))
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


BLOCKS = """\
5h, last 24 hours: now 60%, 3 windows, median 60%,
highest 100%, 1 used up
100% ┤          ┊                     ████████┊
     │          ┊                     ████████┊
     │          ┊                     ████████┊
     │          ┊                     ████████┊
     │          ┊                     ████████┊     ██
 50% ┤          ┊                   ██████████┊     ██
     │          ┊                   ██████████┊   ████
     │    █░░░░░┊                   ██████████┊   ████
     │  ███░░░░░┊                   ██████████┊   ████
     │█████░░░░░┊                   ██████████┊ ██████
  0% └──────────┴─┬───────────┬───────────┬───┴───────
                  18:00       Mon         06:00

began      used
Sun 12:00   30%
03:00      100%  used up after 1h00m
09:00       60%  resets in 2h00m

┴ reset   ░ nobody looked: at least so much
"""
ASCII = """\
5h, last 24 hours: now 60%, 3 windows, median 60%, highest 100%, 1 used up
100% +               |                                 #############
     |               |                                 #############
     |               |                                 #############
     |               |                                 #############
     |               |                                 #############        ####
 50% +               |                              ################        ####
     |               |                              ################     #######
     |      #:::::::::                              ################     #######
     |   ####:::::::::                              ################     #######
     |#######:::::::::                              ################  ##########
  0% +---------+-----^--+--------+---------+--------+--------+-----^--+---------
               15:00    18:00    21:00     Mon      03:00    06:00    09:00

began      ended                  used
Sun 12:00  Sun 17:00  ###          30%
03:00      08:00      ##########  100%  used up after 1h00m
09:00      running    ######       60%  resets in 2h00m

^ reset   : nobody looked: at least so much
"""


def test_a_day_is_drawn_to_its_hours() -> None:
    """Each number stands above its hour; resets and hours below; what nobody saw is told apart."""
    assert drawn(DAY_OF_WORK) == BLOCKS.splitlines()


def test_the_same_in_ascii() -> None:
    """Where a terminal knows no blocks, each sign has another one, and none has two meanings."""
    lines = drawn(DAY_OF_WORK, width=80, is_ascii=True)
    assert lines == ASCII.splitlines()
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize(
    ("days", "names"),
    [(7, "Tue Wed Thu Fri Sat Sun Mon"), (30, "05-18 05-25 06-01 06-08"), (90, "03-23 03-30")],
)
def test_days_and_weeks_have_their_names(days: int, names: str) -> None:
    """Hours for a day, weekdays for a week, Mondays for a month: never one above the other."""
    lines = drawn(DAY_OF_WORK, width=100, last_s=days * DAY)
    axis = next(place for place, line in enumerate(lines) if line.startswith("  0%"))
    assert " ".join(lines[axis + 1].split()).startswith(names)
    for name in re.finditer(r"\S+", lines[axis + 1]):
        assert lines[axis][name.start()] in "┬┼"


@pytest.mark.parametrize("width", [30, 40, 63, 64, 80, 120, 200])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    """A line that wraps breaks a plot, and a word that is cut off says nothing."""
    week = Track("seven_day", "7d", (run(100, 3, 9)._replace(resets_at=NOW + DAY),))
    lines = drawn(DAY_OF_WORK, week, width=width, last_s=7 * DAY)
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)


def test_a_long_table_ends_with_the_last_runs() -> None:
    """What is left out is counted."""
    runs = tuple(run(5 * place, 10 + place) for place in range(30, 0, -1))
    lines = drawn(Track("five_hour", "5h", runs), width=80, last_s=7 * DAY)
    assert sum("10%" in line or "11%" in line for line in lines) == 1
    assert "10 earlier" in lines


def test_lines_for_a_pipe_say_the_same() -> None:
    """No plot, no colour: one run a line, with what is to be said of it."""
    settings = Settings()
    settings.time_zone = "UTC"
    known = ProfileData(Snapshot(), settings, Credentials(state="found"), ())
    cut = DAY_OF_WORK.cycles[1]._replace(cut_at=NOW - 5 * HOUR)
    track = DAY_OF_WORK._replace(cycles=(*DAY_OF_WORK.cycles[:1], cut, *DAY_OF_WORK.cycles[2:]))
    assert list(plain_lines(Overview(known, float(NOW)), [track])) == [
        "5h          Sun 12:00    Sun 17:00   30%",
        "5h              03:00        07:00  100%  (used up after 1h00m, reset early)",
        "5h              09:00      running   60%  (resets in 2h00m)",
    ]


def test_one_run_needs_no_summary() -> None:
    """A week that has just begun has no median."""
    assert told(DAY_OF_WORK._replace(cycles=DAY_OF_WORK.cycles[-1:])) == "now 60%"
    assert told(DAY_OF_WORK._replace(cycles=DAY_OF_WORK.cycles[:1])) == (
        "1 window, median 30%, highest 30%"
    )
    two = DAY_OF_WORK._replace(cycles=DAY_OF_WORK.cycles[1:])
    assert told(two) == "now 60%, 100% in the one before"
    assert [span(hours * HOUR) for hours in (1, 24, 48, 168)] == [
        *("1 hour", "24 hours", "48 hours", "7 days")
    ]
