"""What `show` and `watch` say below the windows: one fact a line, the most important first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.overview import money, wrong_clock
from statusline.overview.overview import SOURCES
from statusline.refresh.policy import REFUSALS
from statusline.segment import forecasts
from statusline.segment.humanize import duration, percent, remaining
from statusline.usage.messages import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from statusline.overview.overview import Overview, WindowRow


class Fact(NamedTuple):
    """One line below the windows; ``role`` is one of the segments' roles (segment/layout.py)."""

    name: str
    text: str
    role: str = ""


def facts(overview: Overview, *, ticks: bool = False) -> Iterator[Fact]:
    """Yield what there is to say besides the windows, the most important first."""
    _word, sentence, fix = describe(overview.state, source=overview.known.login.source)
    snapshot, login = overview.known.snapshot, overview.known.login
    for problem in overview.known.problems:
        yield Fact("problem", problem.what, "warning")
        yield Fact("fix", problem.fix)
    if not overview.rows and snapshot.windows:
        yield Fact("window", "Nothing is known about this window.")
    for row in overview.rows:
        yield from _leads_to(overview, row)
    if overview.window and overview.rows:
        yield from _window_facts(overview, overview.rows[0])
    is_well = overview.state in ("ok", "api_off", "api_billing")
    yield Fact("state", sentence, "" if is_well else "warning")
    if fix:
        yield Fact("fix", fix)
    count = ticking if ticks else duration
    for line in money.lines(overview):
        yield Fact(*line)
    yield Fact("plan", snapshot.plan or "unknown")
    wait_s = overview.next_allowed_in_s
    if wait_s is not None and overview.settings.api and login.state == "found":
        by = " by `statusline refresh --force`" if overview.state in REFUSALS else ""
        when = "now" if wait_s <= 0 else f"in {count(wait_s)}"
        yield Fact("next", f"request allowed {when}{by}")
    if login.expires_at is not None:
        yield _expiry(overview, login.expires_at, count)


def _expiry(overview: Overview, expires_at: float, count: Callable[[float], str]) -> Fact:
    """Return how long the login is good; where a wrong clock makes that decades, until when."""
    when = overview.clock_time(expires_at)
    left_s = wrong_clock.login_left_s(expires_at, overview.now)
    if left_s is None:
        return Fact("login", f"expires {when}")
    if left_s > 0:
        return Fact("login", f"expires in {count(left_s)}, {when}")
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
