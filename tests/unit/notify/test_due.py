"""What is said, and how often: runs of windows told by their reset, on made-up numbers."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.notify.due import OLD_S, due
from statusline.notify.told import Run, Told
from statusline.settings.notifications import Notifications
from statusline.usage.forecast import Forecast
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot

NOW = 1_783_082_460.0
RESET = int(NOW) + 7860  # 2h11m
ON = Notifications(enabled=True)


class Teller:
    """One profile over time: what it was told so far, and the account that is signed in."""

    def __init__(self, wanted: Notifications = ON) -> None:
        self.told = Told()
        self.snapshot = Snapshot()
        self.wanted = wanted

    def sees(
        self,
        used_pct: float,
        *,
        now: float = NOW,
        resets_at: int | None = RESET,
        age_s: float = 1.0,
        full_at: float | None = None,
        window: str = "five_hour",
    ) -> list[str]:
        """Publish a number; return what is said of it."""
        label = {"five_hour": "5h", "seven_day": "7d"}.get(window, "Opus")
        seen = Observation(window, label, used_pct, resets_at, now - age_s, "api")
        self.snapshot.windows[window] = seen
        self.snapshot.forecasts = {}
        if full_at is not None and resets_at is not None:
            forecast = Forecast(window, resets_at, now, 1.5, 150.0, None, (full_at, None, None))
            self.snapshot.forecasts[window] = forecast
        return self.waits(now)

    def waits(self, now: float) -> list[str]:
        """Publish again what is known; return what is said."""
        found = due(self.told.of(self.snapshot), self.snapshot, self.wanted, now)
        return [each.text for each in found]


def test_a_threshold_is_said_once() -> None:
    """Every refresher would say it again, each minute, until the window resets."""
    person = Teller()
    assert person.sees(79.9) == []
    assert person.sees(82) == ["5h window at 82%, resets in 2h11m"]
    assert person.sees(85, now=NOW + 60, resets_at=RESET + 30) == []  # resets jitter
    assert person.sees(95, now=NOW + 120, resets_at=RESET - 20) == [
        "5h window at 95%, resets in 2h09m"
    ]
    assert person.sees(99, now=NOW + 180) == []


def test_the_first_look_at_a_full_window_says_one_thing() -> None:
    """A burst of old thresholds: 80 and 95 at once, with the first number there is."""
    assert Teller().sees(97) == ["5h window at 97%, resets in 2h11m"]
    assert Teller().sees(100) == ["5h window is used up, resets in 2h11m"]


def test_the_next_run_of_a_window_says_it_again() -> None:
    """A window that was full yesterday would never be spoken of again."""
    person = Teller()
    assert person.sees(82)
    later = RESET + 300.0
    assert person.sees(3, now=later, resets_at=RESET + 18000) == []
    assert person.sees(81, now=later, resets_at=RESET + 18000)


def test_a_banked_reset_is_a_new_run() -> None:
    """Use that fell and rose would be silent; the fall itself reaches no threshold."""
    person = Teller()
    assert person.sees(97)
    assert person.sees(88) == []  # below 95, still above 80: it comes from above
    assert person.sees(96) == ["5h window at 96%, resets in 2h11m"]
    assert person.sees(2) == []
    assert person.sees(81) == ["5h window at 81%, resets in 2h11m"]


def test_a_number_that_wavers_says_nothing_twice() -> None:
    """Two sources round differently: 80.4 and 79 in turns."""
    person = Teller()
    assert person.sees(80.4)
    for used_pct in (79, 80.4, 78, 81, 76, 80):
        assert person.sees(used_pct) == []


def test_two_resets_in_turns_are_said_once_each() -> None:
    """Two sources that tell of two resets would make a notification of every change."""
    person = Teller()
    said = [person.sees(85, resets_at=RESET + 3600 * (turn % 2)) for turn in range(8)]
    assert [bool(each) for each in said] == [True, True] + [False] * 6


@pytest.mark.parametrize("age_s", [OLD_S, 3 * OLD_S, -5.0])
def test_an_old_number_says_nothing(age_s: float) -> None:
    """What a segment shows with its age is no news; nor is what comes from the future."""
    person = Teller()
    assert person.sees(90, age_s=age_s) == []
    assert person.sees(90)


def test_a_window_that_has_reset_says_nothing_of_its_old_number() -> None:
    """The number that is known is that of the run before."""
    assert Teller().sees(90, resets_at=int(NOW) - 1) == []


def test_each_window_is_told_of_for_itself() -> None:
    """A threshold of the 5-hour window would silence the week's."""
    person = Teller()
    assert person.sees(81)
    assert person.sees(81, window="seven_day") == ["7d window at 81%, resets in 2h11m"]
    assert person.sees(81, window="weekly:Opus") == ["Opus weekly limit at 81%, resets in 2h11m"]
    assert person.sees(81, window="spend", resets_at=None) == ["Opus limit at 81%"]


