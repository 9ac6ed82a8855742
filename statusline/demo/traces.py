"""Made-up persons: when they work, what that uses of their windows, and what was seen of it.

A person is drawn from a seed: days and hours of work, bursts and pauses, models, a plan. Nobody's
real days are in here. The forecast is tuned on ``TRAINING_SEEDS`` alone and published for
``HELD_OUT_SEEDS``, which share no seed. All moments are epoch seconds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import NamedTuple

from statusline.usage.observation import DAY_S, HOUR_S, Observation

#: Kept apart by construction: what was chosen on the one is told of the other.
TRAINING_SEEDS = range(10_000, 10_150)
HELD_OUT_SEEDS = range(20_000, 20_060)
#: A Monday at midnight, UTC, and the length of a trace.
START_S = 1_788_739_200
DAYS = 28

FIVE_HOURS_S = 5 * HOUR_S
WEEK_S = 7 * DAY_S
MINUTE_S = 60
#: A 5-hour window begins with its first message, at the ten minutes before it.
GRID_S = 10 * MINUTE_S
LABELS = {"five_hour": "5h", "seven_day": "7d"}
#: What one answer of each model uses, and the share of answers that it gives, before the
#: person's own taste.
MODELS = ((0.25, 0.15), (1.0, 0.5), (1.7, 0.35))


class Person(NamedTuple):
    """Who works: hours of the day are local, chances are per day, minutes are medians."""

    seed: int
    utc_offset_h: int
    on_weekdays: float
    on_weekends: float
    start_h: float
    hours: float
    in_the_evening: float
    night_job: float
    burst_min: float
    pause_min: float
    pct_per_min: float
    favourite: int
    week_share: float
    week_reset_s: int
    saves: bool
    watches_always: bool


class Burst(NamedTuple):
    """Work without a pause: its start and end, per cent of a 5-hour window in a minute.

    ``is_seen`` is false where another machine was used; ``ends_desk_s`` is until when the person
    stays where somebody watches the numbers.
    """

    begin_s: float
    end_s: float
    pct_per_min: float
    is_seen: bool
    ends_desk_s: float


def person(seed: int, utc_offset_h: int | None = None) -> Person:
    """Return the person that ``seed`` draws; ``utc_offset_h`` moves it to another longitude."""
    dice = random.Random(f"person {seed}")  # noqa: S311  # made-up days, no secret
    offset_h = dice.randint(-8, 9)
    return Person(
        seed=seed,
        utc_offset_h=offset_h if utc_offset_h is None else utc_offset_h,
        on_weekdays=dice.uniform(0.8, 0.98),
        on_weekends=dice.choice((0.0, 0.1, 0.3, 0.7)),
        start_h=dice.gauss(9.2, 1.2),
        hours=dice.uniform(6.0, 11.0),
        in_the_evening=dice.choice((0.1, 0.3, 0.7)),
        night_job=dice.choice((0.0, 0.0, 0.05)),
        burst_min=dice.uniform(12.0, 35.0),
        pause_min=dice.uniform(6.0, 20.0),
        pct_per_min=0.5 * math.exp(dice.gauss(0.0, 0.55)),
        favourite=dice.randrange(len(MODELS)),
        week_share=dice.uniform(0.08, 0.15),
        week_reset_s=dice.randrange(7 * 24) * HOUR_S,
        saves=dice.random() < 0.4,
        watches_always=dice.random() < 0.2,
    )


def bursts(who: Person, days: int = DAYS, start_s: int = START_S) -> Iterator[Burst]:
    """Yield what the person works in ``days`` days from ``start_s`` on, in order of time."""
    dice = random.Random(f"work {who.seed}")  # noqa: S311  # as above
    week_level = 1.0
    free_s = float(start_s)
    for day in range(days):
        midnight_s = start_s + day * DAY_S - who.utc_offset_h * HOUR_S
        if day % 7 == 0:
            week_level = math.exp(dice.gauss(0.0, 0.3))
        level = week_level * math.exp(dice.gauss(0.0, 0.45))
        for begin_h, end_h in _blocks(who, dice, (midnight_s // DAY_S + 3) % 7):
            begin_s = max(midnight_s + begin_h * HOUR_S, free_s)
            end_s = midnight_s + end_h * HOUR_S
            yield from _block(who, dice, begin_s, end_s, level)
            free_s = max(free_s, end_s)
        if dice.random() < who.night_job:
            begin_s = max(midnight_s + 23.5 * HOUR_S, free_s)
            end_s = begin_s + dice.uniform(1.0, 5.0) * HOUR_S
            yield Burst(begin_s, end_s, who.pct_per_min * level, is_seen=True, ends_desk_s=end_s)
            free_s = end_s


def _blocks(who: Person, dice: random.Random, weekday: int) -> list[tuple[float, float]]:
    """Return from which to which hour of a day is worked; Monday is 0."""
    is_weekend = weekday >= 5
    found: list[tuple[float, float]] = []
    if dice.random() < (who.on_weekends if is_weekend else who.on_weekdays):
        start_h = dice.gauss(who.start_h, 0.8)
        hours = dice.gauss(who.hours * (0.5 if is_weekend else 1.0), 1.5)
        found.append((start_h, min(start_h + max(hours, 0.5), 23.0)))
    if dice.random() < who.in_the_evening:
        start_h = max(dice.gauss(20.5, 0.7), *(end_h for _begin, end_h in found), 18.0)
        found.append((start_h, start_h + dice.uniform(0.5, 2.5)))
    return found


def _block(
    who: Person, dice: random.Random, begin_s: float, end_s: float, level: float
) -> Iterator[Burst]:
    """Yield bursts with pauses between them, from ``begin_s`` to ``end_s``."""
    now_s = begin_s
    while now_s < end_s:
        length_s = MINUTE_S * dice.lognormvariate(math.log(who.burst_min), 0.8)
        stop_s = min(now_s + max(length_s, MINUTE_S), end_s + 30 * MINUTE_S)
        shares = [
            share * (3.0 if model == who.favourite else 1.0)
            for model, (_use, share) in enumerate(MODELS)
        ]
        use, _share = dice.choices(MODELS, shares)[0]
        rate = who.pct_per_min * level * use * math.exp(dice.gauss(0.0, 0.35))
        is_seen = dice.random() >= 0.05
        yield Burst(now_s, stop_s, rate, is_seen, max(end_s, stop_s))
        pause_s = MINUTE_S * dice.lognormvariate(math.log(who.pause_min), 1.0)
        now_s = stop_s + max(pause_s, MINUTE_S)


class _Meter:
    """The server's two counters: they open, fill, block and reset."""

    def __init__(self, who: Person, dice: random.Random) -> None:
        self._who, self._dice = who, dice
        self.five_pct = self.week_pct = 0.0
        self.five_ends_s = self.week_ends_s = 0

    def advance(self, now_s: float) -> None:
        """Let windows end whose reset has come."""
        if self.five_ends_s <= now_s:
            self.five_pct, self.five_ends_s = 0.0, 0
        if self.week_ends_s <= now_s:
            self.week_pct = 0.0
            since_s = (now_s - self._who.week_reset_s) % WEEK_S
            self.week_ends_s = round(now_s - since_s + WEEK_S)

    def use(self, now_s: float, pct: float) -> None:
        """Count ``pct`` of a 5-hour window, unless a window that is full refuses it."""
        self.advance(now_s)
        if self.five_pct >= 100 or self.week_pct >= 100:
            self._at_the_wall()
            return
        if not self.five_ends_s:
            self.five_ends_s = int(now_s // GRID_S * GRID_S) + FIVE_HOURS_S
        if self._who.saves and max(self.five_pct, self.week_pct) > 80:
            pct *= 0.5
        self.five_pct = min(self.five_pct + pct, 100.0)
        self.week_pct = min(self.week_pct + pct * self._who.week_share, 100.0)

    def _at_the_wall(self) -> None:
        """Use a banked reset, rarely: what is full falls to 0, its reset stays where it is."""
        if self._dice.random() < 0.001:  # per minute of work refused
            self.five_pct = 0.0
            if self.week_pct >= 100:
                self.week_pct = 0.0

    def seen(self, now_s: float) -> Iterator[Observation]:
        """Yield what the usage API would answer: whole per cent."""
        self.advance(now_s)
        for window, pct, ends_s in (
            ("five_hour", self.five_pct, self.five_ends_s),
            ("seven_day", self.week_pct, self.week_ends_s),
        ):
            told = float(math.floor(pct))
            yield Observation(window, LABELS[window], told, ends_s or None, now_s, "api")


def trace(who: Person, days: int = DAYS, start_s: int = START_S) -> Iterator[Observation]:
    """Yield what was observed of the person's windows in ``days`` days, in order of time.

    Each 1 to 4 minutes in a burst, each 5 to 10 in a pause; nothing away from the desk, unless
    the person has a prompt open day and night.
    """
    dice = random.Random(f"trace {who.seed}")  # noqa: S311  # as above
    meter = _Meter(who, dice)
    look_s = desk_s = float(start_s)
    end_s = float(start_s + days * DAY_S)
    for burst in bursts(who, days, start_s):
        until_s = burst.begin_s if who.watches_always else min(desk_s, burst.begin_s)
        while look_s < min(until_s, end_s):
            yield from meter.seen(look_s)
            look_s += dice.uniform(5, 10) * MINUTE_S
        desk_s = burst.ends_desk_s
        look_s = max(look_s, burst.begin_s)
        now_s = burst.begin_s
        while now_s < min(burst.end_s, end_s):
            # Some minutes are spent reading; the rest differ as answers do.
            if dice.random() < 0.6:
                meter.use(now_s, burst.pct_per_min * math.exp(dice.gauss(0.0, 0.8)))
            now_s += MINUTE_S
            if burst.is_seen and look_s <= now_s:
                yield from meter.seen(now_s)
                look_s = now_s + dice.uniform(1, 4) * MINUTE_S
        look_s = max(look_s, now_s)
