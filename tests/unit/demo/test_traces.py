"""Made-up persons: the same seed is the same person, and their windows behave as real ones do."""

from __future__ import annotations

import functools
import itertools

import pytest

from statusline.demo import traces
from statusline.usage.observation import DAY_S, HOUR_S, Observation

SEEDS = traces.TRAINING_SEEDS[:4]
DAYS = 14


@functools.cache
def seen(seed: int) -> tuple[Observation, ...]:
    """Two weeks of a person."""
    return tuple(traces.trace(traces.person(seed), DAYS))


def of(seed: int, window: str) -> list[Observation]:
    """What was seen of one of its windows."""
    return [each for each in seen(seed) if each.window == window]


def test_the_same_seed_is_the_same_person() -> None:
    """A published table could not be made again."""
    assert tuple(traces.trace(traces.person(SEEDS[0]), DAYS)) == seen(SEEDS[0])
    assert seen(SEEDS[0]) != seen(SEEDS[1])


def test_a_longer_trace_begins_as_a_shorter_one() -> None:
    """The bench asks for three weeks more than the demo: it would measure somebody else."""
    longer = traces.trace(traces.person(SEEDS[0]), DAYS + 3)
    shorter = [each for each in seen(SEEDS[0]) if each.observed_at < traces.START_S + DAYS * DAY_S]
    assert list(itertools.islice(longer, len(shorter))) == shorter


def test_no_seed_is_both_for_training_and_held_out() -> None:
    """A forecast tuned on the persons that it is judged by is praised for its memory."""
    assert not set(traces.TRAINING_SEEDS) & set(traces.HELD_OUT_SEEDS)
    assert len(traces.HELD_OUT_SEEDS) == 60


@pytest.mark.parametrize("seed", SEEDS)
def test_observations_are_in_order_and_in_whole_per_cent(seed: int) -> None:
    """The API tells whole per cents; a generator of finer ones makes every forecast look good."""
    moments = [each.observed_at for each in seen(seed)]
    assert moments == sorted(moments)
    assert all(each.utilization_pct in range(101) for each in seen(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_windows_open_with_the_first_use_and_end_at_their_reset(seed: int) -> None:
    """Windows on a fixed grid would have their begin told by the clock."""
    five = of(seed, "five_hour")
    resets = [each.resets_at for each in five if each.resets_at is not None]
    assert all(each.resets_at is not None for each in five if each.utilization_pct > 0)
    assert all(
        each.observed_at < each.resets_at <= each.observed_at + 5 * HOUR_S
        for each in five
        if each.resets_at is not None
    )
    assert len({reset % (5 * HOUR_S) for reset in resets}) > 5
    weeks = {each.resets_at for each in of(seed, "seven_day")}
    assert len({(reset or 0) % (7 * DAY_S) for reset in weeks}) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_use_grows_until_the_reset_or_a_banked_one(seed: int) -> None:
    """Use that fell in between would make cycles that no real window has."""
    is_at_the_wall = False
    for window in traces.LABELS:
        for before, after in itertools.pairwise(of(seed, window)):
            is_at_the_wall = is_at_the_wall or before.utilization_pct >= 100
            if after.resets_at == before.resets_at and not is_at_the_wall:
                assert after.utilization_pct >= before.utilization_pct


def test_persons_have_nights_gaps_and_full_windows() -> None:
    """Without them a straight line would be hard to beat, and for no good reason."""
    finals = []
    for seed in SEEDS:
        five = [each for each in of(seed, "five_hour") if each.resets_at is not None]
        pauses = [b.observed_at - a.observed_at for a, b in itertools.pairwise(five)]
        assert max(pauses) > 6 * HOUR_S
        for _reset, group in itertools.groupby(five, lambda each: each.resets_at):
            finals.append(max(each.utilization_pct for each in group))
    assert 0.02 < sum(pct >= 100 for pct in finals) / len(finals) < 0.5
    assert len(finals) > 4 * DAYS
