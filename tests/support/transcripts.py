"""Transcripts made up from known responses, and the true totals, from the maker's own books.

No line is read back for the books: whoever writes a line says what of it is to be counted.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.transcript_bulk import Bulk, add_message, bulk
from tests.support.transcript_lines import BEGIN_S, OPUS, Counts, Response, Use, dumped, some_counts
from tests.support.transcript_traps import TRAPS

__all__ = ["TRAPS", "Bulk", "Corpus", "Session", "add_message", "bulk", "summed"]


class Session:
    """One transcript: lines are appended to it, and what they stand for goes into the books."""

    def __init__(self, corpus: Corpus, path: Path, project: str, name: str) -> None:
        self.corpus = corpus
        self.path = path
        self.project = project
        self.name = name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def write(self, *lines: dict[str, Any] | bytes) -> None:
        """Append lines; bytes as they are."""
        with self.path.open("ab") as file:
            for line in lines:
                file.write(line if isinstance(line, bytes) else dumped(line))

    def line(self, response: Response, *, is_sidechain: bool = False) -> dict[str, Any]:
        """A line of this session for ``response``, with a uuid of its own; nothing is written."""
        return response.line(self.name, self.corpus.number(), is_sidechain=is_sidechain)

    def count(self, response: Response) -> None:
        """Book ``response`` as one of this session."""
        self.corpus.uses.append(
            Use(
                response.at_s, self.project, self.name, response.model, response.is_fast,
                response.counts._replace(responses=1),
            )
        )  # fmt: skip

    def add(self, response: Response, lines: int = 1, *, is_sidechain: bool = False) -> None:
        """Write and book ``response``, on one line for each block of its content, in a row."""
        for block in range(lines):
            self.write(self.line(response.later(block), is_sidechain=is_sidechain))
        self.count(response)

    def subagent(self, name: str) -> Session:
        """A subagent of this session, in a file of its own."""
        path = self.path.with_suffix("") / "subagents" / f"agent-{name}.jsonl"
        return Session(self.corpus, path, self.project, self.name)


class Corpus:
    """Transcripts below ``directory``, a home; every trap of ``traps`` in projects of its own.

    The same ``seed`` and traps write the same bytes.
    """

    def __init__(self, directory: Path, seed: int = 1, traps: Iterable[str] = TRAPS) -> None:
        self.home = directory
        self.projects = directory / ".claude" / "projects"
        self.projects.mkdir(parents=True)
        self.rng = random.Random(seed)
        self.uses: list[Use] = []
        self.bad_lines = 0
        self.slug = "-home-u-work"
        self._number = 0
        self._now_s = BEGIN_S
        for name in traps:
            self.slug = f"-home-u-{name.replace('_', '-')}"
            TRAPS[name](self)

    def number(self) -> int:
        """A number that was not given before."""
        self._number += 1
        return self._number

    def session(self, name: str = "", project: str = "", place: str = ".claude") -> Session:
        """A new transcript; ``name`` begins its session's id, so that names tell the order."""
        project = project or self.slug
        full = f"{name or 'main'}-{self.number():04x}-4000-8000-000000000000"
        path = self.home / place / "projects" / project / f"{full}.jsonl"
        return Session(self, path, project, full)

    def response(self, model: str = OPUS, **changes: Any) -> Response:
        """A response that was not there before, minutes after the one before it."""
        number = self.number()
        self._now_s += round(self.rng.uniform(20, 5000), 3)
        made: dict[str, Any] = {
            "id": f"msg_{number:05d}",
            "request": f"req_{number:05d}",
            "at_s": self._now_s,
            "model": model,
            "counts": some_counts(self.rng),
        }
        return Response(**(made | changes))

    def totals(self, by: str = "all") -> dict[str, Counts]:
        """What is true, by "day" (UTC), "model", "project" or "session", or all in one."""
        return summed(self.uses, by)


def summed(uses: Iterable[Use], by: str = "all") -> dict[str, Counts]:
    """Return the sums of ``uses`` by one of their fields, or all in one under "all"."""
    sums: dict[str, Counts] = {}
    for use in uses:
        key = "all" if by == "all" else str(getattr(use, by))
        sums[key] = sums.get(key, Counts()).plus(use.counts)
    return dict(sorted(sums.items()))
