"""What ``statusline history`` prints: each window as a plot and a table, or as plain lines."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.table import Table
from rich.text import Text

from statusline.cli.picture import shown, style_of
from statusline.cli.plot import Plot
from statusline.history.period import Track, columns, summary
from statusline.segment.bars import bar
from statusline.segment.humanize import duration, percent
from statusline.segment.values import severity
from statusline.usage.observation import DAY_S, HOUR_S

if TYPE_CHECKING:
    from statusline.history.cycles import Cycle
    from statusline.overview.overview import Overview

#: Lines of a plot, and rows of a table: of one window among others, and of one alone.
_HEIGHT, _HEIGHT_ALONE = 6, 10
_ROWS, _ROWS_ALONE = 4, 20
_BAR_CELLS = 10
#: Narrower than this, a table says when a run began and how much it used.
WIDE_CELLS = 64


class Row(NamedTuple):
    """A run of a window in words: from when to when, how much was used, what there is to add."""

    began: str
    ended: str
    used_pct: float
    note: str


class Timeline:
    """The windows of ``tracks`` from ``since_s`` (epoch s) to the overview's present.

    ``is_alone`` says that one window was asked for, which then has more room.
    """

    def __init__(
        self, overview: Overview, tracks: Sequence[Track], since_s: float, *, is_alone: bool
    ) -> None:
        self.overview = overview
        self.tracks = tracks
        self.since_s = since_s
        self._height = _HEIGHT_ALONE if is_alone else _HEIGHT
        self._most = _ROWS_ALONE if is_alone else _ROWS

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield a part for each window, and what the signs mean."""
        for track in self.tracks:
            yield self._part(track, options.max_width)
        reset, unseen = ("^", ":") if self.overview.settings.ascii else ("┴", "░")
        yield Text(f"{reset} reset   {unseen} nobody looked: at least so much", style="dim")

    def _part(self, track: Track, width: int) -> Group:
        settings = self.overview.settings
        span = (self.since_s, self.overview.now)
        plot = Plot(
            lambda count: columns(track, *span, count),
            span,
            settings.time_zone,
            lambda pct: style_of(severity(pct, settings, track.window), settings),
            height=self._height,
            is_ascii=settings.ascii,
        )
        return Group(self._head(track), plot, Text(), self._table(track, width), Text())

    def _head(self, track: Track) -> Text:
        """Return the window's name with what became of its runs."""
        over = span(self.overview.now - self.since_s)
        return Text.assemble((self._safe(track.label), "bold"), f", last {over}: {told(track)}")

    def _table(self, track: Track, width: int) -> Table:
        settings = copy.copy(self.overview.settings)
        settings.bar_width, settings.bar_empty, settings.show = _BAR_CELLS, " ", "used"
        if settings.ascii:
            settings.bar_full = "#"
        is_wide = width >= WIDE_CELLS
        table = Table.grid(padding=(0, 2, 0, 0))
        titles = ("began", "ended", "", "used", "") if is_wide else ("began", "used", "")
        for name in titles:
            table.add_column(no_wrap=True, justify="right" if name == "used" else "left")
        table.columns[-1].no_wrap = False
        table.add_row(*(Text(name, style="dim") for name in titles))
        hidden = len(track.cycles) - self._most
        if hidden > 0:
            table.add_row(Text(f"{hidden} earlier", style="dim"))
        for each in rows(self.overview, track)[-self._most :]:
            role = severity(each.used_pct, settings, track.window)
            drawn = Text()
            for part_role, text in bar(each.used_pct, settings, role):
                drawn.append(text, style_of(part_role, settings))
            used = Text(percent(each.used_pct), style=style_of(role, settings))
            between = (each.ended, drawn) if is_wide else ()
            table.add_row(each.began, *between, used, Text(each.note, style="dim"))
        return table

    def _safe(self, text: str) -> str:
        return shown(text, self.overview.settings)


def rows(overview: Overview, track: Track) -> list[Row]:
    """Return the runs of a window in words, oldest first."""
    return [_row(overview, cycle) for cycle in track.cycles]


def _row(overview: Overview, cycle: Cycle) -> Row:
    notes = []
    full_s = cycle.full_at
    if full_s is not None:
        notes.append(f"used up after {duration(full_s - cycle.starts_at)}")
    if cycle.cut_at is not None:
        notes.append("reset early")
    ended = overview.clock_time(cycle.ends_at)
    if not cycle.is_closed:
        notes.append(f"resets in {duration(cycle.ends_at - overview.now)}")
        ended = "running"
    return Row(overview.clock_time(cycle.starts_at), ended, cycle.used_pct, ", ".join(notes))


def told(track: Track) -> str:
    """Return what became of a window's runs, and how far the one has come that runs now."""
    *before, last = track.cycles
    parts = [] if last.is_closed else [f"now {percent(last.used_pct)}"]
    if parts and len(before) == 1:
        parts.append(f"{percent(before[0].used_pct)} in the one before")
    elif before or last.is_closed:
        runs, median_pct, highest_pct, full = summary(track.cycles)
        parts += [f"{runs} window{'' if runs == 1 else 's'}", f"median {percent(median_pct)}"]
        parts += [f"highest {percent(highest_pct)}", *([f"{full} used up"] if full else [])]
    return ", ".join(parts)


def span(seconds: float) -> str:
    """Return a length of time in words."""
    count, unit = round(seconds / DAY_S), "day"
    if seconds <= 2 * DAY_S:
        count, unit = round(seconds / HOUR_S), "hour"
    return f"{count} {unit}{'' if count == 1 else 's'}"


def plain_lines(overview: Overview, tracks: Sequence[Track]) -> Iterator[str]:
    """Yield the same as lines of text: one run a line, without plot and colours."""
    for track in tracks:
        for row in rows(overview, track):
            note = f"  ({row.note})" if row.note else ""
            line = f"{track.label:8} {row.began:>12} {row.ended:>12} {percent(row.used_pct):>5}"
            yield shown(f"{line}{note}", overview.settings)
