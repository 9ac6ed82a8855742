"""What Antigravity says of its own windows: which of it is believed, and which of that is news."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from statusline.agents import AGENTS
from statusline.history.cycles import length_s
from statusline.refresh import other_sources
from statusline.usage import agent_quota
from statusline.usage.observation import horizon_s
from statusline.usage.snapshot import Snapshot
from tests.support.antigravity import HOUR_S, antigravity, bucket
from tests.support.distorted import distorted

NOW = 1_795_329_000.0
RESET = NOW + 3 * HOUR_S


def heard(*said: dict[str, object], step_s: float = 60) -> Snapshot:
    """What is known after sessions have said this, one after the other."""
    snapshot = Snapshot()
    for count, document in enumerate(said):
        agent_quota.take_stdin(snapshot, document, NOW + count * step_s)
    return snapshot


def five_hour(*lefts: tuple[float, float]) -> tuple[float, int | None, float]:
    """Use, reset and age of the five-hour window, after shares were told with their resets."""
    snapshot = heard(*(antigravity(NOW, gemini_5h=bucket(*each)) for each in lefts))
    seen = snapshot.sources["antigravity"]["antigravity.five_hour"]
    return seen.utilization_pct, seen.resets_at, seen.observed_at - NOW


def test_each_window_is_known_by_its_name() -> None:
    """Those of other makers' models count apart: they would stand as the plan's."""
    found = agent_quota.of_stdin(antigravity(NOW), NOW)
    assert [(each.window, each.label, each.utilization_pct, each.source) for each in found] == [
        ("antigravity.five_hour", "Agy 5h", 14.04, "antigravity"),
        ("antigravity.seven_day", "Agy 7d", 50.0, "antigravity"),
        ("antigravity.five_hour_3p", "Agy 3p 5h", 0.0, "antigravity"),
        ("antigravity.seven_day_3p", "Agy 3p 7d", 75.0, "antigravity"),
    ]
    assert found[0].resets_at == RESET
    lengths = [length_s(each.window) for each in found]
    assert lengths == [5 * HOUR_S, 168 * HOUR_S, 5 * HOUR_S, 168 * HOUR_S]
    horizons = [horizon_s(each.window) for each in found]
    assert horizons == [6 * HOUR_S, 192 * HOUR_S, 6 * HOUR_S, 192 * HOUR_S]


def test_its_name_and_labels_are_those_of_its_row() -> None:
    """A prompt must not load the table of agents, and has them once more."""
    assert AGENTS[agent_quota.AGENT].short == agent_quota.SHORT


@pytest.mark.parametrize(
    "said",
    [
        bucket(1.5, RESET),
        bucket(-0.1, RESET),
        bucket(None, RESET),
        bucket("0.5", RESET),
        bucket(0.5, NOW - 60),
        bucket(0.5, NOW + 7 * HOUR_S),
        {"remaining_fraction": 0.5, "reset_in_seconds": 12_000},
        7,
    ],
)
def test_what_cannot_be_true_of_a_window_is_left_out(said: object) -> None:
    """No share, a reset that is over or too far: no window."""
    assert agent_quota.of_stdin(antigravity(NOW, gemini_5h=said), NOW) == []


@pytest.mark.parametrize("name", ["gemini", "gemini-30d", "-5h", "a.b-5h", "x" * 13 + "-5h"])
def test_a_bucket_of_another_kind_is_no_window(name: str) -> None:
    """A length that nobody has told is not guessed; a name becomes a part of `usage.json`."""
    said = antigravity(NOW)
    said["quota"] = {name: bucket(0.5, RESET)}
    assert agent_quota.of_stdin(said, NOW) == []


def test_only_antigravity_tells_antigravity_s_windows() -> None:
    """A `quota` of anybody else is not known."""
    assert agent_quota.of_stdin({**antigravity(NOW), "product": "other"}, NOW) == []


def test_an_idle_session_takes_nothing_back() -> None:
    """It repeats what it was told an hour ago: two sessions would take turns for ever."""
    assert five_hour((0.5, RESET), (0.86, RESET)) == (50.0, RESET, 0)
    assert five_hour((0.5, RESET), (0.1, RESET - 60)) == (90.0, RESET - 60, 60)
    assert five_hour((0.5, RESET), (0.4, RESET - HOUR_S)) == (50.0, RESET, 0)
    assert five_hour((0.5, RESET), (0.9, RESET + HOUR_S)) == (10.0, RESET + HOUR_S, 60)


def test_what_was_told_is_not_told_again() -> None:
    """Each render would start a refresher, and a moving reset of an unused window, too."""
    snapshot = heard(antigravity(NOW))
    assert agent_quota.take_stdin(snapshot, antigravity(NOW), NOW + 60) == b""
    moved = antigravity(NOW, **{"3p_5h": bucket(1, NOW + 5 * HOUR_S + 300)})
    assert agent_quota.take_stdin(snapshot, moved, NOW + 300) == b""
    used = antigravity(NOW, **{"3p_5h": bucket(0.99, NOW + 5 * HOUR_S + 300)})
    told = json.loads(agent_quota.take_stdin(snapshot, used, NOW + 300))
    assert told == {
        "agent": "antigravity",
        "said_at": NOW + 300,
        "windows": {"3p-5h": [1.0, int(NOW) + 5 * HOUR_S + 300]},
    }


def test_a_newer_program_s_cache_is_left_alone() -> None:
    """No refresher of ours would write it: each render would start one for nothing."""
    snapshot = Snapshot()
    snapshot.schema = 99
    assert agent_quota.take_stdin(snapshot, antigravity(NOW), NOW) == b""


def test_a_refresher_hears_what_a_render_has_heard() -> None:
    """Where `sources` names it; Claude's windows and sessions stay as they are."""
    shown = Snapshot()
    message = json.loads(agent_quota.take_stdin(shown, antigravity(NOW), NOW))
    kept = Snapshot()
    assert other_sources.take_message(kept, message, (), NOW + 5)
    assert kept.sources == {}
    assert other_sources.take_message(kept, message, ("antigravity",), NOW + 5)
    assert kept.sources == shown.sources
    assert kept.windows == kept.memory.sessions == {}
    late = {**message, "said_at": NOW + 999}
    again = Snapshot()
    other_sources.take_message(again, late, ("antigravity",), NOW)
    assert {each.observed_at for each in again.sources["antigravity"].values()} == {NOW}


@given(distorted(antigravity(NOW)))
def test_no_stdin_makes_it_raise(said: object) -> None:
    """Any JSON is windows or none."""
    document = said if isinstance(said, dict) else {}
    for each in agent_quota.of_stdin(document, NOW):
        assert 0 <= each.utilization_pct <= 100
        assert each.resets_at is not None
