"""Codex's rollouts: every shape that a version writes, and what in them is not believed."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest
from hypothesis import given

from statusline.sources import codex, rollouts
from statusline.system.environ import Environment
from tests.support.codex_home import keep, limits_of, recorded, told
from tests.support.distorted import distorted

#: 2026-11-22 06:30 UTC: after every recording.
NOW = 1_795_329_000
HOUR_S = 3600
#: The versions that were recorded with two windows.
VERSIONS = ("0.42.0", "0.50.0", "0.77.0", "0.104.0", "0.128.0", "0.148.0", "0.169.0")


def moment(at_s: float) -> str:
    """A moment as Codex writes it."""
    return datetime.datetime.fromtimestamp(at_s, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def read(home: Path, now: float = NOW) -> dict[str, tuple[float, int | None]]:
    """What is read of a Codex home: use and reset by window."""
    found = codex.read(Environment({"HOME": "/nowhere", "CODEX_HOME": str(home)}), now)
    return {each.window: (each.utilization_pct, each.resets_at) for each in found}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_tells_both_windows(version: str, tmp_path: Path) -> None:
    """0.42.0 counts a reset from its line, others name it: what none of them tells is 0 %."""
    keep(tmp_path, recorded(version))
    found = codex.read(Environment({"HOME": "/nowhere", "CODEX_HOME": str(tmp_path)}), NOW)
    assert [(each.window, each.label, each.utilization_pct) for each in found] == [
        ("codex.five_hour", "Codex 5h", 27.5),
        ("codex.seven_day", "Codex 7d", 4.0),
    ]
    for each, ahead_s in zip(found, (13_140, 566_340), strict=True):
        assert each.resets_at is not None
        # The server counted from its own start, a few seconds before.
        assert ahead_s - 30 <= each.resets_at - each.observed_at <= ahead_s + 1


def test_a_version_that_tells_nothing_is_no_trouble(tmp_path: Path) -> None:
    """0.29.0 wrote lines of another shape, without any limits."""
    keep(tmp_path, recorded("0.29.0"))
    assert read(tmp_path) == {}


def test_a_limit_of_one_model_is_not_the_plan_s(tmp_path: Path) -> None:
    """0.104.0 writes the model's limit behind the plan's, and would say 80 % for the plan."""
    assert limits_of("0.104.0-two-limits") == ["codex", "codex_bengalfox", "codex_bengalfox"]
    keep(tmp_path, recorded("0.104.0-two-limits"))
    assert read(tmp_path)["codex.five_hour"][0] == 27.5


def test_the_plan_s_last_numbers_stay_behind_those_of_a_model(tmp_path: Path) -> None:
    """0.169.0 writes the model's limit alone: the plan's is in the session before."""
    keep(tmp_path, recorded("0.169.0-two-limits"), name="b", at_s=NOW - 60)
    assert read(tmp_path) == {}
    keep(tmp_path, recorded("0.169.0"), name="a", at_s=NOW - 120)
    assert read(tmp_path)["codex.five_hour"][0] == 27.5


def test_a_window_is_known_by_its_length_not_its_place(tmp_path: Path) -> None:
    """Without a five-hour window the weekly one comes first, and was shown as the other."""
    keep(tmp_path, recorded("0.169.0-week-alone"))
    assert {name: pct for name, (pct, _reset) in read(tmp_path).items()} == {"codex.seven_day": 4.0}


@pytest.mark.parametrize(
    ("minutes", "window", "label"),
    [
        (299, "codex.five_hour", "Codex 5h"),
        (10_079, "codex.seven_day", "Codex 7d"),
        (43_200, "codex.43200m", "Codex 30d"),
        (120, "codex.120m", "Codex 2h"),
        (90, "codex.90m", "Codex 90m"),
    ],
)
def test_other_lengths_have_names_of_their_own(minutes: int, window: str, label: str) -> None:
    """A length that nobody has seen yet is neither lost nor taken for a usual one."""
    line = told(moment(NOW - 60), minutes=minutes, resets_at=NOW + 600)
    (found,) = codex.windows(json.loads(line), NOW)
    assert (found.window, found.label) == (window, label)


@pytest.mark.parametrize(
    "line",
    [
        told(moment(NOW + HOUR_S), resets_at=NOW + 2 * HOUR_S),
        told(moment(NOW - 60), resets_at=NOW + 30 * HOUR_S),
        told(moment(NOW - 60), resets_at=NOW + HOUR_S, pct=-1),
        told(moment(NOW - 60), resets_at=NOW + HOUR_S, pct=4000),
        told(moment(NOW - 60), resets_at=NOW + HOUR_S, minutes=0),
        told(moment(NOW - 6 * HOUR_S - 1)),
        told("yesterday", resets_at=NOW + HOUR_S),
        told(moment(NOW - 60), resets_at=NOW + HOUR_S, limit_id="codex_other"),
        told(moment(NOW - 60), primary=None),
        *("{}", "[]", "null", "7"),
        '{"type":"event_msg","payload":{"type":"token_count","rate_limits":null}}',
    ],
)
def test_what_cannot_be_true_is_left_out(line: str) -> None:
    """A time to come, a reset beyond the window, a number that is none: no window, no error."""
    assert codex.windows(json.loads(line), NOW) == []


@given(distorted(json.loads(told(moment(NOW - 60), resets_at=NOW + HOUR_S))))
def test_no_line_makes_it_raise(line: object) -> None:
    """Any JSON is windows or none."""
    for each in codex.windows(line, NOW):
        assert 0 <= each.utilization_pct <= 1000
        assert each.observed_at <= NOW + HOUR_S


def test_the_last_answer_counts_whatever_day_its_session_began(tmp_path: Path) -> None:
    """A session that is taken up again keeps its file: the newest name is not the newest answer."""
    old = told(moment(NOW - 900), pct=10, resets_at=NOW + HOUR_S)
    new = told(moment(NOW - 60), pct=33, resets_at=NOW + HOUR_S)
    keep(tmp_path, [old], day="2026/11/22", at_s=NOW - 900)
    keep(tmp_path, [old, new], day="2026/10/03", at_s=NOW - 60)
    assert read(tmp_path)["codex.five_hour"][0] == 33


def test_a_session_in_the_archive_is_found(tmp_path: Path) -> None:
    """Codex moves a session there; its numbers are no less true."""
    path = keep(tmp_path, recorded("0.169.0"))
    archive = tmp_path / "archived_sessions"
    archive.mkdir()
    path.rename(archive / path.name)
    assert read(tmp_path)["codex.five_hour"][0] == 27.5


def test_a_line_that_is_being_written_costs_itself_alone(tmp_path: Path) -> None:
    """The refresher reads while Codex writes: half a line is none."""
    whole = told(moment(NOW - 60), pct=33, resets_at=NOW + HOUR_S)
    path = keep(tmp_path, [whole])
    path.write_text(f"{whole}\n{whole[:-40]}")
    assert read(tmp_path)["codex.five_hour"][0] == 33


@pytest.mark.parametrize("behind", [rollouts.NEAR_END, 4 * rollouts.NEAR_END])
def test_a_long_answer_behind_the_numbers_does_not_hide_them(behind: int, tmp_path: Path) -> None:
    """What a tool printed may be megabytes, all of it later than the last numbers."""
    whole = told(moment(NOW - 60), pct=33, resets_at=NOW + HOUR_S)
    keep(tmp_path, [whole, '{"type":"response_item","output":"' + "x" * behind + '"}'])
    assert read(tmp_path)["codex.five_hour"][0] == 33


def test_files_of_others_and_no_files_are_left_alone(tmp_path: Path) -> None:
    """A link, a directory, a pipe: none is opened, nothing hangs."""
    day = tmp_path / "sessions/2026/11/22"
    (day / "rollout-dir.jsonl").mkdir(parents=True)
    os.mkfifo(day / "rollout-pipe.jsonl")
    elsewhere = tmp_path / "elsewhere.jsonl"
    elsewhere.write_text("\n".join(recorded("0.169.0")) + "\n")
    (day / "rollout-link.jsonl").symlink_to(elsewhere)
    (tmp_path / "sessions/notes").write_text("")
    assert read(tmp_path) == {}
    assert read(tmp_path / "nowhere") == {}


def test_without_a_home_there_is_nothing_to_read() -> None:
    """A relative CODEX_HOME would depend on the project that one happens to be in."""
    assert codex.read(Environment({"CODEX_HOME": "codex"}), NOW) == []
