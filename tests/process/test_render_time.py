"""Zones, far years, file times: what a line says of time comes from the numbers alone (G, H12)."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path

import pytest

from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support.capabilities import needs_faketime, needs_namespaces
from tests.support.profile import Profile, quiet_profile
from tests.support.real_line import FETCHED, NUMBERS, fill, known, render
from tests.support.server import UsageServer

HOUR_S = 3600


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile with numbers, whose render may start no refresher."""
    return quiet_profile(tmp_path / "home", with_numbers=True)


def seen_at(moment_s: float, resets_at: int | None) -> Snapshot:
    """A snapshot with 61 %, made at a moment."""
    window = Observation("five_hour", "5h", 61.0, resets_at, moment_s, "api")
    times = dict.fromkeys(("written_at", "attempted_at", "succeeded_at"), moment_s)
    ahead = dict.fromkeys(("next_refresh_at", "next_allowed_at"), moment_s + HOUR_S)
    return known(windows={"five_hour": window}, **times, **ahead)


@needs_faketime
@pytest.mark.parametrize(
    ("zone", "local", "utc", "clock"),
    [
        ("Europe/Berlin", "2027-03-28 01:30:00", "2027-03-28T00:30Z", "05:30"),
        ("America/New_York", "2027-03-27 20:30:00", "2027-03-28T00:30Z", "23:30"),
        ("Europe/Berlin", "2027-10-31 01:30:00", "2027-10-30T23:30Z", "03:30"),
    ],
    ids=["G08-spring", "G08-elsewhere", "G08-autumn"],
)
def test_a_change_of_summer_time_moves_the_clock_and_not_the_countdown(
    zone: str, local: str, utc: str, clock: str, profile: Profile
) -> None:
    """Three hours are three hours in the night when the clock is changed, wherever one is."""
    now_s = datetime.datetime.fromisoformat(utc).timestamp()
    fill(profile.directory, seen_at(now_s, int(now_s) + 3 * HOUR_S))
    profile.configure('format.plain = "{five_hour.reset} {five_hour.clock}"\n')
    values = {**profile.environment, "TZ": zone, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    # Time goes on from there, so that less than a minute is missing of the three hours.
    shown = render(values, "plain", through=("faketime", "-f", f"@{local}"))
    assert shown in (f"3h00m {clock}", f"2h59m {clock}")


@pytest.mark.parametrize("zone", ["Nowhere", ":/etc/passwd", ":/dev/zero", "", "x" * 5000, "\x1b"])
def test_g09_a_zone_that_is_none_is_utc(zone: str, profile: Profile) -> None:
    """A clock time is shown, without a word about the zone and without reading another file."""
    now_s = time.time()
    reset_s = int(now_s) // 60 * 60 + 3 * HOUR_S
    fill(profile.directory, seen_at(now_s, reset_s))
    profile.configure('format.plain = "{five_hour.clock}"\n')
    clock = datetime.datetime.fromtimestamp(reset_s, datetime.UTC).strftime("%H:%M")
    assert render({**profile.environment, "TZ": zone}, "plain").endswith(clock)


@needs_faketime
@pytest.mark.parametrize("year", [1902, 1969, 1970, 2038, 2100, 2199])
def test_g10_any_year_has_a_line(year: int, profile: Profile) -> None:
    """A machine without a battery starts in 1970; a 32-bit clock ends in 2038."""
    values = {**profile.environment, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    through = ("faketime", "-f", f"{year}-01-19 03:14:08")
    assert render(values, "claude", through=through).startswith("5h 61%")


@pytest.mark.parametrize("moment_s", [0, 1, 2**31, 2**33], ids=lambda each: f"G11-{each}")
def test_the_age_of_a_number_is_not_its_files(moment_s: int, profile: Profile) -> None:
    """A copied or restored cache keeps the age of what is in it, whatever the file's own time."""
    cache = fill(profile.directory, seen_at(time.time() - 3.5 * HOUR_S, None))
    os.utime(cache, (moment_s, moment_s))
    assert render(profile.environment, "plain") == "5h 61% · 3h old"


WITHOUT_PROC = ("unshare", "-m", "/bin/sh", "-c", 'mount -t tmpfs tmpfs /proc; exec "$@"', "sh")


@needs_namespaces
def test_h12_a_container_without_proc_has_numbers(server: UsageServer, tmp_path: Path) -> None:
    """Descriptors and the name of this start are looked up there: both have another way."""
    profile = Profile(tmp_path, server.url)
    assert render(profile.environment, "tmux", through=WITHOUT_PROC) != NUMBERS
    assert server.wait_for(1)
    assert profile.wait_until_quiet()
    assert FETCHED.fullmatch(render(profile.environment, "tmux", through=WITHOUT_PROC))
    assert profile.run("refresh", "--force", through=WITHOUT_PROC).returncode == 0
    assert server.count == 1
