"""How long a segment is true: until the first moment at which its line would be another one."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statusline.segment.prerendered import until
from statusline.settings.settings import Settings
from statusline.surfaces import KEPT
from statusline.usage.forecast import Forecast
from statusline.usage.messages import STATES
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Spend
from statusline.usage.token_count import TokenCount
from tests.support.examples import examples
from tests.support.laid_out import DAY_S, HOUR_S, NOON, both, chosen, holding, line, window

#: Formats with everything that changes by itself; no clock time of the machine's own zone.
CHOICES = [
    Settings(),
    chosen('preset = "full"\ntime_zone = "Europe/Berlin"\nshow = "remaining"'),
    chosen('format.default = "{five_hour.pct} {five_hour.age}{sep}{seven_day}[ {status}]"'),
    chosen('format.default = "{weekly}{sep}{extra}{sep}{five_hour.reset}"\nold_after_s = 90'),
    chosen('format.default = "{five_hour} {full} {pace}{sep}{seven_day.full}"'),
    chosen('format.default = "{five_hour} {tokens.block}{sep}{tokens.today} {cost.today}"'),
]
moments = st.one_of(st.integers(-2 * DAY_S, 0), st.integers(-900, 0), st.floats(-7300, 0))
lefts = st.none() | st.integers(-5, 5) | st.integers(-HOUR_S, 400 * DAY_S)
#: When a window may be forecast to be used up, and the range around that: seconds from noon on.
fulls = st.none() | st.tuples(*[st.integers(-600, 9000)] * 3).map(
    lambda each: (NOON + sorted(each)[1], NOON + min(each), NOON + max(each))
)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """What may be known at noon, in any state; the next refresh is far away."""
    names = draw(
        st.sets(st.sampled_from(["five_hour", "seven_day", "weekly:Fable", "spend_limit"]))
    )
    used = st.sampled_from([0.0, 22.9, 76.0, 95.0])
    made = holding(
        *(window(name, draw(used), draw(lefts), -draw(moments)) for name in sorted(names))
    )
    made.state = draw(st.sampled_from(sorted(STATES)))
    made.next_refresh_at = NOON + DAY_S
    made.attempted_at = NOON + draw(moments)
    made.next_allowed_at = draw(st.none() | st.floats(-HOUR_S, 9 * HOUR_S).map(lambda s: NOON + s))
    if draw(st.booleans()):
        seen_at = NOON + draw(moments)
        made.spend = Spend(5090, None, "USD", 2, 50.9, enabled=True, observed_at=seen_at)
    made.forecasts = {
        name: Forecast(
            name, seen.resets_at, NOON - draw(st.floats(0, 950)), 1.1, 130, None, draw(fulls)
        )
        for name, seen in made.windows.items()
        if seen.resets_at is not None
    }
    ends = st.integers(-600, 9000)
    made.token_counts = {
        name: TokenCount(NOON - HOUR_S, NOON + draw(ends), NOON - draw(st.floats(0, 950)), 9, 0.1)
        for name in draw(st.sets(st.sampled_from(["today", "block"])))
    }
    return made


@given(snapshots(), st.floats(0, 1, exclude_max=True), st.sampled_from(CHOICES))
@example(
    both(state="rate_limited", next_allowed_at=NOON + 61.0, next_refresh_at=NOON + 99.0),
    0.9,
    CHOICES[0],
)
@settings(max_examples=examples(300))
def test_a_segment_is_true_as_long_as_it_says(
    snapshot: Snapshot, share: float, choice: Settings
) -> None:
    """A wait that is counted down, an age, a reset or a horizon that until() does not know of."""
    end_s = until(snapshot, choice, NOON, "tmux")
    later_s = NOON + (end_s - NOON) * share
    if later_s >= end_s:
        return
    for surface in KEPT:
        now, later = (
            line(snapshot, surface, 60, settings=choice, now=moment) for moment in (NOON, later_s)
        )
        assert now == later, f"{later_s - NOON} s later, true for {end_s - NOON} s"


def test_a_segment_ends_when_a_shown_age_or_a_spend_grows_older() -> None:
    """What a line shows beyond the windows' resets counts for how long it is true."""
    snapshot = both(age_s=30, next_refresh_at=NOON + HOUR_S)
    snapshot.spend = Spend(5090, None, "USD", 2, 50.9, enabled=True, observed_at=NOON - 30)
    settings_now = Settings()
    assert until(snapshot, settings_now, NOON, "tmux") == NOON + 60
    settings_now.shows_age = True
    assert until(snapshot, settings_now, NOON, "tmux") == NOON + 30
    snapshot.windows = {}
    settings_now.shows_age = False
    assert until(snapshot, settings_now, NOON, "tmux") == NOON - 30 + settings_now.old_after_s
    snapshot.spend = None
    assert until(snapshot, settings_now, NOON, "tmux") == NOON + HOUR_S


@pytest.mark.parametrize("left_s", [1, 60, 61, 1619.5])
def test_a_wait_is_counted_down_every_minute(left_s: float) -> None:
    """A segment that is true for longer would say `retry 27m` until the next refresh."""
    snapshot = holding(
        Observation("five_hour", "5h", 5, None, NOON, "api"),
        state="rate_limited",
        next_refresh_at=NOON + HOUR_S,
        next_allowed_at=NOON + left_s,
        attempted_at=NOON,
    )
    now: float = NOON
    seen = []
    while now < NOON + left_s:
        seen.append(line(snapshot, now=now).rpartition("retry ")[2])
        now = until(snapshot, Settings(), now, "tmux")
    assert list(dict.fromkeys(seen)) == [
        f"{minutes}m" for minutes in range(-(-int(left_s + 0.9) // 60), 0, -1)
    ]
    assert "soon" in line(snapshot, now=now)


@pytest.mark.parametrize(
    ("state", "has_numbers"),
    [("missing", False), ("missing", True), ("no_login", False), ("api_billing", False)],
)
def test_a_line_without_a_login_is_kept_for_nobody(state: str, *, has_numbers: bool) -> None:
    """A shell with ANTHROPIC_API_KEY read `sign in` out of the file that all shells share."""
    snapshot = both() if has_numbers else Snapshot()
    snapshot.state, snapshot.next_refresh_at = state, NOON + HOUR_S
    snapshot.attempted_at = NOON
    assert until(snapshot, Settings(), NOON, "tmux") <= NOON
    if has_numbers:
        snapshot.attempted_at = NOON - 60  # Claude Code told newer ones: nothing is said of it
        assert until(snapshot, Settings(), NOON, "tmux") > NOON


@pytest.mark.parametrize(
    ("config", "is_local"),
    [
        ("", False),
        ('reset = "clock"', True),
        ('reset = "clock"\ntime_zone = "Asia/Tokyo"', False),
        ('format.tmux = "[{five_hour.pct} {seven_day.clock}]"', True),
        ('format.zsh = "[{five_hour.pct} {seven_day.clock}]"', False),
        ('format.tmux = "{five_hour}{sep}{env.AWS_PROFILE}"\ntime_zone = "UTC"', True),
        ('time_zone = "Asia/Tokyo"\nformat.tmux = "{seven_day.clock}"', False),
        ('preset = "full"', False),
    ],
)
def test_a_local_clock_time_is_true_for_nobody_else(config: str, *, is_local: bool) -> None:
    """G08: who reads the segment may live in another zone than who made it, unless one is set."""
    moment_s = until(both(next_refresh_at=NOON + HOUR_S), chosen(config), NOON, "tmux")
    assert (moment_s <= NOON) is is_local
