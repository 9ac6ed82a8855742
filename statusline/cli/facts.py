"""What `show` and `watch` say below the windows: one fact a line, the most important first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from statusline.agents import AGENTS
from statusline.overview import money, wrong_clock
from statusline.overview.overview import SOURCES
from statusline.overview.words import ago, ahead
from statusline.refresh.policy import REFUSALS
from statusline.segment import forecasts
from statusline.segment.humanize import percent, remaining
from statusline.usage.messages import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.overview.overview import Overview, WindowRow

#: States of which nobody need be told: the numbers come as the user wants them to.
QUIET = ("ok", "api_off")


class Fact(NamedTuple):
    """One line below the windows; ``role`` is one of the segments' roles (segment/layout.py)."""

    name: str
    text: str
    role: str = ""


def facts(overview: Overview, *, ticks: bool = False, details: bool = False) -> Iterator[Fact]:
    """Yield what there is to say besides the windows, the most important first.

    What the program does for it, and where, comes last and only with ``details``.
    """
    for problem in overview.known.problems:
        yield Fact("problem", problem.what, "warning")
        yield Fact("fix", problem.fix)
    yield from _trouble(overview, ticks=ticks)
    if not overview.rows and overview.state in QUIET:
        yield from _nothing(overview)
    for row in overview.rows:
        yield from _leads_to(overview, row)
    if overview.window and overview.rows:
        yield from _window_facts(overview, overview.rows[0])
    for line in money.lines(overview):
        yield Fact(*line)
    if overview.known.snapshot.plan:
        yield Fact("plan", overview.known.snapshot.plan)
    yield from _renewed(overview)
    if details:
        yield from _details(overview, ticks=ticks)


def _trouble(overview: Overview, *, ticks: bool) -> Iterator[Fact]:
    """Yield what is wrong, or keeps the API from being asked; where it passes, when."""
    if overview.state in QUIET:
        return
    _word, sentence, fix = describe(overview.state, source=overview.known.login.source)
    yield Fact("state", sentence, "" if overview.state == "api_billing" else "warning")
    yield Fact("fix", fix)
    if overview.state not in REFUSALS and overview.state != "new_login":
        yield from _next(overview, ticks=ticks)


def _nothing(overview: Overview) -> Iterator[Fact]:
    """Yield why there is no window, where nothing is wrong."""
    if overview.known.snapshot.windows:
        yield Fact("window", "Nothing is known about this window.")
    elif overview.state == "api_off":
        _word, sentence, fix = describe(overview.state)
        yield Fact("windows", f"None yet. {sentence}")
        yield Fact("fix", fix)
    else:
        yield Fact("windows", "None: the usage API reports none for this account.")


def _renewed(overview: Overview) -> Iterator[Fact]:
    """Yield who told Claude's newest number, and how long ago."""
    known = [row for row in overview.rows if row.used_pct is not None]
    rows = [row for row in known if row.seen.source not in AGENTS]
    if rows:
        newest = min(rows, key=lambda row: row.age_s)
        who = SOURCES[newest.seen.source]
        yield Fact("renewed", f"{ago(newest.age_s)} by {who}", "warning" if newest.is_old else "")


def _details(overview: Overview, *, ticks: bool) -> Iterator[Fact]:
    """Yield what the program does, and with which files: nobody needs it while all is well."""
    if overview.state in QUIET:
        yield Fact("state", describe(overview.state)[1])
    if overview.state in QUIET or overview.state in REFUSALS:
        yield from _next(overview, ticks=ticks)
    if overview.known.login.expires_at is not None:
        yield _expiry(overview, overview.known.login.expires_at, ticks=ticks)
    for place in overview.known.places:
        yield Fact(*place)


def _next(overview: Overview, *, ticks: bool) -> Iterator[Fact]:
    """Yield when the API may be asked, where it is to be asked at all."""
    when = overview.next_request(partial(_ahead, ticks=ticks))
    if when:
        yield Fact("next", when)


def _ahead(seconds: float, *, ticks: bool) -> str:
    return f"in {ticking(seconds)}" if ticks else ahead(seconds)


def _expiry(overview: Overview, expires_at: float, *, ticks: bool) -> Fact:
    """Return how long the login is good; where a wrong clock makes that decades, until when."""
    when = overview.clock_time(expires_at)
    left_s = wrong_clock.login_left_s(expires_at, overview.now)
    if left_s is None:
        return Fact("login", f"expires {when}")
    if left_s > 0:
        return Fact("login", f"expires {_ahead(left_s, ticks=ticks)}, {when}")
    return Fact("login", f"expired, {when}", "warning")


def _leads_to(overview: Overview, row: WindowRow) -> Iterator[Fact]:
    """Yield when a window will be used up, where that is before its reset."""
    found = row.forecast
    if found is not None and found.full_at is not None and forecasts.fills(found, overview.now):
        early = forecasts.about(found.resets_at - found.full_at)
        text = f"{forecasts.told(found, overview.now)}, {early} before its reset"
        yield Fact(row.seen.label, text, "warning")


def _window_facts(overview: Overview, row: WindowRow) -> Iterator[Fact]:
    """Yield what a window alone has room for: the other half of the number, when it was true."""
    if row.used_pct is not None:
        yield Fact("used", percent(row.used_pct))
        yield Fact("left", remaining(row.used_pct))
    yield Fact("seen", f"{overview.clock_time(row.seen.observed_at)}, {SOURCES[row.seen.source]}")


def ticking(seconds: float) -> str:
    """Return a time ahead to the second, as 2:10:59 or 4d 0:12:09."""
    left_s = max(0, int(seconds))
    days, rest = divmod(left_s, 86400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}d {clock}" if days else clock
