"""Tokens on the page of ``history --html``: what each model and each project used."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from statusline.cli.tokens_text import COST, NUMBERS, Words
from statusline.tokens.report import is_by_cost, weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from statusline.overview.overview import Overview
    from statusline.tokens.listing import Listing

STYLE = """
.tokens { width: 100%; min-width: 44rem; table-layout: fixed; margin-bottom: 1.2rem; }
.tokens td, .tokens thead th { text-align: right; } .tokens th:first-child { text-align: left;
  width: 28%; overflow-wrap: anywhere; } .tokens tbody th { font-weight: 400; }
.tokens .bar { width: 24%; } .tokens i { display: block; height: .8em; border-radius: 2px;
  min-width: 1px; width: var(--share); background: var(--normal); }
.tokens tfoot td, .tokens tfoot th { border-top: 1px solid var(--grid); font-weight: 600; }
"""
#: More models or projects than these are told as one.
_MOST = 20
_TITLES = {"model": "Model", "project": "Project"}


def section(
    listings: Sequence[Listing], overview: Overview, home: str | None = None
) -> Iterator[str]:
    """Yield a table for each listing; nothing where nothing was counted."""
    if not listings:
        return
    yield "<section><h2>Tokens</h2><p>What Claude Code's sessions used on this machine, as far as"
    yield "its transcripts were counted; <code>statusline tokens</code> counts what is new.</p>"
    for listing in listings:
        yield from _table(Words(listing, overview.settings, home))
    for note in Words(listings[0], overview.settings, home).notes():
        yield f"<p>{escape(note)}</p>"
    yield "</section>"


def _table(words: Words) -> Iterator[str]:
    listing = words.listing
    by_cost = is_by_cost(listing.rows)
    weights = [weight(row.used, by_cost=by_cost) for row in listing.rows]
    title = _TITLES[listing.asked.by]
    yield f'<div class="wide" tabindex="0" role="region" aria-label="Tokens by {title.lower()}">'
    yield f'<table class="tokens"><thead><tr><th scope="col">{title}<td class="bar">'
    yield "".join(f'<th scope="col">{name}' for name in (*NUMBERS, "total", COST))
    yield "</tr></thead><tbody>"
    for row, each in list(zip(listing.rows, weights, strict=True))[:_MOST]:
        line = words.line(row)
        share = each / max(weights) if each else 0.0
        yield f'<tr><th scope="row">{escape(line.label)}<td class="bar">'
        yield f'<i style="--share:{share:.1%}"></i>'
        yield "".join(f"<td>{escape(cell)}" for cell in (*line.numbers, line.total, line.cost))
        yield "</tr>"
    hidden = len(listing.rows) - _MOST
    if hidden > 0:
        yield f'<tr><th scope="row">{hidden} with less</tr>'
    line = words.line(listing.total)
    yield '</tbody><tfoot><tr><th scope="row">total<td class="bar">'
    yield "".join(f"<td>{escape(cell)}" for cell in (*line.numbers, line.total, line.cost))
    yield "</tr></tfoot></table></div>"
