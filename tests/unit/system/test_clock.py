"""Stamps measure time past although somebody sets the wall clock (G01, G02, G04, G07, H14)."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given

from statusline.system import clock
from statusline.system.clock import Stamp
from tests.support.distorted import distorted


@pytest.mark.parametrize(
    ("since", "now", "elapsed_s"),
    [
        pytest.param(Stamp(1000, 10, "a"), Stamp(1060, 70, "a"), 60, id="nothing-happened"),
        pytest.param(Stamp(1000, 10, "a"), Stamp(4660, 70, "a"), 60, id="G01-set-forward"),
        pytest.param(Stamp(5000, 10, "a"), Stamp(1000, 70, "a"), 60, id="G02-set-back"),
        pytest.param(Stamp(1000, 10, "a"), Stamp(29800, 28810, "a"), 28800, id="G04-suspend"),
        pytest.param(Stamp(1000, 900, "a"), Stamp(1060, 5, "b"), 60, id="G07-reboot"),
        pytest.param(Stamp(9000, 900, "a"), Stamp(1060, 5, "b"), None, id="G07-future"),
        pytest.param(Stamp(1061, 900, "a"), Stamp(1060, 5, "b"), 0, id="G07-tolerance"),
        pytest.param(Stamp(1000, None, None), Stamp(1060, None, None), 60, id="H14-no-boot-clock"),
        pytest.param(Stamp(9000, None, None), Stamp(1060, None, None), None, id="H14-future"),
        pytest.param(Stamp(1000, None, "a"), Stamp(1060, 70, "a"), 60, id="H14-appeared"),
        pytest.param(Stamp(1000, 99, "a"), Stamp(1060, 70, "a"), 60, id="boot-clock-went-back"),
    ],
)
def test_elapsed_time_survives_a_changed_clock(
    since: Stamp, now: Stamp, elapsed_s: float | None
) -> None:
    """Within one boot the boot clock decides, across boots the wall clock unless it went back."""
    assert now.elapsed_s(since) == elapsed_s


@pytest.mark.parametrize(
    ("since", "now", "at_least_s"),
    [
        pytest.param(Stamp(1000, 10, None), Stamp(4660, 15, None), 5, id="set-forward"),
        pytest.param(Stamp(5000, 10, None), Stamp(1000, 70, None), 60, id="set-back"),
        pytest.param(Stamp(1000, 900, None), Stamp(9999, 5, None), 5, id="started-anew"),
        pytest.param(Stamp(1000, 10, None), Stamp(1060, 70, "a"), 60, id="named-since"),
        pytest.param(Stamp(1000, 900, "a"), Stamp(1060, 5, "b"), 60, id="two-named-starts"),
        pytest.param(Stamp(1000, None, None), Stamp(1060, None, None), 60, id="wall-alone"),
        pytest.param(Stamp(9000, None, None), Stamp(1060, None, None), None, id="nobody-knows"),
    ],
)
def test_what_has_passed_for_certain_is_not_told_by_a_clock_that_is_set(
    since: Stamp, now: Stamp, at_least_s: float | None
) -> None:
    """Without a boot clock, one flapping by an hour let 21 requests out in 50 seconds."""
    assert now.at_least_s(since) == at_least_s


def test_the_present_is_measured_by_a_clock_that_runs() -> None:
    """Two stamps of now lie a little apart, and the wall clock is the system's."""
    before_s, before_wall_s = time.monotonic(), time.time()
    first = clock.stamp()
    second = clock.stamp()
    now_s = clock.now()
    after_s, after_wall_s = time.monotonic(), time.time()
    elapsed_s = second.elapsed_s(first)
    assert elapsed_s is not None
    assert 0 <= elapsed_s <= after_s - before_s
    assert before_wall_s <= now_s <= after_wall_s


def test_a_stamp_survives_the_file() -> None:
    """What is written is read again as the same moment."""
    stamp = clock.stamp()
    again = Stamp.from_json(json.loads(json.dumps(stamp.to_json())))
    assert again is not None
    assert again.to_json() == stamp.to_json()


@given(distorted(Stamp(1000.0, 10.0, "a").to_json()))
def test_a_damaged_stamp_is_sound_or_none(value: object) -> None:
    """No number in a file raises, and what was read can be written again."""
    stamp = Stamp.from_json(value if isinstance(value, dict) else {})
    if stamp is not None:
        json.dumps(stamp.to_json(), allow_nan=False)
        assert (clock.stamp().elapsed_s(stamp) or 0.0) >= 0


@pytest.mark.parametrize(
    ("wall_s", "boot_s", "was_set"),
    [
        (30.0, 30.0, False),
        (31.5, 30.0, False),
        (3630.0, 30.0, True),
        (-3570.0, 30.0, True),
        (3600.0, None, False),
    ],
)
def test_a_clock_that_was_set_is_told_from_time_that_passed(
    wall_s: float, boot_s: float | None, was_set: bool
) -> None:
    """Segments that were made while somebody set the clock were believed for an hour."""
    before = Stamp(1_000_000.0, 500.0, "one")
    after = Stamp(1_000_000.0 + wall_s, None if boot_s is None else 500.0 + boot_s, "one")
    assert after.was_set(before) is was_set
