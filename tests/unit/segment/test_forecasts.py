"""Where a window leads, in a line: never longer than it is true, never finer than it is known."""

from __future__ import annotations

import pytest

from statusline.segment.forecasts import about
from statusline.segment.prerendered import until
from statusline.usage.forecast import LASTS_S, Forecast
from statusline.usage.snapshot import Snapshot
from tests.support.laid_out import DAY_S, HOUR_S, MINUTE_S, NOON, both, chosen, formatted, line

RESETS = {"five_hour": NOON + 131 * MINUTE_S, "seven_day": NOON + 4 * DAY_S}


def leading(
    projected_pct: float = 108,
    around: tuple[float, float] | None = None,
    full: tuple[float, float | None, float | None] | None = None,
    window: str = "five_hour",
    made_ago_s: float = 0,
) -> Forecast:
    """A forecast made that long before noon; `full` counts seconds from noon on."""
    at = None if full is None else tuple(None if each is None else NOON + each for each in full)
    return Forecast(window, RESETS[window], NOON - made_ago_s, 1.1, projected_pct, around, at)  # type: ignore[arg-type]  # a tuple of three


def known(*made: Forecast, used_pct: float = 61, age_s: float = 0) -> Snapshot:
    """Both windows, and what is forecast of them."""
    return both(used_pct, age_s=age_s, forecasts={each.window: each for each in made})


SOON = leading(full=(50 * MINUTE_S, 40 * MINUTE_S, 70 * MINUTE_S))
LATER = leading(full=(30 * HOUR_S, 24 * HOUR_S, None), window="seven_day")


def test_a_window_that_fills_before_its_reset_says_so_by_default() -> None:
    """61 % with two hours left looks fine, and is a wall in 50 minutes."""
    assert line(known(SOON)) == "5h 61% 2h11m →full 50m · 7d 22%"
    assert line(known(LATER)) == "5h 61% 2h11m · 7d 22% →full 1d6h"
    assert line(known(SOON), settings=chosen("ascii = true")) == "5h 61% 2h11m >full 50m | 7d 22%"


def test_a_window_that_lasts_says_nothing() -> None:
    """A line that always speaks of the future is one that nobody reads."""
    assert line(known(leading(95))) == "5h 61% 2h11m · 7d 22%"


@pytest.mark.parametrize(
    ("snapshot", "now"),
    [
        (known(SOON), NOON + 50 * MINUTE_S),
        (known(SOON), NOON + LASTS_S),
        (known(SOON), NOON - 60),
        (known(SOON, used_pct=100), NOON),
        (known(SOON, age_s=700), NOON),
        (known(Forecast("five_hour", NOON + 9000, NOON, 1, 150, None, (NOON + 3000, 1, 2))), NOON),
    ],
    ids=["passed", "not renewed", "clock set back", "used up", "old number", "another reset"],
)
def test_a_forecast_ends_with_what_it_is_about(snapshot: Snapshot, now: float) -> None:
    """One of an hour ago, of another window or of a number that nobody has seen since."""
    settings = formatted("{five_hour.pct}[ {full}][ {pace}][ {five_hour.full}]")
    shown = line(snapshot, now=now, settings=settings)
    assert "full" not in shown
    assert "→" not in shown


@pytest.mark.parametrize(
    ("form", "made", "shown"),
    [
        ("{five_hour.pace}", leading(94.6), "→95%"),
        ("{five_hour.pace}", leading(97, (96, 99)), "→97%"),
        ("{five_hour.pace}", leading(99.8), "→95%"),
        ("{five_hour.pace}", leading(60), "→61%"),
        ("{five_hour.pace}", SOON, "→110%"),
        ("{five_hour.full}", SOON, "full 40–70m"),
        ("{full}", SOON, "full 40–70m"),
        ("{full}", LATER, "7d full 1d+"),
        ("{pace}", LATER, "→110%"),
        ("{full}", leading(full=(50 * MINUTE_S, None, None)), "full 50m"),
        ("{full}", leading(full=(60 * MINUTE_S, 51 * MINUTE_S, 130 * MINUTE_S)), "full 50m–2h"),
        ("{five_hour.pct}[ {five_hour.full}]", leading(60), "61%"),
    ],
)
def test_a_forecast_is_told_no_finer_than_it_is_known(
    form: str, made: Forecast, shown: str
) -> None:
    """`full 47m12s` of something that is off by 20 minutes."""
    assert line(known(made), settings=formatted(form)) == shown