def test_a_used_up_window_that_resets_is_said_once() -> None:
    """By the clock or by newer numbers, whichever comes first; and for an hour only."""
    person = Teller()
    assert person.sees(100)
    assert person.waits(RESET - 1.0) == []
    assert person.waits(RESET + 5.0) == ["5h window has reset"]
    assert person.waits(RESET + 10.0) == []
    assert person.sees(0, now=RESET + 20.0, resets_at=RESET + 18000) == []
    early, late = Teller(), Teller()
    assert early.sees(100)
    assert early.sees(1, resets_at=RESET + 9000) == ["5h window has reset"]
    assert late.sees(100)
    assert late.sees(0, now=RESET + 9 * 3600.0, resets_at=RESET + 10 * 3600) == []


def test_a_window_that_was_not_used_up_resets_in_silence() -> None:
    """Nobody waited for it."""
    person = Teller()
    assert person.sees(97)
    assert person.waits(RESET + 5.0) == []


def test_a_used_up_window_with_another_reset_is_not_open() -> None:
    """Its reset was moved, and it is as full as before."""
    person = Teller()
    assert person.sees(100)
    assert person.sees(100, resets_at=RESET + 9000) == ["5h window is used up, resets in 4h41m"]
    assert person.sees(0, resets_at=RESET + 18000) == ["5h window has reset"]


def test_a_banked_reset_of_a_used_up_window_is_a_reset() -> None:
    """It is open again, before its time."""
    person = Teller()
    assert person.sees(100)
    assert person.sees(30) == ["5h window has reset"]
    assert person.sees(35) == []


def test_a_clock_that_is_set_to_and_fro_says_nothing_twice() -> None:
    """Set ahead past the reset and back: what was said of that run stays said."""
    person = Teller()
    assert person.sees(100)
    assert person.waits(RESET + 5.0) == ["5h window has reset"]
    assert person.sees(100, now=NOW + 60) == []
    assert person.waits(RESET + 5.0) == []
    assert person.sees(100, now=NOW - 7200) == []


def test_each_account_is_told_of_its_own_numbers_once() -> None:
    """Whoever signs in elsewhere and comes back would be told everything again."""
    person = Teller()
    person.snapshot.account = "salt-one"
    assert person.sees(85)
    for since, account, used_pct, is_said in (
        (NOW + 1, "salt-two", 90, True),
        (NOW + 2, "salt-one", 86, False),
        (NOW + 3, "salt-two", 91, False),
    ):
        person.snapshot.account, person.snapshot.account_since = account, since
        person.snapshot.windows = {}
        assert bool(person.sees(used_pct)) is is_said


def test_an_account_whose_name_becomes_known_is_the_same() -> None:
    """First its token stands for it, then its name: everything would be said twice."""
    person = Teller()
    for account in ("", "salt-tabc", "salt-name"):
        person.snapshot.account = account
        assert bool(person.sees(85)) is (account == "")


