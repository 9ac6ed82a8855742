"""Five-hour windows: the true ones where they were seen, estimates elsewhere, never two at once."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from statusline.tokens.blocks import LENGTH_S, Block, assigned
from statusline.tokens.counts import SLOT_S

HOUR_S = 3600
NOON = 1_795_176_000  # 2026-11-20 12:00 UTC


def test_a_block_that_nobody_saw_begins_with_the_hour() -> None:
    """As others estimate it: from the first response, by the hour, for five hours."""
    slots = [NOON + 600, NOON + 4 * HOUR_S, NOON + 5 * HOUR_S + 300]
    found = assigned(slots, [])
    assert found[slots[0]] == found[slots[1]] == Block(NOON, NOON + LENGTH_S)
    assert found[slots[2]] == Block(NOON + LENGTH_S, NOON + 2 * LENGTH_S)
    assert found[slots[0]].is_estimate


def test_a_window_that_was_seen_is_believed() -> None:
    """An estimate in the midst of a window that is known would contradict `history`."""
    seen = Block(NOON + 1800, NOON + 1800 + LENGTH_S, 61.0)
    slots = [NOON, NOON + 2400, NOON + 2 * LENGTH_S]
    found = assigned(slots, [seen])
    assert found[slots[0]] == Block(NOON, NOON + 1800)  # until the seen one begins
    assert found[slots[1]] == seen
    assert found[slots[2]].is_estimate


def test_an_estimate_does_not_reach_into_the_window_before() -> None:
    """The hour of the first response can begin before a window that was seen has ended."""
    seen = Block(NOON - LENGTH_S + 1800, NOON + 1800, 5.0)
    (found,) = assigned([NOON + 2400], [seen]).values()
    assert found == Block(NOON + 1800, NOON + 1800 + LENGTH_S)


def test_a_slot_belongs_to_the_window_that_began_in_it() -> None:
    """Windows do not begin with our slots: what made one begin is in it."""
    seen = Block(NOON + 120, NOON + 120 + LENGTH_S, 5.0)
    assert assigned([NOON], [seen]) == {NOON: seen}


SLOTS = st.integers(NOON // SLOT_S, NOON // SLOT_S + 600).map(lambda number: number * SLOT_S)


def windows(begins: list[int]) -> list[Block]:
    """Windows that were seen, each cut short where the next one begins."""
    moments = [NOON + begin * SLOT_S for begin in sorted(begins)]
    ends = [*moments[1:], NOON + 10**9]
    return [
        Block(begin, min(begin + LENGTH_S, end), 1.0)
        for begin, end in zip(moments, ends, strict=False)
    ]


KNOWN = st.lists(st.integers(0, 600), max_size=4, unique=True).map(windows)


@settings(deadline=None)
@given(st.sets(SLOTS, max_size=20), KNOWN)
def test_blocks_do_not_overlap(slots: set[int], known: list[Block]) -> None:
    """Each slot is in its block, no block is longer than five hours, no two are at once."""
    found = assigned(slots, known)
    assert found.keys() == slots
    for at_s, block in found.items():
        assert block.starts_at <= at_s < block.ends_at
        assert block.ends_at - block.starts_at <= LENGTH_S
    order = sorted(set(found.values()) | set(known))
    for one, other in itertools.pairwise(order):
        assert one.ends_at <= other.starts_at
