"""Transcripts whose totals are known beforehand: the engine finds the same, trap for trap."""

from __future__ import annotations

from pathlib import Path

import pytest

from statusline.tokens import scan as scanning
from tests.support.counted import FIELDS, Counter
from tests.support.transcripts import TRAPS, Corpus, add_message, bulk, summed


@pytest.mark.parametrize("few_bytes", [0, scanning.FEW_BYTES], ids=["many", "few"])
@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_counted_as_it_is_true(
    tmp_path: Path, trap: str, few_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way in which a response is told more than once, oddly or not at all, for itself."""
    monkeypatch.setattr(scanning, "FEW_BYTES", few_bytes)
    corpus = Corpus(tmp_path, traps=[trap])
    counter = Counter(tmp_path / "profile", tmp_path)
    scan = counter.scan()
    assert counter.sums() == {by: corpus.totals(by) for by in FIELDS}
    assert scan.is_complete
    assert not scan.skipped
    assert scan.bad_lines == corpus.bad_lines


def test_all_traps_together_are_counted_as_they_are_true(tmp_path: Path) -> None:
    """One trap does not bring another one to life."""
    corpus = Corpus(tmp_path, seed=2)
    counter = Counter(tmp_path / "profile", tmp_path)
    assert counter.scan().bad_lines == corpus.bad_lines
    assert counter.sums() == {by: corpus.totals(by) for by in FIELDS}


def test_a_new_message_is_counted_and_nothing_else_is_read(tmp_path: Path) -> None:
    """Of megabytes of transcripts, only the new line and what proves the file to be the same."""
    made = bulk(tmp_path, 1)
    counter = Counter(tmp_path / "profile", tmp_path)
    assert counter.scan().read_bytes == made.size
    size = made.newest.stat().st_size
    use = add_message(made.newest, made.uses[-1].at_s)
    assert counter.scan().read_bytes == made.newest.stat().st_size - size
    assert counter.sums()["all"] == summed([*made.uses, use])
