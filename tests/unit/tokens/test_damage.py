"""An index in which a page was lost, wherever: the tokens are counted anew, and told right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.database import place
from statusline.system.environ import Environment
from statusline.tokens import listing
from statusline.tokens.listing import Asked
from statusline.tokens.periods import Last
from statusline.tokens.schema import TOKENS
from tests.support.transcripts import Bulk, add_message, bulk, summed

PAGE = 4096
#: What stands in a page of a disk that lost it.
LOST = {
    "zeros": bytes(PAGE),
    "text": b"A" * PAGE,
    "noise": random.Random(7).randbytes(PAGE),
}
EVER = Last.of("all")


class Case:
    """A home whose transcripts are counted, and where the index is."""

    def __init__(self, home: Path) -> None:
        self.made: Bulk = bulk(home, 5)
        self._env = Environment({"HOME": str(home)})
        self.now = self.made.uses[-1].at_s
        assert self.is_right("session")
        (self.index,) = home.rglob(TOKENS.file_name)
        self.whole = self.index.read_bytes()

    def is_right(self, by: str) -> bool:
        """Whether a list says what the books say."""
        assert EVER is not None
        told = listing.look(self._env, Asked(by, EVER, "UTC"), self.now)
        books = summed(self.made.uses)
        (sums,) = books.values()
        used = told.total.used.tokens
        return (*used, told.total.responses) == tuple(sums)

    def damaged(self, lost: bytes) -> Iterator[int]:
        """Yield the number of each page that was replaced, one after the other."""
        for number in range(len(self.whole) // PAGE):
            place.discard(str(self.index.parent), TOKENS)
            before, after = self.whole[: number * PAGE], self.whole[(number + 1) * PAGE :]
            self.index.write_bytes(before + lost + after)
            self.index.chmod(0o600)
            yield number


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_page_costs_no_token(tmp_path: Path, lost: str) -> None:
    """`tokens` failed for good on a damage that only its lists came across."""
    case = Case(tmp_path)
    for by in ("session", "day", "block"):
        assert [page for page in case.damaged(LOST[lost]) if not case.is_right(by)] == []


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_page_is_no_matter_beside_a_new_message(tmp_path: Path, lost: str) -> None:
    """The same where something is written to what is damaged."""
    case = Case(tmp_path)
    wrong = []
    for page in case.damaged(LOST[lost]):
        case.made.uses.append(add_message(case.made.newest, case.made.uses[-1].at_s))
        if not case.is_right("project"):
            wrong.append(page)
    assert wrong == []
