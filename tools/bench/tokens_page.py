"""The section about tokens in docs/benchmarks.md, which the rest of the page leaves alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tools.bench.figures import Bar, Summary
from tools.bench.table import BAR_HEAD, bar_row, number, table

BEGIN = "<!-- from here on written by tools/bench/tokens -->\n"
END = "<!-- up to here -->\n"
#: Before this heading the section comes into a page that has none.
_NEXT = "## Method\n"

CCUSAGE = "ccusage"
CCUSAGE_MESSAGE = "ccusage, after one new message"
COLD = "statusline, nothing read yet"
MESSAGE = "statusline, after one new message"
AGAIN = "statusline, once more"
EMPTY = "statusline, no transcripts at all"
#: The order of the rows, each with whom it is compared to.
ROWS = {
    CCUSAGE: CCUSAGE,
    COLD: CCUSAGE,
    AGAIN: CCUSAGE,
    CCUSAGE_MESSAGE: CCUSAGE_MESSAGE,
    MESSAGE: CCUSAGE_MESSAGE,
    EMPTY: CCUSAGE,
}
#: The least size in MB for which the limits of the bars are meant.
LEAST_MB = 200


class Size(NamedTuple):
    """What was found on so many megabytes: figures by row, and the tokens that each counted."""

    megabytes: int
    transcripts: int
    responses: int
    summaries: Mapping[str, Summary]
    true: int
    ours: int
    theirs: int


class Trap(NamedTuple):
    """The tokens of one trap as they are true, and as they were counted."""

    name: str
    what: str
    true: int
    ours: int
    theirs: int


def bars(size: Size) -> list[Bar]:
    """The promises about one size."""
    seen, mb = size.summaries, f"{size.megabytes} MB"
    cold, again, theirs = seen[COLD], seen[AGAIN], seen[CCUSAGE]
    work_ms = seen[MESSAGE].cpu_ms - seen[EMPTY].cpu_ms
    unit = "× ccusage"
    made = [Bar(f"{mb}, one new message: CPU beyond starting", 30, max(work_ms, 0.0), "ms")]
    if size.megabytes >= LEAST_MB:
        made = [
            Bar(f"{mb}, nothing read yet: CPU", 1.0, cold.cpu_ms / theirs.cpu_ms, unit),
            Bar(f"{mb}, nothing read yet: time", 1.5, cold.median_ms / theirs.median_ms, unit),
            Bar(f"{mb}, nothing read yet: peak memory", 0.6, cold.peak_mb / theirs.peak_mb, unit),
            *made,
            Bar(f"{mb}, once more: time", 0.1, again.median_ms / theirs.median_ms, unit),
        ]
    return made


def section(sizes: Sequence[Size], traps: Sequence[Trap], version: str, machine: str) -> str:
    """Return the section with its marks; ``version`` is that of ccusage."""
    parts = [
        "## Tokens\n",
        f"Written by `tools/bench/tokens`; {machine}.\n",
        METHOD.format(version=version),
        table(BAR_HEAD, [bar_row(bar) for size in sizes for bar in bars(size)], left=4),
    ]
    for size in sizes:
        parts += [f"### {size.megabytes} MB\n", _intro(size), _figures(size)]
    if traps:
        parts += ["### What is told more than once, or oddly\n", TRAPS, _traps(traps)]
    return BEGIN + "\n".join(part.rstrip("\n") + "\n" for part in parts) + END


METHOD = """\
`statusline tokens --json --last all` beside native ccusage {version} (`claude daily --json`,
without a network), on made-up transcripts (`tests/support/transcripts.py`): sessions of 20 to
200 responses over 29 days, 1 to 3 lines each, with results of tools and subagents, about 10 kB
for each response. The rows with a new message ran in turns, and so did the others; ratios are
to ccusage in the same turns. All files lie in memory; ccusage uses all cores, `statusline` one.
"""
TRAPS = """\
Tokens of small transcripts with one thing in each that a count can fall over; what is right is
marked `=`. Why they differ: [tokens](tokens.md#differences-to-ccusage).
"""


def _intro(size: Size) -> str:
    def said(count: int) -> str:
        return "the same" if count == size.true else f"{count:,} ({count - size.true:+,})"

    return (
        f"{size.transcripts:,} transcripts, {size.responses:,} responses, {size.true:,} tokens. "
        f"Counted by statusline: {said(size.ours)}; by ccusage: {said(size.theirs)}.\n"
    )


def _figures(size: Size) -> str:
    rows = []
    for name, beside in ROWS.items():
        if name not in size.summaries or beside not in size.summaries:
            continue
        seen, theirs = size.summaries[name], size.summaries[beside]
        figures = ((seen.median_ms, theirs.median_ms), (seen.cpu_ms, theirs.cpu_ms),
                   (seen.peak_mb, theirs.peak_mb))  # fmt: skip
        cells = [each for ours, other in figures for each in (number(ours), number(ours / other))]
        rows.append([name, *cells, str(seen.runs)])
    head = ("", "median ms", "×", "CPU ms", "×", "peak MB", "×", "runs")
    return table(head, rows)


def _traps(traps: Sequence[Trap]) -> str:
    rows = [
        [
            trap.name.replace("_", " "),
            trap.what,
            f"{trap.true:,}",
            *("=" if count == trap.true else f"{count:,}" for count in (trap.ours, trap.theirs)),
        ]
        for trap in traps
    ]
    return table(("", "what it is", "true", "statusline", "ccusage"), rows, left=2)


def taken(page: str) -> str:
    """Return the section of a page with its marks, "" where it has none."""
    _, begin, rest = page.partition(BEGIN)
    inside, end, _ = rest.partition(END)
    return begin + inside + end if end else ""


def put(page: str, text: str) -> str:
    """Return the page with ``text`` as its section, where it was or before the method."""
    old = taken(page)
    if old:
        return page.replace(old, text)
    before, heading, after = page.partition(_NEXT)
    return f"{before}{text}\n{heading}{after}" if heading and text else page
