"""How right a forecast was: asked at moments of windows that have ended, with what was known then.

*Moments*: a cycle that came to its reset or was full before is looked at when a tenth, two
tenths ... nine tenths of it have passed, where at least 3 % are used, two points are known and
100 % is not reached yet. The moments do not depend on who forecasts; a forecaster that is silent
at one of them is counted, and scored as if it had said that nothing more will be used.

*Projected use at the reset*: the error is the distance of forecast and last known use in points;
both end at 100, since a window that is full refuses more.

*Time to the limit*: at moments of windows that reached 100 %, the distance of forecast and
moment in minutes; who does not see the limit coming is taken to have said the reset.

*Range*: the share of ranges that hold the last known use, of those that were given.

*Hits before the reset*: of the moments at which the limit was said to come first, the share
that came true (precision); of those that came true, the share that was said (recall). The lead
is the median time from the first moment at which that was said of a window until it was full.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from statusline.history import naive
from statusline.history.cycles import Cycle, Point
from statusline.history.predict import Predictor, predict
from statusline.usage.forecast import Forecast

#: Elapsed shares at which a cycle is looked at.
SHARES = tuple(tenth / 10 for tenth in range(1, 10))
#: Fewer steps than this say nothing; the forecast is silent there as well.
LEAST_PCT = 3.0
LEAST_POINTS = 2

RULES: dict[str, Predictor] = {
    "forecast": predict,
    "used/elapsed": naive.used_over_elapsed,
    "last 30 min": naive.last_half_hour,
}
#: Of the user's own windows at least so many are judged by, and the last ones only.
LEAST_WINDOWS, MOST_WINDOWS = 8, 100


class Moment(NamedTuple):
    """A cycle as it was known at ``now`` (epoch s), the ones before it, and what came of it."""

    cycle: Cycle
    past: Sequence[Cycle]
    now: float
    final_pct: float
    full_at: float | None


class Score(NamedTuple):
    """How right one forecaster was; ``None`` where nothing could be counted.

    Errors of use in points, times in minutes, the rest shares of 1.
    """

    windows: int
    moments: int
    silent: int
    mean_error: float | None
    median_error: float | None
    limit_min: float | None
    coverage: float | None
    precision: float | None
    recall: float | None
    lead_min: float | None


def until(cycle: Cycle, now: float) -> Cycle:
    """Return a cycle as it was known at ``now`` (epoch s)."""
    known = tuple(point for point in cycle.points if point.at_s <= now)
    return cycle._replace(points=known, is_closed=False, seen_at=now, cut_at=None)


def moments(cycles: Sequence[Cycle], least_past: int = 0) -> Iterator[Moment]:
    """Yield the moments of closed ``cycles`` (of one window, oldest first).

    Cycles before which fewer than ``least_past`` are known are left out.
    """
    for index, cycle in enumerate(cycles):
        full_at = cycle.full_at
        has_ended = cycle.is_closed and (cycle.cut_at is None or full_at is not None)
        if not has_ended or not cycle.points or index < least_past:
            continue
        final_pct = min(cycle.used_pct, 100.0)
        for share in SHARES:
            now = cycle.starts_at + share * (cycle.resets_at - cycle.starts_at)
            known = until(cycle, now)
            if len(known.points) < LEAST_POINTS or known.points[-1].pct < LEAST_PCT:
                continue
            if full_at is not None and full_at <= now:
                break
            yield Moment(known, cycles[:index], now, final_pct, full_at)


def score(predict: Predictor, asked: Iterable[Moment]) -> Score:
    """Return how right ``predict`` was at each moment of ``asked``."""
    tally = _Tally()
    for moment in asked:
        tally.add(moment, predict(moment.cycle, moment.now, moment.past))
    return tally.score()


def scores(cycles: Sequence[Cycle]) -> dict[str, Score]:
    """Return how right each of ``RULES`` was for one window's cycles, given oldest first.

    Only the last of them are judged; all are known to the forecast.
    """
    asked = list(moments(cycles, len(cycles) - MOST_WINDOWS))
    return {name: score(rule, asked) for name, rule in RULES.items()}


class _Tally:
    """What a forecaster said and what came of it, one moment after the other."""

    def __init__(self) -> None:
        self.windows: set[Point] = set()
        self.errors: list[float] = []
        self.limit_min: list[float] = []
        self.is_inside: list[bool] = []
        self.hits: list[tuple[bool, bool]] = []
        self.first_said: dict[Point, float] = {}
        self.silent = 0

    def add(self, moment: Moment, said: Forecast | None) -> None:
        """Take in what was ``said`` at a moment."""
        key = moment.cycle.points[0]
        self.windows.add(key)
        self.silent += said is None
        projected_pct = moment.cycle.points[-1].pct if said is None else said.projected_pct
        full_at = None if said is None else said.full_at
        self.errors.append(abs(min(projected_pct, 100.0) - moment.final_pct))
        self.hits.append((full_at is not None, moment.full_at is not None))
        if said is not None and said.low_pct is not None and said.high_pct is not None:
            self.is_inside.append(said.low_pct <= moment.final_pct <= said.high_pct)
        if moment.full_at is not None:
            at = moment.cycle.resets_at if full_at is None else full_at
            self.limit_min.append(abs(at - moment.full_at) / 60)
            if full_at is not None:
                self.first_said.setdefault(key, (moment.full_at - moment.now) / 60)

    def score(self) -> Score:
        """Return the figures."""
        said = [came for was_said, came in self.hits if was_said]
        came = [was_said for was_said, came in self.hits if came]
        return Score(
            windows=len(self.windows),
            moments=len(self.errors),
            silent=self.silent,
            mean_error=_mean(self.errors),
            median_error=_median(self.errors),
            limit_min=_median(self.limit_min),
            coverage=_mean(self.is_inside),
            precision=_mean(said),
            recall=_mean(came),
            lead_min=_median(list(self.first_said.values())),
        )


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None
