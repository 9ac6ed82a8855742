"""The page of ``history --html``, and the drawing of ``--svg``: one file that loads nothing."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from statusline.cli import page_tokens
from statusline.cli.drawing import HEIGHT, STYLE, WIDTH, Drawing
from statusline.cli.timeline import rows, span, told
from statusline.history.hours import HOURS, Week, week
from statusline.segment import forecasts
from statusline.segment.clock_time import DAYS, local
from statusline.segment.humanize import percent
from statusline.segment.values import severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from statusline.history.cycles import Cycle
    from statusline.history.period import Track
    from statusline.overview.overview import Overview, WindowRow
    from statusline.tokens.listing import Listing

_PAGE_STYLE = """
body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .2rem; }
p, figcaption { color: var(--soft); margin: .2rem 0 .6rem; }
figure { margin: 0; } svg { width: 100%; height: auto; display: block; }
strong { color: var(--tone, var(--ink)); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
caption { text-align: left; color: var(--soft); padding: .3rem 0; }
th { text-align: left; font-weight: 600; } th, td { padding: .15rem .7rem .15rem 0; }
td.pct { text-align: right; color: var(--tone); }
.wide { overflow-x: auto; }
.week { width: 100%; table-layout: fixed; min-width: 44rem; }
.week th, .week td { padding: .25rem 0; text-align: center; font-weight: 400; font-size: .75rem;
  border: 1px solid var(--ground); }
.week tbody th { text-align: left; } .week th:first-child { width: 2.6rem; }
.week td { background: rgb(62 99 221 / var(--share)); color: var(--ink); }
.week td.none { background: none; color: var(--soft); }
summary { cursor: pointer; } summary:focus-visible { outline: 2px solid var(--ink); }
@media print { details > * { display: block; } }
"""
#: Nothing may be fetched or run, whatever stands in the page.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Page:
    """The windows of ``tracks`` since ``since_s`` (epoch s) as one document.

    ``tokens`` is what was used meanwhile, a table each; ``home`` is left out of its paths.
    """

    def __init__(
        self,
        overview: Overview,
        tracks: Sequence[Track],
        since_s: float,
        tokens: Sequence[Listing] = (),
        home: str | None = None,
    ) -> None:
        self.overview = overview
        self._tokens = list(page_tokens.section(tokens, overview, home))
        self.tracks = tracks
        self.since_s = since_s
        self._now = overview.now

    def html(self) -> str:
        """Return the page: a section for each window, then the hours of the week."""
        title = f"Claude usage, last {span(self._now - self.since_s)}"
        then = local(self._now, self.overview.settings.time_zone)
        made = (
            f"{then.tm_year}-{then.tm_mon:02}-{then.tm_mday:02} {then.tm_hour:02}:{then.tm_min:02}"
        )
        parts = [part for track in self.tracks for part in self._section(track)]
        return "\n".join(
            (
                "<!doctype html>",
                '<html lang="en"><head><meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                '<meta name="color-scheme" content="light dark">',
                f"<title>{title}</title>",
                f"<style>{STYLE}{_PAGE_STYLE}{page_tokens.STYLE}</style></head>",
                f"<body><main><h1>{title}</h1><p>As of {made}. Dotted lines are resets; where a",
                "colour is faint nobody looked, and it may have been more.</p>",
                *parts,
                *self._tokens,
                *self._week(),
                "</main></body></html>\n",
            )
        )

    def svg(self) -> str:
        """Return the drawings alone, one below the other."""
        step = HEIGHT + 28
        parts = []
        for number, track in enumerate(self.tracks):
            head = f"{track.label}, last {span(self._now - self.since_s)}: {told(track)}"
            parts.append(f'<text x="12" y="{number * step + 20}">{escape(head)}</text>')
            parts.append(self._drawing(track).svg(number * step + 28))
        size = f'viewBox="0 0 {WIDTH} {step * len(self.tracks)}" width="{WIDTH}"'
        inside = "\n".join(parts)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{STYLE}</style>'
        return f"{head}\n{inside}\n</svg>\n"

    def _drawing(self, track: Track) -> Drawing:
        settings, row = self.overview.settings, self._row(track)
        return Drawing(
            track,
            self.since_s,
            self._now,
            None if row is None else row.forecast,
            settings.time_zone,
            lambda pct: severity(pct, settings, track.window),
            lambda cycle: self._told(track, cycle),
        )

    def _row(self, track: Track) -> WindowRow | None:
        return next((row for row in self.overview.rows if row.window == track.window), None)

    def _told(self, track: Track, cycle: Cycle) -> str:
        """Return one run in words."""
        (row,) = rows(self.overview, track._replace(cycles=(cycle,)))
        note = f", {row.note}" if row.note else ""
        ended = "now" if row.ended == "running" else row.ended
        return f"{track.label}, {row.began} to {ended}: {percent(row.used_pct)}{note}"

    def _section(self, track: Track) -> Iterator[str]:
        label = escape(track.label)
        yield f"<section><h2>{label}</h2><p>{escape(told(track))}{self._leads_to(track)}</p>"
        yield f'<figure class="wide">{self._drawing(track).svg()}</figure>'
        yield f"<details><summary>Every {label} window as a table</summary>"
        yield '<table><thead><tr><th scope="col">began<th scope="col">ended<th scope="col">used'
        yield '<th scope="col">note</tr></thead><tbody>'
        for row in reversed(rows(self.overview, track)):
            role = severity(row.used_pct, self.overview.settings, track.window)
            yield f'<tr><td>{escape(row.began)}<td>{escape(row.ended)}<td class="pct {role}">'
            yield f"{percent(row.used_pct)}<td>{escape(row.note)}</tr>"
        yield "</tbody></table></details></section>"

    def _leads_to(self, track: Track) -> str:
        """Return where the run under way leads, in words; nothing where no forecast is told."""
        row = self._row(track)
        found = None if row is None else row.forecast
        if row is None or found is None:
            return ""
        if found.full_at is not None and forecasts.fills(found, self._now):
            return f'; <strong class="warning">{forecasts.told(found, self._now)}</strong>'
        return f"; {forecasts.rounded(found, row.seen.utilization_pct)}% at its reset at this pace"

    def _week(self) -> Iterator[str]:
        """Yield the hours of an average week, by the window that says most of them."""
        if not self.tracks:
            return
        track, zone = self.tracks[0], self.overview.settings.time_zone

        def place(at_s: float) -> tuple[int, int]:
            then = local(at_s, zone)
            return then.tm_wday, then.tm_hour

        made = week(track.cycles, self.since_s, self._now, place)
        label = escape(track.label)
        yield "<section><h2>Hours of the week</h2>"
        yield '<div class="wide" tabindex="0" role="region" aria-label="Hours of the week">'
        yield f'<table class="week"><caption>Points of {label} used in each hour, on average'
        yield "</caption><thead><tr><td class=none>"
        yield "".join(f'<th scope="col">{hour:02}' for hour in range(HOURS))
        yield "</tr></thead><tbody>"
        for day, name in enumerate(DAYS):
            cells = "".join(_cell(pct, made) for pct in made.pct[day])
            yield f'<tr><th scope="row">{name}{cells}</tr>'
        yield "</tbody></table></div></section>"


def _cell(pct: float | None, made: Week) -> str:
    if pct is None:
        return '<td class="none">–'
    if round(pct) == 0:
        return '<td class="none">0'
    share = pct / made.highest_pct
    return f'<td style="--share:{share * 0.75:.2f}">{pct:.0f}'
