"""Whatever happens to transcripts, and whenever one looks: it is as if they were read anew."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from statusline.system import clock
from statusline.tokens import index, reader
from statusline.tokens import scan as scanning
from tests.support import examples
from tests.support.canary import Scratch
from tests.support.counted import Counter
from tests.support.transcript_lines import Counts, Response, by_reference, dumped

PROJECTS = ("-home-u-a", "-home-u-a-b", "-home-u-c")
NAMES = ("first", "second", "first/subagents/agent-1")
#: Lines are longer than what is read at a time, and some are too long to be held.
SMALL = {"CHUNK_BYTES": 256, "PART_BYTES": 2000, "MOST_LINE_BYTES": 4000}
#: Stands in each answer's line: the start of its parent's uuid.
SAME = b"00000000"
#: Few, so that they meet: of messages, requests (0: none) and sizes.
ids = st.integers(0, 3)


class StoppedError(Exception):
    """Somebody pressed Ctrl+C."""


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A line of a transcript: an answer, known or new, whole or partial, or something else."""
    kind = draw(st.sampled_from(("answer", "answer", "answer", "bad", "long", "other", "open")))
    if kind == "bad":
        return b'{"type":"assistant","message":{"usage":{"input_tokens":1}},"a":"00000000"}\n'
    if kind == "other":
        return draw(st.sampled_from((b"\n", b"{}\n", b'{"type":"user"}\n', b"\xff\n")))
    size = draw(st.integers(1, 3))
    at_s = 1793577600.0 + 100 * draw(ids)
    counts = Counts(size, draw(st.integers(0, 2)), 0, 0, 0)
    request = draw(ids)
    found = Response(f"m{draw(ids)}", f"r{request}" if request else "", at_s, "model", counts)
    line = found.line(f"s{draw(st.integers(0, 1))}", draw(ids), is_sidechain=draw(st.booleans()))
    if draw(st.integers(0, 9)) == 0:
        del line["message"]["id"]
    elif request and draw(st.booleans()):
        line = by_reference(line)
    data = dumped(line)
    if kind == "long":
        return data.replace(b"Hello", b"h" * draw(st.sampled_from((3000, 5000))))
    data = data.replace(b"00000000-0000-4000-8", b"11111111-0000-4000-8")
    return data[: draw(st.integers(-60, -1))] if kind == "open" else data


texts = st.lists(lines(), max_size=4).map(b"".join)
paths = st.tuples(st.sampled_from(PROJECTS), st.sampled_from(NAMES))