def test_what_remains_is_said_in_its_own_words() -> None:
    """`39% left →95%` would be read as 95 % left."""
    settings = chosen('show = "remaining"\nformat.default = "{five_hour.pct} {pace}"')
    assert line(known(leading(95)), settings=settings) == "39% left →5% left"


def test_it_goes_before_a_number_does() -> None:
    """Forty columns have room for both windows, and for the sooner wall."""
    assert line(known(SOON, LATER), width=40) == "5h 61% 2h11m →full 50m · 7d 22%"
    assert line(known(SOON, LATER), width=27) == "5h 61% →full 50m · 7d 22%"
    assert line(known(SOON, LATER), width=16) == "5h 61% · 7d 22%"


def test_a_format_that_has_its_own_place_for_it_does_not_repeat_it() -> None:
    """`→full 50m` beside `full 40–70m`."""
    assert line(known(SOON), settings=formatted("{five_hour} {full}")) == "5h 61% 2h11m full 40–70m"


@pytest.mark.parametrize(
    ("ahead_s", "shown"),
    [
        (1, "5m"), (7.4 * 60, "10m"), (88 * 60, "1h30m"), (118 * 60, "2h"), (2 * HOUR_S, "2h"),
        (9.4 * HOUR_S, "9h"),
        (23.9 * HOUR_S, "1d"), (DAY_S, "1d"), (29 * HOUR_S, "1d6h"), (5 * DAY_S + 1, "5d"),
    ],
)  # fmt: skip
def test_times_ahead_are_told_in_steps(ahead_s: float, shown: str) -> None:
    """Five minutes, hours, quarters of a day; whole units are said as such."""
    assert about(ahead_s) == shown


def test_a_segment_ends_when_what_is_left_until_the_wall_changes() -> None:
    """The reset counts down at full minutes, this wall 30 seconds after them."""
    made = leading(full=(47.5 * MINUTE_S, 40.25 * MINUTE_S, 70.75 * MINUTE_S))
    settings = formatted("{five_hour} {five_hour.full} {seven_day}")
    now, texts = float(NOON), []
    snapshot = known(made)
    snapshot.next_refresh_at = NOON + HOUR_S
    while now < NOON + 10 * MINUTE_S:
        end_s = until(snapshot, settings, now, "tmux")
        shown = line(snapshot, now=now, settings=settings)
        assert line(snapshot, now=end_s - 0.001, settings=settings) == shown
        texts.append(shown)
        now = end_s
    assert len(set(texts)) > 10


@pytest.mark.parametrize("full", [None, (3 * HOUR_S, None, None)], ids=["lasts", "fills"])
def test_a_segment_ends_when_its_forecast_is_too_old_to_be_told(
    full: tuple[float, float | None, float | None] | None,
) -> None:
    """It stood for up to a minute more than a line made then would have shown it."""
    made = leading(
        95 if full is None else 108, full=full, window="seven_day", made_ago_s=LASTS_S - 20
    )
    snapshot = known(made)
    snapshot.next_refresh_at = NOON + HOUR_S
    settings = formatted("{seven_day.pct}[ {seven_day.pace}]")
    assert "→" in line(snapshot, settings=settings)
    assert "→" not in line(snapshot, now=NOON + 20, settings=settings)
    assert until(snapshot, settings, NOON, "tmux") == NOON + 20
