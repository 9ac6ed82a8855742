"""What a scan reads: what is new, all of what was rewritten, once what several links lead to."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from statusline.system import clock
from statusline.tokens import reader
from statusline.tokens.scan import scan
from tests.support.counted import FIELDS, Counter
from tests.support.transcript_lines import BEGIN_S, dumped
from tests.support.transcripts import Corpus, Session, add_message


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be so much later that no file was changed just now."""
    monkeypatch.setattr(clock, "now", lambda: time.time() + 60)


class Case:
    """A home with two transcripts of plain responses, and a profile that has counted them."""

    def __init__(self, directory: Path) -> None:
        self.corpus = Corpus(directory, traps=["plain"])
        self.counter = Counter(directory / "profile", directory)
        self.directory = self.corpus.projects / "-home-u-plain"
        self.paths = sorted(self.directory.iterdir())
        self.counter.scan()
        assert self.is_right()

    def is_right(self) -> bool:
        """Whether the index says what the books say."""
        return self.counter.sums() == {by: self.corpus.totals(by) for by in FIELDS}

    def session(self) -> Session:
        """The first transcript."""
        path = self.paths[0]
        return Session(self.corpus, path, path.parent.name, path.stem)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """What there is to count, counted."""
    return Case(tmp_path)


def test_what_was_read_just_now_is_not_read_again_later(
    case: Case, request: pytest.FixtureRequest
) -> None:
    """Each refresh would have read a whole session anew, 2 s after its last message."""
    add_message(case.paths[0], BEGIN_S)
    assert case.counter.scan().read_bytes > 0
    assert case.counter.scan().read_bytes == 0
    request.getfixturevalue("later")
    assert case.counter.scan().read_bytes == 0
    assert case.counter.scan().read_bytes == 0