class Transcripts(RuleBasedStateMachine):
    """Transcripts that change, and an index that is brought up to date now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = contextlib.ExitStack()
        self.home = Path(self.stack.enter_context(Scratch(prefix="slt-")))
        for name, value in SMALL.items():
            self.stack.enter_context(mock.patch.object(reader, name, value))
        self.ahead_s = 0.0
        self.stack.enter_context(mock.patch.object(clock, "now", self.now))
        self.projects = self.home / ".claude" / "projects"
        self.projects.mkdir(parents=True)
        self.counter = Counter(self.home / "profile", self.home)
        self.probe = self.home / "probe"
        self.probe.touch()
        self.number = 0

    def next(self) -> str:
        """Return what was not there before."""
        self.number += 1
        return f"{self.number:08}"

    def unlike(self, text: bytes) -> bytes:
        """Return lines like none before: no two of Claude Code's are the same."""
        parts = text.split(SAME)
        return b"".join([*(part + self.next().encode() for part in parts[:-1]), parts[-1]])

    def now(self) -> float:
        """Return the time that the program believes it is."""
        return time.time() + self.ahead_s

    def path(self, where: tuple[str, str]) -> Path:
        """Return the path of a transcript, whose directory is there."""
        path = self.projects / where[0] / f"{where[1]}.jsonl"
        with contextlib.suppress(FileExistsError, NotADirectoryError):
            path.parent.mkdir(parents=True)
        return path

    def change(self, how: Callable[[], object]) -> None:
        """Change something, at a moment that the file system tells from the one before."""
        before = self.probe.stat().st_ctime_ns
        while self.probe.stat().st_ctime_ns == before:
            os.utime(self.probe)
        with contextlib.suppress(OSError):
            how()

    @rule(where=paths, text=texts)
    def append(self, where: tuple[str, str], text: bytes) -> None:
        """Claude Code goes on."""
        path, new = self.path(where), self.unlike(text)

        def go_on() -> None:
            with path.open("ab") as file:
                file.write(new)

        self.change(go_on)

    @rule(where=paths, text=texts)
    def rewrite(self, where: tuple[str, str], text: bytes) -> None:
        """The same file gets other contents."""
        path, new = self.path(where), self.unlike(text)
        self.change(lambda: path.write_bytes(new))

    @rule(where=paths, text=texts)
    def replace(self, where: tuple[str, str], text: bytes) -> None:
        """Another file comes in its place."""
        new = self.home / "new"
        new.write_bytes(self.unlike(text))
        self.change(lambda: new.replace(self.path(where)))

    @rule(where=paths, share=st.floats(0, 1))
    def truncate(self, where: tuple[str, str], share: float) -> None:
        """A file is cut off anywhere."""
        path = self.path(where)
        self.change(lambda: os.truncate(path, int(path.stat().st_size * share)))

    @rule(source=paths, to=paths)
    def rename(self, source: tuple[str, str], to: tuple[str, str]) -> None:
        """A transcript goes elsewhere, over another one maybe."""
        self.change(lambda: self.path(source).rename(self.path(to)))

    @rule(source=st.sampled_from(PROJECTS), to=st.sampled_from(PROJECTS))
    def rename_project(self, source: str, to: str) -> None:
        """A project moves, if there is none of that name."""
        self.change(lambda: (self.projects / source).rename(self.projects / to))

    @rule(source=paths, to=paths)
    def copy(self, source: tuple[str, str], to: tuple[str, str]) -> None:
        """A session is forked; the times are kept."""
        self.change(lambda: shutil.copy2(self.path(source), self.path(to)))

    @rule(source=paths, to=paths, is_hard=st.booleans())
    def link(self, source: tuple[str, str], to: tuple[str, str], is_hard: bool) -> None:
        """A second name leads to a transcript, or to itself."""
        how = os.link if is_hard else os.symlink
        self.change(lambda: how(self.path(source), self.path(to)))

    @rule(where=paths)
    def delete(self, where: tuple[str, str]) -> None:
        """Claude Code removes old transcripts."""
        self.change(self.path(where).unlink)

    @rule(project=st.sampled_from(PROJECTS))
    def delete_project(self, project: str) -> None:
        """Somebody cleans up."""
        self.change(lambda: shutil.rmtree(self.projects / project))

    @rule()
    def wait(self) -> None:
        """From now on nothing was changed just now."""
        self.change(lambda: None)
        self.ahead_s = 60.0 - self.ahead_s

    @rule(parts=st.integers(1, 3), is_kept=st.booleans())
    def look_and_stop(self, parts: int, is_kept: bool) -> None:
        """A look is given up after some parts, kept until there or not."""
        seen = []

        def stop(_done: int, _all: int) -> None:
            seen.append(1)
            if len(seen) >= parts:
                raise StoppedError

        with (
            mock.patch.object(scanning, "FLUSH_S", 0.0 if is_kept else 99.0),
            contextlib.suppress(StoppedError),
        ):
            scanning.scan(self.counter.places, self.counter.directory, progress=stop)

    @rule()
    def look_briefly(self) -> None:
        """A refresher has no time, and leaves the rest."""
        scanning.scan(self.counter.places, self.counter.directory, within_s=0.0)

    @rule(again=st.sampled_from(("once", "twice")))
    def look(self, again: str) -> None:
        """The index says what a new one says that reads everything."""
        self.compare()
        if again == "twice":
            self.wait()
            self.compare()

    def teardown(self) -> None:
        """Look for a last time; leave nothing."""
        try:
            self.compare()
        finally:
            self.stack.close()

    def compare(self) -> None:
        """Bring the index up to date, and compare it to a new one."""
        found = self.counter.scan()
        assert found.is_complete
        cold = Counter(self.home / f"cold-{self.next()}", self.home)
        with mock.patch.object(scanning, "FEW_BYTES", 0):
            anew = cold.scan()
        assert sorted(self.counter.amounts()) == sorted(cold.amounts())
        assert found._replace(read_bytes=0) == anew._replace(read_bytes=0)
        with index.reading(self.counter.directory) as old, index.reading(cold.directory) as new:
            assert old.projects() == new.projects()
        assert self.counter.scan().read_bytes == 0
        shutil.rmtree(cold.directory)

    @invariant()
    def nothing_is_negative(self) -> None:
        """No sum ever falls below what it is the sum of."""
        if (self.home / "profile" / "tokens.sqlite3").exists():
            for amount in self.counter.amounts():
                assert amount.responses > 0
                assert min(amount.tokens) >= 0


TestTranscripts = Transcripts.TestCase
TestTranscripts.settings = hypothesis.settings(
    max_examples=300 if examples.is_full else 12, stateful_step_count=18
)
