"""What a status bar is told, whichever it is: the line, how bad it is, and what a tooltip says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.segment import layout
from statusline.segment.custom_values import binding
from statusline.segment.values import share
from statusline.segment.view import View
from statusline.status_bars.colors import hexadecimal
from statusline.usage.messages import describe
from statusline.usage.observation import is_reset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.overview.overview import Overview
    from statusline.segment.view import Part
    from statusline.system.environ import Environment
    from statusline.usage.observation import Observation

#: From the worst on; a bar has its own colour for everything else.
SEVERITIES = ("critical", "warning")
#: What a bar need not be told of a state: all is well, or nobody knows better yet.
QUIET = ("ok", "starting")


class StatusBar(NamedTuple):
    """One line for a bar, with what else it may show.

    ``short`` is for a bar that is full. ``severity`` is "critical", "warning", "normal" or
    "unknown", ``used_pct`` the share of the window that stops the user first, ``None`` where
    nobody knows it. ``details`` are the lines of a tooltip or a menu: they name moments and no
    ages, so that they stay true. ``colors`` holds a ``#rrggbb`` for each severity that has one.
    """

    parts: list[Part]
    short: str
    severity: str
    used_pct: float | None
    is_old: bool
    state: str
    details: list[str]
    colors: dict[str, str]

    @property
    def text(self) -> str:
        """The line without its roles."""
        return "".join(text for _role, text in self.parts)

    @property
    def color(self) -> str:
        """The colour of the whole line as ``#rrggbb``, "" for the bar's own."""
        return self.colors.get(self.severity, "")


def status_bar_of(overview: Overview, env: Environment) -> StatusBar:
    """Return what a bar is told at the overview's moment."""
    settings = overview.settings
    settings.capsule = ()  # they are nothing but colour
    view = View(overview.known.snapshot, None, settings, overview.now)
    view.billing, view.env = overview.known.billing, env
    parts: list[Part] = []
    for line in layout.lay_out(view, "plain", settings.width):
        parts += [("muted", settings.separator)] if parts else []
        parts += line
    numbers = [row for row in overview.rows if row.used_pct is not None]
    worst = next((each for each in SEVERITIES if any(role == each for role, _ in parts)), "normal")
    return StatusBar(
        parts,
        _short(view) or "".join(text for _role, text in parts),
        worst if numbers or worst != "normal" else "unknown",
        _used_pct(view),
        any(row.is_old for row in numbers),
        overview.state,
        list(_details(overview)),
        {each: hexadecimal(settings.styles.get(each, ("", ""))[0]) for each in SEVERITIES},
    )


def _short(view: View) -> str:
    """Return the one number that counts most, "" where there is none."""
    seen = _running(view)
    if seen is None:
        return ""
    return f"{seen.label} {share(seen.utilization_pct, view, seen.window)[0][1]}"


def _running(view: View) -> Observation | None:
    """Return the window that stops the user first, ``None`` where none is known to run."""
    seen = binding(view)
    return None if seen is None or is_reset(seen, view.now) else seen


def _used_pct(view: View) -> float | None:
    seen, spend = _running(view), view.snapshot.spend
    if seen is not None:
        return seen.utilization_pct
    return spend.share_pct if spend is not None and spend.is_shown else None


def _details(overview: Overview) -> Iterator[str]:
    """Yield a line for each window, then what is wrong and how to fix it."""
    for row in overview.rows:
        used = "reset, no newer number"
        if row.used_pct is not None:
            used = share(row.used_pct, overview.view, row.window)[0][1]
        ahead = ""
        if row.resets_in_s is not None:
            ahead = f", resets {overview.clock_time(row.seen.resets_at or 0)}"
        yield f"{row.seen.label}: {used}{ahead}, seen {overview.clock_time(row.seen.observed_at)}"
    if overview.state == "starting":
        comes = "the usage API is being asked" if overview.settings.api else "Claude Code tells it"
        yield f"No usage is known yet: {comes}. If this stays, run `statusline doctor`."
    elif overview.state not in QUIET:
        _word, sentence, fix = describe(overview.state, source=overview.known.login.source)
        yield f"{sentence} {fix}".rstrip()
    for problem in overview.known.problems:
        yield f"{problem.what} {problem.fix}".rstrip()