@pytest.mark.usefixtures("later")
def test_what_has_not_changed_is_neither_opened_nor_listed(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new message costs its own transcript, and no other one or directory."""
    for _ in range(2):  # the first look only finds that nothing is too recent any more
        case.counter.scan()
    seen: list[str] = []
    for name in ("open", "scandir"):
        real = getattr(os, name)

        def noted(path: str, *rest: int, real: Callable[..., object] = real) -> object:
            seen.append(path)
            return real(path, *rest)

        monkeypatch.setattr(os, name, noted)
    case.counter.scan()
    assert not seen
    add_message(case.paths[0], BEGIN_S)
    case.counter.scan()
    assert seen == [case.counter.directory, str(case.paths[0])]  # the first for its lock


@pytest.mark.usefixtures("later")
def test_what_was_changed_in_its_place_is_read_anew(case: Case) -> None:
    """As long as before, with the same begin and end, and another number in the middle."""
    path = case.paths[0]
    old = path.read_bytes()
    place = old.index(b'"output_tokens":', len(old) // 2) + len(b'"output_tokens":')
    before = case.counter.sums()["all"]["all"].output
    with path.open("r+b") as file:
        file.seek(place)
        digit = file.read(1)
        file.seek(place)
        file.write(b"9" if digit != b"9" else b"8")
    assert case.counter.scan().read_bytes == len(old)
    assert case.counter.sums()["all"]["all"].output != before


@pytest.mark.usefixtures("later")
def test_what_was_rewritten_is_counted_though_a_look_was_interrupted(case: Case) -> None:
    """Its directory was as it had been, so that nobody looked for the transcript again."""
    lines = case.paths[0].read_bytes().splitlines(keepends=True)
    case.paths[0].write_bytes(b"".join(reversed(lines)))

    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(case.counter.places, case.counter.directory, progress=stop)
    case.counter.scan()
    assert case.is_right()


@pytest.mark.usefixtures("later")
def test_what_cannot_be_opened_is_named_each_time_until_it_can(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was named once, and never looked at again; the other transcripts count."""
    case.session().add(case.corpus.response())
    opened, refused = os.open, str(case.paths[0])

    def refuse(path: str, flags: int, mode: int = 0o777) -> int:
        if path == refused:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return opened(path, flags, mode)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        for _ in range(2):
            assert case.counter.scan().skipped == [(refused, "Permission denied")]
            assert set(case.counter.sums()["session"]) == {case.paths[1].stem}
    assert not case.counter.scan().skipped
    assert case.is_right()


@pytest.mark.usefixtures("later")
def test_a_line_that_goes_on_is_counted_once_it_is_whole(case: Case) -> None:
    """Claude Code writes at any time: a piece now, the rest after the next look."""
    session = case.session()
    response = case.corpus.response()
    line = dumped(session.line(response))
    session.write(line[:100])
    case.counter.scan()
    assert case.is_right()
    session.write(line[100:-1])
    case.counter.scan()
    session.count(response)
    assert case.is_right()
    session.write(b"\n")
    session.add(case.corpus.response())
    case.counter.scan()
    assert case.is_right()


@pytest.mark.usefixtures("later")
def test_links_that_lead_in_a_circle_cost_nothing_else(case: Case) -> None:
    """One link to itself took all transcripts beside it out of the count."""
    for name, target in (("loop", "loop"), ("up", ".."), ("top", "../..")):
        (case.directory / name).symlink_to(target)
    for name in ("loop.jsonl", "gone.jsonl"):
        (case.directory / name).symlink_to(name if name < "h" else "loop.jsonl")
    seen = case.counter.scan()
    assert case.is_right()
    assert {Path(each.path).name for each in seen.skipped} >= {"loop"}


@pytest.mark.usefixtures("later")
def test_a_transcript_counts_once_however_many_links_there_are(case: Case) -> None:
    """A project that lies elsewhere, a link to a link, and a second name of the same file."""
    moved = case.corpus.home / "elsewhere"
    case.directory.rename(moved)
    case.directory.symlink_to(moved)
    (case.corpus.projects / "-z-again").symlink_to(case.directory)
    (moved / "z.jsonl").hardlink_to(moved / case.paths[0].name)
    (moved / "zz.jsonl").symlink_to(case.paths[1].name)
    for _ in range(2):
        case.counter.scan()
        assert case.is_right()


@pytest.mark.usefixtures("later")
def test_what_is_no_file_is_left_alone(case: Case) -> None:
    """A pipe would be waited for, a directory of that name holds transcripts itself."""
    os.mkfifo(case.directory / "pipe.jsonl")
    below = case.directory / "directory.jsonl"
    below.mkdir()
    response = case.corpus.response()
    session = Session(case.corpus, below / "s.jsonl", case.directory.name, "s")
    session.add(response)
    case.counter.scan()
    assert case.is_right()


def test_a_line_too_long_to_hold_is_passed_over_and_told(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines after it count, the line itself never again, however it is cut by reading."""
    monkeypatch.setattr(reader, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(reader, "MOST_LINE_BYTES", 8000)
    session = case.session()
    session.write(dumped(session.line(case.corpus.response())).replace(b"Hello", b"h" * 9000))
    session.add(case.corpus.response())
    assert case.counter.scan().bad_lines == 1
    assert case.is_right()
    session.write(b"x" * 20_000)
    assert case.counter.scan().bad_lines == 1
    session.write(b"x" * 20_000)
    assert case.counter.scan().bad_lines == 1
    session.write(b'"input_tokens"\n')
    session.add(case.corpus.response())
    assert case.counter.scan().bad_lines == 2
    assert case.is_right()
    assert case.counter.scan().bad_lines == 2


def test_a_large_transcript_is_read_once(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood last in a part was read again with the next, and a bad line counted twice."""
    monkeypatch.setattr(reader, "CHUNK_BYTES", 3000)
    monkeypatch.setattr(reader, "PART_BYTES", 4000)
    session = case.session()
    size = session.path.stat().st_size
    for _ in range(8):
        session.add(case.corpus.response())
        session.write(b'{"input_tokens"}\n')
    seen = case.counter.scan()
    assert (seen.bad_lines, seen.read_bytes) == (8, session.path.stat().st_size - size)
    assert case.is_right()


@pytest.mark.full
def test_a_line_of_a_gigabyte_takes_no_memory(case: Case) -> None:
    """It is passed over in pieces: a list of pixels in a tool's result, say."""
    import resource

    session = case.session()
    size = session.path.stat().st_size
    os.truncate(session.path, size + 1_000_000_000)
    session.write(b"\n")
    session.add(case.corpus.response())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seen = case.counter.scan()
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert seen.read_bytes > 1_000_000_000
    assert seen.bad_lines == 1
    assert case.is_right()
    assert grown_mb < 150
