"""What ``show`` and ``watch`` print: an ``Overview`` as a picture, or as plain lines.

Everything is a ``Text`` made here; a string from outside is never markup (S11).
"""

from __future__ import annotations

import copy
import functools
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.measure import Measurement
from rich.style import Style
from rich.table import Table
from rich.text import Text

from statusline.cli.course import Course
from statusline.cli.facts import facts, ticking
from statusline.overview.overview import SOURCES
from statusline.overview.words import ago
from statusline.segment import forecasts
from statusline.segment.bars import bar
from statusline.segment.humanize import duration
from statusline.segment.values import severity, share
from statusline.system.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import ConsoleOptions, RenderableType, RenderResult

    from statusline.overview.overview import Overview, WindowRow
    from statusline.settings.settings import Settings

#: Narrower than this, a window takes three short lines instead of one long.
WIDE_CELLS = 76
_MIN_BAR_CELLS, _MAX_BAR_CELLS = 8, 40
_LABEL_CELLS = 12


@dataclass(frozen=True)
class Picture:
    """An overview for people; fits any width from 40 cells on, and resizes by being printed anew.

    ``name`` says whose it is, "" where there is no need. ``ticking`` counts down in seconds, for
    what is drawn every second; without ``colored`` the user's styles are left out. The run of a
    window that is shown alone is drawn; ``drawing`` has that of the first one drawn below the
    others. ``details`` adds who told each number, and what the program itself does.
    """

    overview: Overview
    name: str = ""
    ticking: bool = False
    colored: bool = True
    drawing: bool = False
    details: bool = False

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts for the width at hand."""
        width = options.max_width
        whose = f": {self.name}" if self.name else ""
        yield Text(shown(f"Claude usage{whose}", self.overview.settings), style="bold")
        yield Text()
        if self.overview.rows:
            yield self._table() if width >= WIDE_CELLS else self._stack(width)
            yield Text()
        for drawn in self._course():
            yield drawn
            yield Text()
        yield self._facts()

    def _table(self) -> Table:
        """Return one line a window; the bar takes what the other columns leave."""
        remains = self.overview.settings.show == "remaining"
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column()
        table.add_column(justify="right", no_wrap=True)
        source = ["source"] if self.details else []
        names = ["", "", "left" if remains else "used", "resets in", "at", *source, "seen"]
        for _ in names[3:]:
            table.add_column(no_wrap=True)
        table.add_row(*(self._text("muted", name) for name in names))
        for row in self.overview.rows:
            at = "" if row.resets_in_s is None else self._at(row.seen.resets_at or 0)
            table.add_row(
                self._text("", _short(row.seen.label), bold=True),
                Bar(self, row),
                self._share(row),
                self._text("", self._countdown(row)),
                self._text("", at),
                *(self._text("muted", SOURCES[row.seen.source]) for _ in source),
                self._text("warning" if row.is_old else "muted", ago(row.age_s)),
            )
        return table

    def _stack(self, width: int) -> Group:
        """Return three short lines a window: the numbers, the bar, when it was seen."""
        parts: list[RenderableType] = []
        for row in self.overview.rows:
            first = self._text("", f"{_short(row.seen.label)}  ", bold=True)
            first.append_text(self._share(row))
            if row.resets_in_s is not None:
                at = self._at(row.seen.resets_at or 0)
                ahead = f"{self._countdown(row)}, {at}"
                room = width - first.cell_len - len("  resets in ")
                ahead = f"  resets in {ahead}" if len(ahead) <= room else f"  {ahead}"
                first.append_text(self._text("", ahead))
            seen = _seen(row, details=self.details)
            source = self._text("warning" if row.is_old else "muted", seen)
            bar = [] if row.used_pct is None else [Bar(self, row)]
            parts += [first, *bar, source, Text()]
        return Group(*parts[:-1])

    def _at(self, moment_s: float) -> str:
        return self.overview.clock_time(moment_s)

    def _countdown(self, row: WindowRow) -> str:
        if row.resets_in_s is None:
            return ""
        return ticking(row.resets_in_s) if self.ticking else duration(row.resets_in_s)

    def _share(self, row: WindowRow) -> Text:
        if row.used_pct is None:
            return self._text("muted", "reset")
        role, shown = share(row.used_pct, self.overview.view, row.window)[0]
        made = self._text(role, shown)
        for role, shown in forecasts.pace(row.seen, self.overview.view):
            made.append_text(self._text(role, f" {shown}"))
        return made

    def _course(self) -> Iterator[Course]:
        """Yield the run of the one window that is shown, where its history is known."""
        is_wanted = self.drawing or self.overview.window
        for row in self.overview.rows[:1] if is_wanted else []:
            run = self.overview.known.runs.get(row.window)
            if run is not None and row.used_pct is not None:
                style = functools.partial(self._severity, row.window)
                ends = (self._at(run.starts_at), self._at(run.resets_at))
                now, settings = self.overview.now, self.overview.settings
                yield Course(run, row.forecast, now, style, *ends, is_ascii=settings.ascii)

    def _severity(self, window: str, used_pct: float) -> Style:
        settings = self.overview.settings
        role = severity(used_pct, settings, window)
        return style_of(role, settings) if self.colored else Style()

    def bar(self, row: WindowRow, bar_cells: int) -> Text:
        """Return the segments' bar, drawn to the width that there is here."""
        if row.used_pct is None:
            return Text()
        settings = copy.copy(self.overview.settings)
        settings.bar_width = bar_cells
        if settings.ascii:
            settings.bar_full, settings.bar_empty = "#", "-"
        role = "muted" if row.is_old else severity(row.used_pct, settings, row.window)
        made = Text(no_wrap=True)
        for part_role, text in bar(row.used_pct, settings, role):
            made.append_text(self._text(part_role, text))
        return made

    def _facts(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for fact in facts(self.overview, ticks=self.ticking, details=self.details):
            table.add_row(self._text("muted", fact.name), self._text(fact.role, fact.text))
        return table

    def _text(self, role: str, text: str, *, bold: bool = False) -> Text:
        settings = self.overview.settings
        style = style_of(role, settings) if self.colored else Style()
        made = Text(shown(text, settings), style=style)
        if bold:
            made.stylize("bold")
        return made


@dataclass(frozen=True)
class Bar:
    """The bar of one window, as wide as its place."""

    picture: Picture
    row: WindowRow

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the bar."""
        yield self.picture.bar(self.row, min(options.max_width, _MAX_BAR_CELLS))

    def __rich_measure__(self, _console: Console, options: ConsoleOptions) -> Measurement:
        """Return the widths that suit it."""
        return Measurement(
            min(_MIN_BAR_CELLS, options.max_width), min(_MAX_BAR_CELLS, options.max_width)
        )


def _seen(row: WindowRow, *, details: bool) -> str:
    said = f"seen {ago(row.age_s)}"
    return f"{said} by {SOURCES[row.seen.source]}" if details else said


def plain_lines(overview: Overview, *, details: bool = False) -> Iterator[str]:
    """Yield the same as lines of text: no colours, no bars, one window a line."""
    for row in overview.rows:
        said = _seen(row, details=details)
        number = "reset"
        if row.used_pct is not None:
            number = share(row.used_pct, overview.view, row.window)[0][1]
        resets = ""
        if row.resets_in_s is not None:
            at = overview.clock_time(row.seen.resets_at or 0)
            resets = f"  resets in {duration(row.resets_in_s)} ({at})"
        for _role, text in forecasts.pace(row.seen, overview.view):
            resets += f"  {text} by then"
        line = f"{_short(row.seen.label):8} {number:>5}{resets}  ({said})"
        yield shown(line, overview.settings)
    for fact in facts(overview, details=details):
        yield shown(f"{fact.name:8} {fact.text}", overview.settings)


def as_svg(drawn: RenderableType, width: int, title: str) -> str:
    """Return what a terminal of ``width`` cells would show, as SVG that loads nothing."""
    recorder = Console(
        file=io.StringIO(),
        record=True,
        width=max(width, 40),
        force_terminal=True,
        color_system="truecolor",
        markup=False,
        highlight=False,
        _environ={},
    )
    recorder.print(drawn)
    document = recorder.export_svg(title=title, unique_id="statusline")
    # rich's own style sheet fetches a font from a host that nobody here knows
    return re.sub(r"@font-face\s*\{[^}]*\}\s*", "", document)


def style_of(role: str, settings: Settings) -> Style:
    """Return the style that the user gave a role of the segments, in rich's words."""
    sgr = settings.styles.get(role, ("", ""))[0]
    spans = Text.from_ansi(f"\033[{sgr}m.").spans if sgr else []
    styles = [span.style for span in spans if isinstance(span.style, Style)]
    return styles[0] if styles else Style()


def shown(text: str, settings: Settings) -> str:
    """Return text without control characters, in ASCII where the user wants that."""
    safe = printable(text, instead=" ")
    return safe.encode("ascii", "replace").decode() if settings.ascii else safe


def _short(label: str) -> str:
    return label[:_LABEL_CELLS]