def test_a_forecast_is_said_once_in_a_run() -> None:
    """It is made anew with every number."""
    person = Teller()
    assert person.sees(61, full_at=NOW + 3000) == [
        "5h window at 61%; at this pace full in 50m, 1h20m before it resets"
    ]
    assert person.sees(62, full_at=NOW + 2900) == []
    assert person.sees(3, resets_at=RESET + 18000, full_at=NOW + 2900) != []


def test_a_threshold_and_a_forecast_are_one_notification() -> None:
    """Two boxes at once that speak of the same window."""
    person = Teller()
    assert person.sees(82, full_at=NOW + 3000) == [
        "5h window at 82%, resets in 2h11m; at this pace full in 50m"
    ]
    assert person.sees(83, full_at=NOW + 3000) == []


@pytest.mark.parametrize("full_at", [RESET, RESET + 60])
def test_a_window_that_is_full_at_its_reset_is_no_news(full_at: float) -> None:
    """The limit does not come before the reset."""
    assert Teller().sees(61, full_at=full_at) == []


def test_a_forecast_of_another_run_or_an_old_one_says_nothing() -> None:
    """It speaks of a window that is gone, or of a pace that nobody knows any more."""
    person = Teller()
    person.sees(61, full_at=NOW + 3000, age_s=2 * OLD_S)
    assert person.sees(61) == []
    person.snapshot.forecasts["five_hour"] = Forecast(
        "five_hour", RESET - 9000, NOW, 1.5, 150.0, None, (NOW + 60, None, None)
    )
    assert person.waits(NOW + 1) == []
    person.snapshot.forecasts["five_hour"] = Forecast(
        "five_hour", RESET, NOW - OLD_S, 1.5, 150.0, None, (NOW + 60, None, None)
    )
    assert person.waits(NOW + 1) == []


@pytest.mark.parametrize("key", ["forecast", "reset", "at"])
def test_what_is_turned_off_is_not_said(key: str) -> None:
    """Each of the three stands for itself."""
    off = {"at": ON._replace(at=()), "forecast": ON._replace(forecast=False)}
    person = Teller(off.get(key, ON._replace(reset=False)))
    assert bool(person.sees(61, full_at=NOW + 3000)) is (key != "forecast")
    assert bool(person.sees(100, full_at=NOW + 3000)) is (key != "at")
    assert bool(person.waits(RESET + 5.0)) is (key != "reset")


PCTS = st.sampled_from([0.0, 10.0, 79.0, 80.0, 88.0, 95.0, 99.0, 100.0])
STEPS = st.lists(st.tuples(PCTS, st.integers(0, 2), st.integers(-900, 900)), max_size=30)


@given(STEPS)
def test_no_run_is_told_of_more_than_its_falls_allow(
    steps: list[tuple[float, int, int]],
) -> None:
    """Whatever comes in: a run says no more thresholds than two, and two more for each fall."""
    person = Teller()
    said, falls, last = [0] * 3, [0] * 3, [0.0] * 3
    now = NOW
    for used_pct, run, step_s in steps:
        now += step_s / 100
        said[run] += len(
            [
                text
                for text in person.sees(used_pct, now=now, resets_at=RESET + 18000 * run)
                if "has reset" not in text
            ]
        )
        falls[run] += used_pct < last[run]
        last[run] = used_pct
    for run in range(3):
        assert said[run] <= 2 + 2 * falls[run]


def test_what_was_said_outlives_the_process() -> None:
    """Read back from its document it is the same; and what is not worth keeping is not kept."""
    person = Teller()
    assert person.sees(40) == []
    assert person.told.to_json()["accounts"] == {"": {}}
    assert person.sees(100)
    (run,) = person.told.of(person.snapshot)["five_hour"]
    assert dataclasses.asdict(run) == dataclasses.asdict(
        Run("5h", RESET, threshold_pct=95.0, is_used_up=True)
    )
