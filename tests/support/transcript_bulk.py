"""Transcripts by the gigabyte, in the mix that Claude Code leaves, made about as fast as a disk.

Their texts are slices of one pool; the books are kept beside the writing, as in ``transcripts``.
"""

from __future__ import annotations

import functools
import os
import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from tests.support.transcript_lines import (
    BEGIN_S,
    HAIKU,
    OPUS,
    SONNET,
    Counts,
    Response,
    Use,
    dumped,
    iso,
    some_counts,
    with_iterations,
)

DAYS = 29
PROJECTS = 12
#: The pool is made of pieces of so many bytes, so that no slice cuts a sign or an escape.
PIECE = 40
_POOL_PIECES = 20_000
_TEXT = b"SLICE-OF-THE-POOL"
_MODELS = (OPUS, OPUS, OPUS, SONNET, SONNET, HAIKU)


@dataclass
class Bulk:
    """What ``bulk`` wrote: the books, how many bytes, and the transcript that grew last."""

    home: Path
    uses: list[Use] = field(default_factory=list)
    size: int = 0
    files: int = 0
    lines: int = 0
    newest: Path = Path()


def bulk(directory: Path, megabytes: float, seed: int = 1, end_s: float | None = None) -> Bulk:
    """Write transcripts below ``directory``, a home, that end at ``end_s`` and go 29 days back.

    Only what every counter agrees on: repeated lines are alike, and every id is there, as
    versions before 2.1.328 wrote it.
    """
    made = Bulk(directory)
    writer = _Writer(made, random.Random(seed))
    end_s = BEGIN_S + DAYS * 86400 if end_s is None else end_s
    number = 0
    while made.size < megabytes * 1_000_000:
        writer.session(number, end_s - (number * 0.618034 % 1.0) * DAYS * 86400)
        number += 1
    return made


def add_message(path: Path, at_s: float) -> Use:
    """Append one new response to a transcript of a session, and return what is to be counted."""
    number = path.stat().st_size
    counts = Counts(3, 250, 0, 900, 40_000, 1)
    response = Response(f"msg_added_{number}", f"req_added_{number}", at_s, OPUS, counts)
    with path.open("ab") as file:
        file.write(dumped(with_iterations(response.line(path.stem, number))))
    return Use(at_s, path.parent.name, path.stem, OPUS, is_fast=False, counts=counts)


