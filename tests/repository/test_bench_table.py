"""The pure parts of the bench: figures, tables, the chart. No clock runs here."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tools.bench.chart import CHAR_PX, chart
from tools.bench.chart import Bar as ChartBar
from tools.bench.comparison import SHELL_FLOOR, Comparison
from tools.bench.figures import Bar, Lap, median, quantile, summary
from tools.bench.measure import Entry
from tools.bench.table import bar_row, number, run_rows, table


@pytest.mark.parametrize(
    ("values", "wanted"), [([7.0], 7.0), ([1.0, 9.0], 5.0), ([9.0, 1.0, 2.0], 2.0)]
)
def test_the_median_is_the_middle_value(values: list[float], wanted: float) -> None:
    """Order does not matter; between two middle values it is half-way."""
    assert median(values) == wanted


def test_the_95th_percentile_lies_above_95_of_100_values() -> None:
    """Interpolated between the values beside it, whatever their order."""
    values = [float(value) for value in range(101)]
    random.Random(1).shuffle(values)
    assert quantile(values, 0.95) == 95.0
    assert quantile([0.0, 10.0], 0.95) == pytest.approx(9.5)


def test_no_values_have_no_median() -> None:
    """An empty list is an error, not a zero."""
    with pytest.raises(ValueError, match="no values"):
        median([])


def test_a_summary_takes_the_worst_memory_and_the_median_of_the_rest() -> None:
    """One slow lap moves the maximum and the memory, not the medians."""
    seen = summary([Lap(1.0, 0.5, 8.0), Lap(2.0, 0.6, 9.0), Lap(90.0, 0.7, 30.0)])
    assert (seen.runs, seen.median_ms, seen.max_ms) == (3, 2.0, 90.0)
    assert (seen.cpu_ms, seen.peak_mb) == (0.6, 30.0)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [(1.2, "met"), (1.35, "met"), (1.351, "missed"), (None, "not measured")],
)
def test_a_bar_is_met_up_to_its_limit(figure: float | None, verdict: str) -> None:
    """The limit itself is met; what was not measured is never met."""
    bar = Bar("render", 1.35, figure, "×", "why")
    assert bar.verdict == verdict
    assert verdict in bar_row(bar)[-1]


def test_a_bar_without_a_figure_says_why() -> None:
    """The row names the reason."""
    assert bar_row(Bar("files", 0, None, "files", "strace is missing"))[2:] == [
        "–",
        "not measured: strace is missing",
    ]


def test_a_table_has_one_width_per_column_and_survives_a_bar_in_a_cell() -> None:
    """Every line is as long as the others, and a | in a value does not add a column."""
    lines = table(("name", "ms"), [["a|b", "1"], ["two\nlines", "1000"]]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1] == "| --------- | ---: |"
    assert lines[2] == "| a\\|b      |    1 |"
    assert lines[3].startswith("| two lines |")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (0.017, "0.017"),
        (0.5, "0.50"),
        (9.994, "9.99"),
        (23.24, "23.2"),
        (704.4, "704"),
    ],
)
def test_numbers_have_three_digits_that_matter(value: float, text: str) -> None:
    """Small ratios keep their digits, large ones have no fraction."""
    assert number(value) == text


def _comparison() -> Comparison:
    entries = [
        Entry(SHELL_FLOOR, ["sh"], {}, "floor"),
        Entry("ours", ["a"], {}, "ours"),
        Entry("peer", ["b"], {}),
    ]
    walls = {SHELL_FLOOR: 0.5, "ours": 0.6, "peer": 5.0}
    laps = {name: summary([Lap(wall, wall, 2.0)]) for name, wall in walls.items()}
    return Comparison(entries, laps)


def test_rows_are_sorted_by_speed_with_ratios_to_the_shell() -> None:
    """Fastest first; the shell itself is 1.00; processes that were not counted are unknown."""
    seen = _comparison()
    rows = run_rows(seen.summaries, 0.5, {"ours": 1})
    assert [row[0] for row in rows] == [SHELL_FLOOR, "ours", "peer"]
    assert [row[3] for row in rows] == ["1.00", "1.20", "10.0"]
    assert [row[6] for row in rows] == ["?", "1", "?"]


def test_a_ratio_needs_both_programs() -> None:
    """A peer that is missing has no ratio."""
    seen = _comparison()
    assert seen.ratio("peer", "ours") == pytest.approx(5.0 / 0.6)
    assert seen.ratio("gone", SHELL_FLOOR) is None


def test_the_chart_is_xml_with_one_bar_per_program() -> None:
    """Labels are escaped, lengths are in proportion, the longest fills the width."""
    text = chart([("tmux & co", [ChartBar("a<b", 2.0, "ours"), ChartBar("c", 8.0, "peer")])], "x")
    root = ET.fromstring(text)  # noqa: S314  # what the line above made
    bars = [float(bar.get("width", "0")) for bar in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert bars[0] * 4 == pytest.approx(bars[1])
    labels = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert labels[:2] == ["tmux & co", "a<b"]


@pytest.mark.parametrize("made", ["docs", "long"])
def test_the_chart_cuts_no_text(made: str) -> None:
    """The longest label began left of the picture, and the caption ended right of it."""
    bars = [ChartBar("statusline in Claude Code, as installed by " + "x" * 30, 600.0, "ours")]
    text = chart([("t", bars)], "caption word " * 30)
    if made == "docs":
        text = (Path(__file__).parents[2] / "docs" / "benchmarks.svg").read_text("utf-8")
    root = ET.fromstring(text)  # noqa: S314  # made by the bench, or by the line above
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        length = len(element.text or "") * CHAR_PX
        x = float(element.attrib["x"])
        left = x - length if element.get("text-anchor") == "end" else x
        assert 0 <= left <= left + length <= width, element.text
        assert float(element.attrib["y"]) < height
