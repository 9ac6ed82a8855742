"""`show --follow` on a played clock: when it looks, when it says something, when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from statusline.overview.overview import ProfileData
from statusline.overview.profiles import Profile
from statusline.segment import spawn
from statusline.status_bars import follow
from statusline.status_bars.status_bar import StatusBar
from statusline.system import clock
from statusline.system.environ import Environment
from tests.support.laid_out import DAY_S, HOUR_S, MINUTE_S, NOON, both
from tests.support.real_line import fill


class Played:
    """A clock that only goes on while `follow` waits, and an output that is closed at the end."""

    def __init__(self, lasts_s: float) -> None:
        self.now, self.end_s = float(NOON), NOON + lasts_s
        self.waits = 0
        self.at: dict[float, Callable[[], object]] = {}

    def register(self, _output: int, _events: int) -> None:
        """The one descriptor."""

    def poll(self, timeout_ms: float) -> list[object]:
        """Let that time pass; do what is to happen by then; tell whether the reader has gone."""
        self.waits += 1
        self.now += timeout_ms / 1000
        for moment in [each for each in self.at if NOON + each <= self.now]:
            self.at.pop(moment)()
        return ["gone"] if self.now >= self.end_s else []


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    """Ten minutes."""
    made = Played(10 * MINUTE_S)
    monkeypatch.setattr("select.poll", lambda: made)
    monkeypatch.setattr(spawn, "start", lambda *_: False)
    clock.use(lambda: made.now)
    yield made
    clock.use(None)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile whose numbers were seen at noon and are looked at again in an hour."""
    env = Environment({"HOME": str(tmp_path)})
    assert env.profile_dir is not None
    fill(Path(env.profile_dir), both(61, next_refresh_at=NOON + HOUR_S, written_at=float(NOON)))
    return Profile("", env.profile_dir, env.claude_dir, env, is_present=True)


def followed(profile: Profile) -> list[str]:
    """Every line until nobody reads any more."""
    said: list[str] = []

    def say(bar: StatusBar) -> None:
        if bar.text not in said[-1:]:
            said.append(bar.text)

    follow.follow(profile, say, 1)
    return said


def test_a_countdown_is_told_each_minute_out_of_one_reading(
    played: Played, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tick read and compiled everything anew, or the countdown stood still."""
    readings: list[Profile] = []
    read = follow.read

    def counted(which: Profile) -> ProfileData:
        readings.append(which)
        return read(which)

    monkeypatch.setattr(follow, "read", counted)
    said = followed(profile)
    assert said[:3] == [f"5h 61% {left} · 7d 22%" for left in ("2h11m", "2h10m", "2h09m")]
    assert len(said) == 10
    assert len(readings) == 1
    assert played.waits == 600


def test_what_is_published_is_told_within_a_tick(played: Played, profile: Profile) -> None:
    """A bar showed the number of the last minute until the next one."""
    directory = Path(profile.directory)
    later = both(64, next_refresh_at=NOON + HOUR_S, written_at=float(NOON))
    played.at[5] = lambda: fill(directory, later)
    played.end_s = NOON + 6
    assert followed(profile) == ["5h 61% 2h11m · 7d 22%", "5h 64% 2h11m · 7d 22%"]


def test_a_change_of_the_configuration_is_told(played: Played, profile: Profile) -> None:
    """Whoever edits config.toml looks at the bar."""
    path = Path(profile.env.config_path or "")
    path.parent.mkdir(parents=True)
    played.at[5] = lambda: path.write_text('format.default = "week {seven_day}"')
    played.end_s = NOON + 6
    assert followed(profile)[-1] == "week 7d 22%"


def test_a_refresher_is_started_when_one_is_due_and_not_before(
    played: Played, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no prompt open nobody else would ask; each tick is no request either."""
    started: list[float] = []
    monkeypatch.setattr(spawn, "start", lambda *_: started.append(played.now))
    due = both(61, next_refresh_at=float(NOON + 90), written_at=float(NOON))
    fill(Path(profile.directory), due)
    played.end_s = NOON + 95
    followed(profile)
    assert started
    assert min(started) >= NOON + 90


def test_a_clock_set_back_makes_the_line_anew(played: Played, profile: Profile) -> None:
    """It waited for a moment of the old clock, a day away."""

    def back() -> None:
        played.now -= DAY_S
        played.end_s -= DAY_S

    played.at[5] = back
    made: list[float] = []
    follow.follow(profile, lambda _bar: made.append(played.now), 1)
    assert made[1] < NOON