class _Writer:
    def __init__(self, made: Bulk, rng: random.Random) -> None:
        self._made = made
        self._rng = rng
        self._number = 0
        self._pool = _pool()

    def session(self, number: int, end_s: float) -> None:
        """Write a session with its subagents, whose last line is of ``end_s``."""
        rng, made = self._rng, self._made
        name = f"{number:08x}-0000-4000-8000-000000000000"
        project = f"-home-u-p{number % PROJECTS}"
        path = made.home / ".claude" / "projects" / project / f"{name}.jsonl"
        replies = rng.randint(20, 200)
        at_s = end_s - replies * 20.0
        with _opened(path) as file:
            for _ in range(replies):
                at_s = round(at_s + rng.uniform(1, 39), 3)
                self._reply(file, name, project, at_s)
                if rng.random() < 0.03:
                    self._subagent(path, name, project, at_s)
            self._account(file, path, at_s)
        made.newest = max(made.newest, path, key=lambda each: each.stat().st_mtime)

    def _subagent(self, path: Path, name: str, project: str, at_s: float) -> None:
        folder = path.with_suffix("") / "subagents"
        part = folder / f"agent-{self._rng.getrandbits(32):08x}.jsonl"
        with _opened(part) as file:
            for step in range(self._rng.randint(3, 12)):
                self._reply(file, name, project, at_s + step, is_sidechain=True)
            self._account(file, part, at_s)

    def _account(self, file: BinaryIO, path: Path, at_s: float) -> None:
        self._made.size += file.tell()
        self._made.files += 1
        file.close()
        os.utime(path, (at_s, at_s))

    def _reply(
        self, file: BinaryIO, name: str, project: str, at_s: float, *, is_sidechain: bool = False
    ) -> None:
        """Write an answer, line by line, and what its tools gave back."""
        rng = self._rng
        self._number += 1
        ids = f"01{self._number:08x}{rng.getrandbits(56):014x}"
        model = HAIKU if is_sidechain else rng.choice(_MODELS)
        counts = some_counts(rng)
        response = Response(f"msg_{ids}", f"req_{ids}", at_s, model, counts)
        self._made.uses.append(Use(at_s, project, name, model, is_fast=False, counts=counts))
        is_new = int(name[:8], 16) % 2 == 0
        for block in range(rng.choice((1, 1, 2, 2, 3))):
            each = replace(response, at_s=at_s + block / 1000)
            line = each.line(name, rng.getrandbits(48), is_sidechain=is_sidechain)
            line["message"]["content"] = [content := _content(rng)]
            before, _, after = dumped(with_iterations(line) if is_new else line).partition(
                _TEXT.join((b'"', b'"'))
            )
            text = self._text(6.0, 1.0)
            file.write(b"".join((before, b'"', text, b'"', after)))
            self._made.lines += 1
            if content["type"] == "tool_use":
                self._result(file, line["uuid"], name, at_s)
        if rng.random() < 0.2:
            file.write(b'{"type":"file-history-snapshot","messageId":"m","snapshot":{}}\n')
            self._made.lines += 1

    def _result(self, file: BinaryIO, parent: str, name: str, at_s: float) -> None:
        """Write a user's line, which has what a tool gave twice."""
        text = self._text(7.6, 1.3)
        head = (
            f'{{"parentUuid":"{parent}","isSidechain":false,"userType":"external",'
            f'"cwd":"/home/u/work","sessionId":"{name}","version":"2.1.328","gitBranch":"main",'
            '"type":"user","message":{"role":"user","content":[{"tool_use_id":"toolu_01",'
            '"type":"tool_result","content":"'
        ).encode()
        tail = (
            f'","stderr":"","interrupted":false}},"uuid":"{parent[:-4]}beef",'
            f'"timestamp":"{iso(at_s)}"}}\n'
        ).encode()
        middle = b'"}]},"toolUseResult":{"stdout":"'
        file.write(b"".join((head, text, middle, text, tail)))
        self._made.lines += 1

    def _text(self, mu: float, sigma: float) -> bytes:
        """Return a text of log-normal length, as it stands between quotes in JSON."""
        pieces = int(min(self._rng.lognormvariate(mu, sigma), 400_000)) // PIECE + 1
        first = self._rng.randrange(_POOL_PIECES - pieces)
        return self._pool[first * PIECE : (first + pieces) * PIECE]


@functools.cache
def _pool() -> bytes:
    """Return words by pieces, with what JSON has to escape and what is more than ASCII."""
    rng = random.Random(1)
    marks = ("\\n", '\\"x\\":', "é", "→", "\\t", ".", "", "")
    words = ["".join(rng.choices("etaoinshrdlu_", k=rng.randint(2, 8))) for _ in range(3000)]
    pieces = []
    for _ in range(_POOL_PIECES):
        some = rng.choices(words, k=8)
        some[rng.randrange(3)] += rng.choice(marks)
        pieces.append(" ".join(some).encode()[:PIECE].ljust(PIECE, b"."))
    return b"".join(pieces)


def _content(rng: random.Random) -> dict[str, object]:
    """Return a block of an answer's content, with a mark where its text comes."""
    text = _TEXT.decode()
    kind = rng.random()
    if kind < 0.3:
        return {"type": "thinking", "thinking": text, "signature": "E" * 500}
    if kind < 0.6:
        return {"type": "text", "text": text}
    return {"type": "tool_use", "id": "toolu_01", "name": "Bash", "input": {"command": text}}


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb", buffering=1 << 18)
