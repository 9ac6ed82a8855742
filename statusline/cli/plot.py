"""A window over time as a terminal draws it: columns of blocks, resets below, and the days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text

from statusline.history.period import Column
from statusline.segment.clock_time import DAYS, local
from statusline.usage.observation import DAY_S

#: What stands left of the columns: "100% |".
EDGE_CELLS = 6
#: Up to so long the hours are named, and up to so long the weekdays.
_HOURS_S, _WEEKDAYS_S = 2 * DAY_S, 10 * DAY_S


class Signs(NamedTuple):
    """What a plot is drawn with: parts of a cell, a whole one, one that nobody watched, ..."""

    parts: str
    full: str
    unseen: str
    edge: str
    notch: str
    corner: str
    line: str
    reset: str
    day: str
    both: str
    wall: str


BLOCKS = Signs("▁▂▃▄▅▆▇", "█", "░", "│", "┤", "└", "─", "┴", "┬", "┼", "┊")
ASCII = Signs("...===", "#", ":", "|", "+", "+", "-", "^", "+", "^", "|")


class Plot:
    """Columns from ``begin_s`` to ``end_s`` (epoch s), ``height`` lines and two for the time.

    ``style_of`` styles a percentage; ``columns_of`` cuts the time into so many columns as fit.
    """

    def __init__(
        self,
        columns_of: Callable[[int], Sequence[Column]],
        span: tuple[float, float],
        time_zone: str,
        style_of: Callable[[float], Style],
        *,
        height: int,
        is_ascii: bool,
    ) -> None:
        self._columns_of = columns_of
        self._begin_s, self._end_s = span
        self._time_zone = time_zone
        self._style_of = style_of
        self._height = height
        self._signs = ASCII if is_ascii else BLOCKS

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines for the width at hand."""
        columns = self._columns_of(max(options.max_width - EDGE_CELLS, 8))
        # A weekly reset is worth a line of its own; five-hour windows end all the time.
        has_walls = sum(column.resets for column in columns) <= len(columns) // 8
        for line in range(self._height, 0, -1):
            yield self._line(columns, line, has_walls=has_walls)
        yield from self._axis(columns)

    def _line(self, columns: Sequence[Column], line: int, *, has_walls: bool) -> Text:
        labels = {self._height: "100%", (self._height + 1) // 2: " 50%"}
        label = labels.get(line, "") if self._height > 2 or line == self._height else ""
        edge = self._signs.notch if label else self._signs.edge
        made = Text(no_wrap=True).append(f"{label:>4} {edge}", "dim")
        for column in columns:
            sign = self._sign(column, line)
            if sign != " ":
                made.append(sign, self._style_of(column.pct or 0.0))
            else:
                made.append(self._signs.wall if column.resets and has_walls else " ", "dim")
        return made

    def _sign(self, column: Column, line: int) -> str:
        """Return what a column has in a line, counted from 1 at the bottom."""
        signs = self._signs
        steps = len(signs.parts) + 1
        pct = min(column.pct or 0.0, 100.0)
        count = int(pct * self._height * steps / 100 + 0.5)
        count = max(count, 1 if pct > 0 else 0) - (line - 1) * steps
        if count <= 0:
            return " "
        if not column.is_watched:
            return signs.unseen
        return signs.full if count >= steps else signs.parts[count - 1]

    def _axis(self, columns: Sequence[Column]) -> Iterator[Text]:
        """Yield the line below the columns with resets and days, and what the days are called."""
        signs = self._signs
        names = dict(self._ticks(len(columns)))
        axis = Text(no_wrap=True).append(f"  0% {signs.corner}", "dim")
        for place, column in enumerate(columns):
            marks = (column.resets > 0, place in names)
            sign = {(True, True): signs.both, (True, False): signs.reset, (False, True): signs.day}
            axis.append(sign.get(marks, signs.line), "" if column.resets else "dim")
        yield axis
        line = " " * EDGE_CELLS
        for place, name in names.items():
            at = EDGE_CELLS + place
            if (len(line) < at or place == 0) and at + len(name) <= EDGE_CELLS + len(columns):
                line = f"{line:{at}}{name}"
        yield Text(line, style="dim", no_wrap=True)

    def _ticks(self, count: int) -> Iterator[tuple[int, str]]:
        """Yield the columns in which an hour, a day or a week begins that gets a name."""
        span_s = self._end_s - self._begin_s
        step_s = span_s / count
        hours = 6 if span_s > DAY_S or count < 60 else 3
        before = local(self._begin_s, self._time_zone)
        for place in range(count):
            then = local(self._begin_s + (place + 1) * step_s - 1, self._time_zone)
            is_new_day = then[:3] != before[:3]
            if span_s <= _HOURS_S:
                # A column may be more than an hour.
                moment = then.tm_hour // hours * hours
                if is_new_day or moment > before.tm_hour:
                    yield place, DAYS[then.tm_wday] if is_new_day else f"{moment:02}:00"
            elif is_new_day and span_s <= _WEEKDAYS_S:
                yield place, DAYS[then.tm_wday]
            elif is_new_day and _is_named(then.tm_wday, then.tm_mday, span_s):
                yield place, f"{then.tm_mon:02}-{then.tm_mday:02}"
            before = then


def _is_named(weekday: int, day: int, span_s: float) -> bool:
    """Tell whether a date is named: Mondays, or the first of a month in a long time."""
    return weekday == 0 if span_s <= 100 * DAY_S else day == 1
