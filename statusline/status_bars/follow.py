"""A line for each change: looked for in the files' stamps, and at the moment it is due."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, NamedTuple

from statusline.login.credentials import Credentials
from statusline.overview import changes
from statusline.overview.overview import Overview, look
from statusline.segment import prerendered
from statusline.status_bars.status_bar import StatusBar, status_bar_of
from statusline.system import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from statusline.overview.overview import ProfileData
    from statusline.overview.profiles import Profile

#: Between two looks at the files' times, which is all that is done while nothing changes.
TICK_S = 1.0
#: A line is made anew at least this often: a machine that slept is shown the right one then.
LONGEST_S = 60.0


class Moment(NamedTuple):
    """A bar as it was made, and from when until when (epoch s) it is true."""

    bar: StatusBar
    made_at: float
    until_s: float


def read(profile: Profile) -> ProfileData:
    """Return what the disk says of a profile; no token is read for a bar."""
    return look(profile.env, Credentials(state="found"))


def make(profile: Profile, known: ProfileData, now: float) -> Moment:
    """Make a bar of what is known at ``now`` (epoch s)."""
    bar = status_bar_of(Overview(known, now), profile.env)
    changes_at = prerendered.changes_at(known.snapshot, known.settings, now)
    return Moment(bar, now, min(changes_at, now + LONGEST_S))


def follow(profile: Profile, say: Callable[[StatusBar], None], output: int) -> None:
    """Say the bar of ``profile`` now and after each change, until nobody reads ``output``."""
    gone = select.poll()
    gone.register(output, 0)  # errors and hang-ups, which are told unasked
    known, made_from, shown = None, None, None
    while True:
        now, stamps = clock.now(), changes.stamps(profile)
        if known is None or stamps != made_from:
            known, made_from, shown = read(profile), stamps, None
        if shown is None or not shown.made_at <= now < shown.until_s:
            shown = make(profile, known, now)
            say(shown.bar)
            changes.ask_if_due(profile, known)
        if gone.poll(TICK_S * 1000):
            return
