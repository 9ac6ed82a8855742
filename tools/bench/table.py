"""Markdown tables, aligned so that they also read well as plain text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.bench.figures import Bar, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUN_HEAD = ("", "median ms", "p95 ms", "× `sh -c :`", "CPU ms", "peak MB", "processes", "runs")
BAR_HEAD = ("what", "bar", "figure", "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Return a Markdown table; the first ``left`` columns are aligned left, the others right."""
    cells = [[_cell(text) for text in row] for row in (head, *rows)]
    widths = [max(3, *(len(row[index]) for row in cells)) for index in range(len(head))]
    rule = ["-" * width for width in widths[:left]]
    rule += ["-" * (width - 1) + ":" for width in widths[left:]]
    lines = [
        [*map(str.ljust, row[:left], widths), *map(str.rjust, row[left:], widths[left:])]
        for row in (cells[0], rule, *cells[1:])
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def number(value: float) -> str:
    """Return ``value`` with about three significant digits and never an exponent."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.3f}"


def run_rows(
    summaries: Mapping[str, Summary], floor_ms: float, processes: Mapping[str, int]
) -> list[list[str]]:
    """Return the rows below ``RUN_HEAD``, fastest first; ``floor_ms`` is what ``sh -c :`` took."""
    ordered = sorted(summaries.items(), key=lambda item: item[1].median_ms)
    return [
        [
            name,
            number(seen.median_ms),
            number(seen.p95_ms),
            number(seen.median_ms / floor_ms),
            number(seen.cpu_ms),
            number(seen.peak_mb),
            str(processes[name]) if name in processes else "?",
            str(seen.runs),
        ]
        for name, seen in ordered
    ]


def bar_row(bar: Bar) -> list[str]:
    """Return the row of one bar below ``BAR_HEAD``."""
    figure = "–" if bar.figure is None else f"{number(bar.figure)} {bar.unit}"
    verdict = bar.verdict if bar.figure is not None else f"{bar.verdict}: {bar.note}"
    what = f"{bar.what} ({bar.note})" if bar.note and bar.figure is not None else bar.what
    return [what, f"≤ {bar.limit:g} {bar.unit}", figure, verdict]
