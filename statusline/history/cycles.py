"""Runs of windows, from their start to their reset, and what was seen of their use meanwhile.

Pure functions; all moments are epoch seconds.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from typing import NamedTuple

from statusline.usage.observation import DAY_S, HOUR_S, Observation, same_reset, told_length_s

#: A fall by more than this, in points, is a window that begins anew before its reset. By less,
#: two sources differ that round in their own ways.
FALL_PCT = 1.0
#: From this use on a window is full.
FULL_PCT = 100.0


def length_s(window: str) -> int | None:
    """Return how long a window runs in seconds; ``None`` for one of which that is not known."""
    agent, dot, own = window.partition(".")
    if dot and ":" not in agent:
        window, told_s = own, told_length_s(own)
        if told_s is not None:
            return told_s
    if window.startswith("five_hour"):
        return 5 * HOUR_S
    return 7 * DAY_S if window.startswith(("seven_day", "weekly:", "weekly_")) else None


class Seen(NamedTuple):
    """A number of a window: first seen at ``at_s``, last seen, unchanged, at ``until_s``.

    ``resets_at`` is ``None`` while no window is running.
    """

    window: str
    used_pct: float
    resets_at: int | None
    at_s: float
    until_s: float

    @classmethod
    def of(cls, seen: Observation) -> Seen:
        """Return what one observation tells."""
        at_s = seen.observed_at
        return cls(seen.window, seen.utilization_pct, seen.resets_at, at_s, at_s)

    def is_same(self, later: Seen) -> bool:
        """Tell whether ``later`` says of the same run what this says."""
        if self.used_pct != later.used_pct or self.window != later.window:
            return False
        if self.resets_at is None or later.resets_at is None:
            return self.resets_at is later.resets_at
        return same_reset(self.resets_at, later.resets_at)


def is_sound(used_pct: object, resets_at: object, at: object, until: object) -> bool:
    """Tell whether a row holds what was written: SQLite lets any value stand in any column."""
    is_reset = resets_at is None or type(resets_at) is int
    return type(used_pct) is float and is_reset and type(at) is type(until) is int


class Point(NamedTuple):
    """Use that was seen at a moment."""

    at_s: float
    pct: float


class Cycle(NamedTuple):
    """One run of a window; its ``points`` in order of time, where the use was seen to rise.

    ``seen_at`` is until when it was watched: the last point held at least so long. ``is_closed``
    says that it is over, ``cut_at`` that it was over before its reset, and when that was seen: a
    banked reset was used, or the provider has reset the limits.
    """

    window: str
    starts_at: float
    resets_at: int
    points: tuple[Point, ...]
    is_closed: bool = False
    seen_at: float = 0.0
    cut_at: float | None = None

    @property
    def ends_at(self) -> float:
        """When it ends or has ended."""
        return self.resets_at if self.cut_at is None else self.cut_at

    @property
    def used_pct(self) -> float:
        """The last use that was seen of it, in per cent."""
        return self.points[-1].pct if self.points else 0.0

    @property
    def full_at(self) -> float | None:
        """When it was first seen at 100 % (epoch s), ``None`` if it never was."""
        return next((point.at_s for point in self.points if point.pct >= FULL_PCT), None)

    def pct_at(self, at_s: float) -> float:
        """Return the use as it was known at ``at_s``: 0 before anything was seen."""
        index = bisect.bisect_right(self.points, (at_s, float("inf")))
        return self.points[index - 1].pct if index else 0.0


class _Run:
    """A cycle while its points come in."""

    def __init__(self, seen: Seen, starts_at: float, resets_at: int) -> None:
        self.window = seen.window
        self.starts_at = min(starts_at, seen.at_s)
        self.resets_at = resets_at
        self.points: list[Point] = []
        self.seen_at = 0.0

    @property
    def used_pct(self) -> float:
        return self.points[-1].pct if self.points else 0.0

    def add(self, seen: Seen, resets_at: int) -> None:
        """Take in what was seen next; of two clocks the later one is believed."""
        self.resets_at = resets_at
        while self.points and self.points[-1].at_s > seen.at_s:
            self.points.pop()
        if not self.points or seen.used_pct > self.used_pct:
            self.points.append(Point(max(seen.at_s, self.starts_at), seen.used_pct))
        self.seen_at = max(seen.until_s, self.points[-1].at_s)

    def cycle(self, cut_at: float | None, *, is_closed: bool) -> Cycle:
        points = tuple(self.points)
        return Cycle(
            self.window, self.starts_at, self.resets_at, points, is_closed, self.seen_at, cut_at
        )


def cycles(seen: Iterable[Seen], now: float) -> list[Cycle]:
    """Return the cycles of one window, oldest first, from its numbers in the order they came in.

    A cycle that has not been seen to end is over once its reset has passed at ``now``.
    """
    found: list[Cycle] = []
    run: _Run | None = None
    for each in seen:
        length = length_s(each.window)
        resets_at = each.resets_at
        if length is None or resets_at is None or each.at_s > resets_at:
            continue
        starts_at: float | None = resets_at - length
        if run is not None:
            starts_at = _start_of_next(run, each, resets_at, length)
        if starts_at is not None:
            if run is not None:
                found.append(run.cycle(_cut_at(run, each), is_closed=True))
            run = _Run(each, starts_at, resets_at)
        if run is not None:
            run.add(each, resets_at)
    if run is not None:
        found.append(run.cycle(None, is_closed=run.resets_at <= now))
    return found


def _start_of_next(run: _Run, seen: Seen, resets_at: int, length: int) -> float | None:
    """Return when the cycle of ``seen`` began, ``None`` where it is the same ``run`` still."""
    has_fallen = seen.used_pct < run.used_pct - FALL_PCT
    is_same = same_reset(run.resets_at, resets_at)
    if is_same and not has_fallen:
        return None
    if has_fallen and seen.at_s < run.resets_at:
        # It began anew at some moment between the two; the earlier end makes no pace too high.
        return run.seen_at
    return resets_at - length


def _cut_at(run: _Run, seen: Seen) -> float | None:
    """Return when a run was seen to have ended, ``None`` where its reset was its end."""
    return seen.at_s if seen.at_s < run.resets_at else None
