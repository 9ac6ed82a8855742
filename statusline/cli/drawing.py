"""A window over time as SVG: what was used, where it was reset, where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from statusline.history.period import Track
from statusline.segment.clock_time import DAYS, local
from statusline.segment.humanize import MINUTE_S
from statusline.usage.observation import DAY_S, HOUR_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from statusline.history.cycles import Cycle
    from statusline.usage.forecast import Forecast

WIDTH, HEIGHT = 960, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 28
MOST_RESETS = 40
_SIZE = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
#: What any of these drawings needs; the colours are readable on light and on dark.
STYLE = """
:root { --ground: #fff; --ink: #1c2024; --soft: #5b636d; --grid: #dfe3e8;
  --normal: #18794e; --warning: #9e5b00; --critical: #c62a2f; }
@media (prefers-color-scheme: dark) { :root { --ground: #111315; --ink: #eceef0; --soft: #a1a8b0;
  --grid: #2e3338; --normal: #4cc38a; --warning: #f0a442; --critical: #ff7a7a; } }
svg { background: var(--ground); font: 12px system-ui, sans-serif; }
svg text { fill: var(--soft); }
.grid { stroke: var(--grid); }
.reset { stroke: var(--soft); stroke-dasharray: 2 3; opacity: .55; }
.normal { --tone: var(--normal); } .warning { --tone: var(--warning); }
.critical { --tone: var(--critical); }
.run .area { fill: var(--tone); opacity: .22; } .run .unseen { fill: var(--tone); opacity: .09; }
.run .line { fill: none; stroke: var(--tone); stroke-width: 1.8; stroke-linejoin: round; }
.run:hover .area, .run:focus .area { opacity: .5; }
.run:focus { outline: 2px solid var(--ink); outline-offset: 1px; }
.range { fill: var(--tone); opacity: .16; }
.ahead { fill: none; stroke: var(--tone); stroke-width: 1.6; stroke-dasharray: 5 4; }
.now { stroke: var(--ink); opacity: .5; }
"""


@dataclass(frozen=True)
class Drawing:
    """One track from ``begin_s`` to the end of what is drawn; all moments are epoch seconds.

    ``severity_of`` names a percentage's role, ``told`` is a run in words, for who cannot see it.
    """

    track: Track
    begin_s: float
    now: float
    forecast: Forecast | None
    time_zone: str
    severity_of: Callable[[float], str]
    told: Callable[[Cycle], str]

    @property
    def end_s(self) -> float:
        """Until when time is drawn: a little ahead, or to the reset that a forecast is about."""
        ahead_s = (self.now - self.begin_s) / 12
        if self.forecast is not None:
            ahead_s = max(ahead_s, self.forecast.resets_at - self.now)
        return self.now + min(ahead_s, (self.now - self.begin_s) / 2)

    @property
    def _shows_resets(self) -> bool:
        """Whether resets have lines of their own: of too many one sees nothing else."""
        return len(self.track.cycles) <= MOST_RESETS

    def svg(self, y: int | None = None) -> str:
        """Return the drawing, to stand by itself or, with ``y``, in another one."""
        label = escape(self.track.label)
        place = f'y="{y}" width="{WIDTH}" height="{HEIGHT}" ' if y is not None else ""
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" {place}{_SIZE} role="group"',
                f'aria-label="{label}: use over time">',
                *self._scale(),
                *self._days(),
                *(part for cycle in self.track.cycles for part in self._run(cycle)),
                *self._ahead(),
                _line("now", self._x(self.now), TOP),
                "</svg>",
            )
        )

    def _x(self, at_s: float) -> float:
        share = (at_s - self.begin_s) / (self.end_s - self.begin_s)
        return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT), 1)

    def _y(self, pct: float) -> float:
        return round(HEIGHT - BOTTOM - min(pct, 100.0) / 100 * (HEIGHT - TOP - BOTTOM), 1)

    def _scale(self) -> Iterator[str]:
        for pct in (0, 50, 100):
            y = self._y(pct)
            yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
            yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{pct}%</text>'

    def _days(self) -> Iterator[str]:
        """Yield what the time is called: hours, weekdays or dates, as many as there is room for."""
        span_s = self.end_s - self.begin_s
        step_h = next(h for h in (1, 3, 6, 24, 72, 168, 24 * 30, 10**6) if span_s / h < 12 * HOUR_S)
        is_day = step_h >= DAY_S // HOUR_S
        free_from, next_s = 0.0, self.begin_s // MINUTE_S * MINUTE_S
        while (at_s := next_s) < self.end_s:
            then = local(at_s, self.time_zone)
            next_s += HOUR_S - then.tm_min * MINUTE_S  # a zone may be half an hour off
            if at_s < self.begin_s or then.tm_min or then.tm_hour % min(step_h, 24):
                continue
            x = self._x(at_s)
            if x < free_from:
                continue
            name = f"{then.tm_hour:02}:00"
            if is_day:
                is_week = span_s <= 10 * DAY_S
                name = DAYS[then.tm_wday] if is_week else f"{then.tm_mon:02}-{then.tm_mday:02}"
            free_from = x + (WIDTH - LEFT - RIGHT) * step_h * HOUR_S / span_s - 1
            yield f'<text x="{x}" y="{HEIGHT - 8}">{name}</text>'
            yield _line("grid", x, HEIGHT - 22)

    def _run(self, cycle: Cycle) -> Iterator[str]:
        """Yield one run: what was seen of it, and what nobody watched."""
        end_s = min(cycle.ends_at, self.now)
        seen_s = max(min(cycle.seen_at, end_s), self.begin_s)
        told = escape(self.told(cycle), quote=True)
        role = self.severity_of(cycle.used_pct)
        yield f'<g class="run {role}" tabindex="0" role="img" aria-label="{told}">'
        yield f"<title>{told}</title>"
        floor = self._y(0)
        steps = [f"M{self._x(cycle.starts_at)} {floor}"]
        for at_s, pct in cycle.points:
            steps += [f"H{self._x(at_s)}", f"V{self._y(pct)}"]
        line = " ".join([*steps, f"H{self._x(seen_s)}"])
        yield f'<path class="area" d="{line} V{floor} Z"/><path class="line" d="{line}"/>'
        if end_s > seen_s:
            x, y = self._x(seen_s), self._y(cycle.used_pct)
            width, height = round(self._x(end_s) - x, 1), round(floor - y, 1)
            yield f'<rect class="unseen" x="{x}" y="{y}" width="{width}" height="{height}"/>'
        yield "</g>"
        if cycle.is_closed and cycle.ends_at > self.begin_s and self._shows_resets:
            yield _line("reset", self._x(cycle.ends_at), TOP)

    def _ahead(self) -> Iterator[str]:
        """Yield where the run that is under way leads, and the range around that."""
        found, cycle = self.forecast, self.track.cycles[-1]
        if found is None or cycle.is_closed or cycle.full_at is not None:
            return
        x, y = self._x(self.now), self._y(cycle.used_pct)
        end = self._x(found.resets_at)
        role = self.severity_of(min(found.projected_pct, 100.0))
        yield f'<g class="{role}">'
        if found.low_pct is not None and found.high_pct is not None:
            low, high = self._y(found.low_pct), self._y(found.high_pct)
            yield f'<path class="range" d="M{x} {y} L{end} {high} V{low} Z"/>'
        way = f"L{end} {self._y(found.projected_pct)}"
        if found.full_at is not None:
            way = f"L{self._x(found.full_at)} {self._y(100)} H{end}"
        yield f'<path class="ahead" d="M{x} {y} {way}"/></g>'


def _line(role: str, x: float, top: float) -> str:
    """Return an upright line down to the floor."""
    return f'<line class="{role}" x1="{x}" x2="{x}" y1="{top}" y2="{HEIGHT - BOTTOM}"/>'
