"""The section about tokens in docs/benchmarks.md: its bars, its marks, who writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.bench import tokens_page as page
from tools.bench.figures import Summary
from tools.bench.report import Report

THEIRS = Summary(9, 400.0, 500.0, 600.0, 600.0, 100.0)
FIGURES = {
    page.CCUSAGE: THEIRS,
    page.CCUSAGE_MESSAGE: THEIRS,
    page.COLD: Summary(9, 600.0, 700.0, 800.0, 600.0, 60.0),
    page.AGAIN: Summary(9, 40.0, 50.0, 60.0, 38.0, 30.0),
    page.MESSAGE: Summary(9, 70.0, 80.0, 90.0, 68.0, 30.0),
    page.EMPTY: Summary(9, 40.0, 50.0, 60.0, 38.0, 30.0),
}
SIZE = page.Size(200, 600, 19_000, FIGURES, 1_000_000, 1_000_000, 999_990)
TRAP = page.Trap("two_places", "In both.", 50, 50, 100)
TEXT = page.section([SIZE], [TRAP], "20.0.24", "a machine")


def test_a_bar_is_met_up_to_its_limit() -> None:
    """Each limit itself is met: CPU 1, time 1.5, memory 0.6, 30 ms, a tenth."""
    assert [bar.verdict for bar in page.bars(SIZE)] == ["met"] * 5


@pytest.mark.parametrize(
    ("row", "worse", "count"),
    [(page.COLD, 1.01, 3), (page.AGAIN, 1.01, 1), (page.MESSAGE, 1.01, 1)],
)
def test_what_is_missed_is_told(row: str, worse: float, count: int) -> None:
    """A hundredth over the limit is missed, and stands in the table as missed."""
    slower = Summary(9, *(figure * worse for figure in FIGURES[row][1:]))
    size = SIZE._replace(summaries=FIGURES | {row: slower})
    assert [bar.verdict for bar in page.bars(size)].count("missed") == count
    assert page.section([size], [], "1", "").count("| missed |") == count


def test_small_transcripts_promise_no_ratio() -> None:
    """Starting an interpreter outweighs them; the work for a new message does not grow."""
    assert len(page.bars(SIZE._replace(megabytes=20))) == 1


def test_the_section_tells_totals_and_traps() -> None:
    """Who is right is told by a sign, who is wrong by the number."""
    assert "by statusline: the same; by ccusage: 999,990 (-10)." in TEXT
    assert "| two places | In both.   |   50 |          = |     100 |" in TEXT


def test_a_section_is_put_in_place_of_the_old_one() -> None:
    """A second run would leave two."""
    before = "# Benchmarks\n\n## Bars\n\n## Method\n\nHow.\n"
    once = page.put(before, TEXT)
    assert once.index("## Bars") < once.index("## Tokens") < once.index("## Method")
    assert page.taken(once) == TEXT
    assert page.put(once, TEXT) == once
    assert page.put(before, "") == before


def test_the_other_bench_leaves_the_section_alone(tmp_path: Path) -> None:
    """`tools/bench/run` writes the page anew, and had no figures about tokens."""
    path = tmp_path / "benchmarks.md"
    Report("a machine", "tools/bench/run").write(str(tmp_path))
    assert "## Tokens" not in path.read_text()
    path.write_text(page.put(path.read_text(), TEXT))
    Report("a machine", "tools/bench/run").write(str(tmp_path))
    assert page.taken(path.read_text()) == TEXT
