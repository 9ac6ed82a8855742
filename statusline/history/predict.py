"""Where a running window leads: its use at the reset, and when it is full.

What is left of a window is used as usual at those hours (``habit``), times a *level*: how much
was used so far, beside what is usual for that. A pause tells that work may be over: in a 5-hour
window half an hour of it divides the rest by e. docs/forecast.md tells how right this is, beside
simpler rules and a fitted model, and what else was tried.

Pure: nothing here asks for the time or knows where the numbers come from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from statusline.history import habit
from statusline.history.cycles import Cycle, length_s
from statusline.history.habit import Habit
from statusline.usage.forecast import Forecast
from statusline.usage.observation import HOUR_S

#: Nothing is said before so much of a window has passed and been used: 1 % steps are too coarse.
LEAST_SHARE = 0.05
LEAST_PCT = 3.0
LEAST_POINTS = 2
#: A range needs so many past windows: with fewer, four of five is no number of windows.
LEAST_PAST = 8
IN_RANGE = 0.8
#: Windows that are looked back at: what was usual half a year ago need not be now.
MOST_PAST = 60
#: What is usual counts half with this many windows known, three quarters with thrice as many.
HALF_KNOWN = 1
#: Two steps: where next to nothing was expected, an error of two steps is none.
STEPS_PCT = 2.0
HALF_HOUR_S = HOUR_S / 2


class _Kind(NamedTuple):
    """What differs between windows.

    ``usual_pct``: how many points of use weigh as much as all that is usual. A 5-hour window is
    one or two bursts: a quarter of it says how it goes on. A week is the sum of many days, each
    different: a whole one's use is needed. ``pause_s``: the pause after which 1/e of the work is
    left to come, ``None`` where pauses say nothing.
    """

    habit: Callable[[Sequence[Cycle]], Habit]
    usual_pct: float
    pause_s: float | None


SHORT = _Kind(habit.daily, usual_pct=25.0, pause_s=HALF_HOUR_S)
LONG = _Kind(habit.weekly, usual_pct=100.0, pause_s=None)
LONG_FROM_S = 24 * HOUR_S


#: A forecaster, called as ``predict`` is; ``naive`` has two more, ``backtest`` compares them.
Predictor = Callable[[Cycle, float, Sequence[Cycle]], Forecast | None]


class _Outlook(NamedTuple):
    """A window at one moment: what was used, what is expected to come, in points."""

    used_pct: float
    coming_pct: float
    level: float


def predict(cycle: Cycle, now: float, past: Sequence[Cycle]) -> Forecast | None:
    """Return where ``cycle`` leads as known at ``now`` (epoch s), ``None`` while nothing is said.

    ``past`` are closed cycles of the same window, oldest first. The window is forecast to fill
    where its projected use reaches 100 %.
    """
    length = length_s(cycle.window)
    share = (now - cycle.starts_at) / max(cycle.resets_at - cycle.starts_at, 1.0)
    used_pct = cycle.pct_at(now)
    known = sum(point.at_s <= now for point in cycle.points[:LEAST_POINTS])
    if length is None or not LEAST_SHARE <= share < 1:
        return None
    if used_pct < LEAST_PCT or known < LEAST_POINTS:
        return None
    kind = LONG if length >= LONG_FROM_S else SHORT
    past = [each for each in past if each.points][-MOST_PAST:]
    usual = kind.habit(past)
    outlook = _outlook(cycle, now, usual, kind)
    projected_pct = outlook.used_pct + outlook.coming_pct
    ratios = _ratios(past, share, usual, kind)
    spread = _spread(outlook, ratios) if len(ratios) >= LEAST_PAST else None
    full = None
    if used_pct < 100 <= projected_pct:
        full = _full(cycle, now, outlook, usual, kind, spread)
    around = None if spread is None else _around(outlook, spread)
    pace = used_pct / 100 / share
    return Forecast(cycle.window, cycle.resets_at, now, pace, projected_pct, around, full)


def _outlook(cycle: Cycle, now: float, usual: Habit, kind: _Kind) -> _Outlook:
    """Return what is expected of a cycle as it was known at ``now``."""
    used_pct = cycle.pct_at(now)
    so_far_pct = usual.usual_pct(cycle.starts_at, now)
    weight_pct = kind.usual_pct * usual.known / (usual.known + HALF_KNOWN)
    level = (used_pct + weight_pct) / max(so_far_pct + weight_pct, 1e-6)
    coming_pct = level * usual.usual_pct(now, cycle.resets_at)
    if kind.pause_s is not None:
        last_s = max((point.at_s for point in cycle.points if point.at_s <= now), default=now)
        coming_pct *= math.exp(-(now - last_s) / kind.pause_s)
    return _Outlook(used_pct, coming_pct, level)


def _ratios(past: Sequence[Cycle], share: float, usual: Habit, kind: _Kind) -> list[float]:
    """Return, of past windows at the same elapsed share, what came over what was expected.

    Those that were full by then say nothing, nor do those that ended before their reset.
    """
    found = []
    for cycle in past:
        at_s = cycle.starts_at + share * (cycle.resets_at - cycle.starts_at)
        outlook = _outlook(cycle, at_s, usual, kind)
        is_whole = cycle.cut_at is None or cycle.used_pct >= 100
        if is_whole and LEAST_PCT <= outlook.used_pct < 100:
            came_pct = min(cycle.used_pct, 100.0) - outlook.used_pct
            found.append(came_pct / (outlook.coming_pct + STEPS_PCT))
    return found


def _spread(outlook: _Outlook, ratios: Sequence[float]) -> tuple[float, float]:
    """Return the least and the most that comes, in points: the shortest range that holds 80 %.

    Of ``ratios``; with one more than there are, for the window that runs (conformal prediction).
    """
    coming = sorted(ratio * (outlook.coming_pct + STEPS_PCT) for ratio in ratios)
    inside = min(math.ceil(IN_RANGE * (len(coming) + 1)), len(coming))
    left_pct = 100.0 - outlook.used_pct
    ranges = [
        (coming[first], coming[first + inside - 1]) for first in range(len(coming) - inside + 1)
    ]
    return min(ranges, key=lambda pair: min(pair[1], left_pct) - min(pair[0], left_pct))


def _around(outlook: _Outlook, spread: tuple[float, float]) -> tuple[float, float]:
    """Return the range of the use at the reset, in per cent: at 100 it ends, nothing more comes."""
    used_pct, expected_pct, _level = outlook
    left_pct = max(100.0 - used_pct, 0.0)
    low_pct, high_pct = (min(coming, left_pct) for coming in spread)
    return used_pct + min(low_pct, expected_pct), used_pct + max(high_pct, expected_pct)


def _full(
    cycle: Cycle,
    now: float,
    outlook: _Outlook,
    usual: Habit,
    kind: _Kind,
    spread: tuple[float, float] | None,
) -> tuple[float, float | None, float | None] | None:
    """Return when a window is full that is forecast to fill, and the range around that.

    ``None`` where that is not before its reset: what is expected of both may differ by a little.
    """
    left_pct = 100.0 - outlook.used_pct
    if kind is LONG:
        rate = left_pct / _usual_s(usual, now, cycle.resets_at, left_pct / outlook.level)
    else:
        # The mean of three rates: as expected, as since the start, as in the last half hour.
        recent_s = min(HALF_HOUR_S, now - cycle.starts_at)
        rate = (
            outlook.coming_pct / (cycle.resets_at - now)
            + outlook.used_pct / (now - cycle.starts_at)
            + (outlook.used_pct - _pct_at(cycle, now - recent_s)) / recent_s
        ) / 3
    at_s = now + left_pct / rate
    if at_s >= cycle.resets_at:
        return None
    if spread is None:
        return at_s, None, None
    slow, fast = (coming / outlook.coming_pct for coming in spread)
    from_s = now + (at_s - now) / max(fast, 1.0)
    to_s = now + (at_s - now) / min(slow, 1.0) if slow > 0 else math.inf
    return at_s, from_s, to_s if to_s < cycle.resets_at else None


def _pct_at(cycle: Cycle, at_s: float) -> float:
    """Return the use at a moment; before anybody looked, as if it had risen evenly until then.

    Else all of it would seem to have been used in the half hour in which it was first seen.
    """
    first = cycle.points[0]
    if at_s >= first.at_s or first.at_s <= cycle.starts_at:
        return cycle.pct_at(at_s)
    return first.pct * (at_s - cycle.starts_at) / (first.at_s - cycle.starts_at)


def _usual_s(usual: Habit, now: float, until_s: float, pct: float) -> float:
    """Return after how many seconds ``pct`` points are usually used; ``until_s`` at the latest."""
    low_s, high_s = now, until_s
    while high_s - low_s > 60:
        middle_s = (low_s + high_s) / 2
        is_enough = usual.usual_pct(now, middle_s) >= pct
        low_s, high_s = (low_s, middle_s) if is_enough else (middle_s, high_s)
    return max(high_s - now, 1.0)
