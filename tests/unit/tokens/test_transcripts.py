"""The made-up transcripts that everything about tokens is measured with: their books are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.transcript_lines import BEGIN_S, Counts, Response, by_reference
from tests.support.transcripts import TRAPS, Corpus, add_message, bulk, summed

REAL = Path(__file__).parents[2] / "data" / "transcript-2.1.328.jsonl"


def lines(home: Path) -> list[dict[str, Any]]:
    """Every line below ``home``, parsed."""
    found = sorted(home.rglob("*.jsonl"))
    return [json.loads(line) for path in found for line in path.read_bytes().splitlines()]


def once_each(parsed: list[dict[str, Any]]) -> Counts:
    """The sum of all answers by their message ids, counted the simplest way."""
    usages = {}
    for line in parsed:
        if line.get("type") == "assistant":
            usages[line["message"]["id"]] = line["message"]["usage"]
    total = Counts()
    for usage in usages.values():
        split = usage["cache_creation"]
        total = total.plus(
            Counts(
                usage["input_tokens"],
                usage["output_tokens"],
                split["ephemeral_5m_input_tokens"],
                split["ephemeral_1h_input_tokens"],
                usage["cache_read_input_tokens"],
                1,
            )
        )
    return total


def test_the_books_of_plain_transcripts_are_what_stands_in_them(tmp_path: Path) -> None:
    """Where a line is an answer, the books and the lines say the same."""
    corpus = Corpus(tmp_path, traps=["plain", "subagents"])
    assert corpus.totals()["all"] == once_each(lines(tmp_path))


def test_the_same_seed_makes_the_same_transcripts(tmp_path: Path) -> None:
    """A failure can be looked at again."""
    first, second = Corpus(tmp_path / "a", seed=7), Corpus(tmp_path / "b", seed=7)
    for path in sorted(first.home.rglob("*.*")):
        if path.is_file():
            assert path.read_bytes() == (second.home / path.relative_to(first.home)).read_bytes()
    assert first.uses == second.uses
    assert Corpus(tmp_path / "c", seed=8).totals() != first.totals()


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_has_something_to_count(tmp_path: Path, trap: str) -> None:
    """A trap in which nothing counts would be passed by a counter that finds nothing."""
    corpus = Corpus(tmp_path, traps=[trap])
    assert corpus.totals()["all"].total > 0
    assert list(tmp_path.rglob("*.jsonl"))
    assert TRAPS[trap].__doc__


def test_sums_by_anything_come_to_the_same(tmp_path: Path) -> None:
    """Every use has a day, a model, a project and a session."""
    corpus = Corpus(tmp_path)
    whole = corpus.totals()["all"]
    for by in ("day", "model", "project", "session"):
        total = Counts()
        for counts in corpus.totals(by).values():
            total = total.plus(counts)
        assert total == whole


def test_a_made_up_line_has_the_shape_of_a_real_one() -> None:
    """No field is invented: a real line has all of them, and its usage too."""
    real = json.loads(REAL.read_text(encoding="utf-8"))
    made = by_reference(Response("m", "r", BEGIN_S, "x", Counts()).line("s", 1))
    assert made.keys() <= real.keys()
    assert made["message"].keys() <= real["message"].keys()
    assert made["message"]["usage"].keys() <= real["message"]["usage"].keys()


def test_the_books_of_many_transcripts_are_what_stands_in_them(tmp_path: Path) -> None:
    """The megabytes of a measurement are JSON line by line, and their sum is known."""
    made = bulk(tmp_path, 2)
    parsed = lines(tmp_path)
    assert len(parsed) == made.lines
    assert summed(made.uses)["all"] == once_each(parsed)
    assert 2e6 <= made.size == sum(path.stat().st_size for path in tmp_path.rglob("*.jsonl"))
    assert {line["type"] for line in parsed} == {"assistant", "user", "file-history-snapshot"}


def test_a_new_message_is_one_more_response(tmp_path: Path) -> None:
    """It is appended to the transcript, and told as it is to be counted."""
    made = bulk(tmp_path, 0.1)
    uses = [add_message(made.newest, BEGIN_S + step) for step in (0, 60)]
    assert summed([*made.uses, *uses])["all"] == once_each(lines(tmp_path))
