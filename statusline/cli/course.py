"""One run of a window as a terminal draws it: the use so far, an even pace, where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

    from statusline.history.cycles import Cycle
    from statusline.usage.forecast import Forecast

HEIGHT = 6
_EDGE_CELLS, _FEWEST_COLUMNS, _MOST_COLUMNS = 6, 20, 60
_PARTS, _ASCII_PARTS = "▁▂▃▄▅▆▇█", "..::::##"


@dataclass(frozen=True)
class Course:
    """The run ``cycle`` at ``now`` (epoch s) from its start on the left to its reset on the right.

    ``style_of`` is the style of a percentage, ``begin`` and ``end`` are what stands below the ends.
    """

    cycle: Cycle
    forecast: Forecast | None
    now: float
    style_of: Callable[[float], Style]
    begin: str
    end: str
    is_ascii: bool = False

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines; none where there is no room for them."""
        count = min(options.max_width - _EDGE_CELLS, _MOST_COLUMNS)
        if count < _FEWEST_COLUMNS:
            return
        columns = list(self._columns(count))
        for line in range(HEIGHT, 0, -1):
            label = {HEIGHT: "100%", 1: "0%"}.get(line, "")
            made = Text(f"{label:>4} ", style="dim", no_wrap=True)
            made.append("|" if self.is_ascii else "│")
            for place, (pct, is_ahead) in enumerate(columns):
                made.append_text(self._cell(place, pct, line, count, is_ahead=is_ahead))
            yield made
        between = " " * max(1, count - len(self.begin) - len(self.end))
        yield Text(f"{'':{_EDGE_CELLS}}{self.begin}{between}{self.end}", "dim", no_wrap=True)

    def _columns(self, count: int) -> Iterator[tuple[float, bool]]:
        """Yield the use at the end of each column, and whether that is yet to come."""
        begin_s, length_s = self.cycle.starts_at, self.cycle.resets_at - self.cycle.starts_at
        for place in range(count):
            at_s = begin_s + length_s * (place + 1) / count
            if at_s - length_s / count <= self.now:
                yield self.cycle.pct_at(min(at_s, self.now)), False
            else:
                yield self._forecast_at(at_s), True

    def _forecast_at(self, at_s: float) -> float:
        """Return the use to come: straight to where the forecast says it leads."""
        found = self.forecast
        if found is None:
            return 0.0
        used_pct = self.cycle.used_pct
        to_pct, to_s = found.projected_pct, float(found.resets_at)
        if found.full_at is not None:
            to_pct, to_s = 100.0, found.full_at
        share = min(1.0, (at_s - self.now) / max(to_s - self.now, 1.0))
        return used_pct + (to_pct - used_pct) * share

    def _cell(self, place: int, pct: float, line: int, count: int, *, is_ahead: bool) -> Text:
        parts = _ASCII_PARTS if self.is_ascii else _PARTS
        steps = len(parts)
        eighths = round(min(pct, 100.0) * HEIGHT * steps / 100)
        eighths = max(eighths, 1 if pct > 0 else 0) - (line - 1) * steps
        if eighths > 0:
            if is_ahead:
                return Text("-" if self.is_ascii else "░", "dim")
            return Text(parts[min(eighths, steps) - 1], self.style_of(pct))
        is_even = int((place + 0.5) / count * HEIGHT) == line - 1
        return Text(("." if self.is_ascii else "·") if is_even else " ", "dim")
