"""Several programs that count at once, one that is killed, and one that may not read all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from statusline.tokens.schema import FILE_NAME
from tests.support.canary import Scratch
from tests.support.capabilities import SECOND_UID, needs_second_uid, needs_strace
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv, package
from tests.support.transcripts import Bulk, Corpus, add_message, bulk, summed

WORDS = ("tokens", "--json", "--last", "all", "--by", "session")
KINDS = ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read", "responses")


@pytest.fixture
def home(tmp_path: Path) -> Profile:
    """A home without a server, whose transcripts come later."""
    return quiet_profile(tmp_path / "home")


def told(document: str) -> dict[str, tuple[int, ...]]:
    """What a document says of each session, as the books have it."""
    parsed: dict[str, Any] = json.loads(document)
    return {row["key"]: tuple(row[kind] for kind in KINDS) for row in parsed["rows"]}


def true(made: Bulk) -> dict[str, tuple[int, ...]]:
    """The same of the books."""
    return dict(summed(made.uses, "session"))


def test_programs_that_count_at_once_all_tell_the_truth(home: Profile) -> None:
    """Two that wrote at once would count twice; one that found the other busy had no numbers.

    In the last turn one would throw away what another had just made in place of a damaged index.
    """
    made = bulk(home.home, 2)
    for turn in range(3):
        if turn == 2:
            (home.directory / FILE_NAME).write_text("Dear diary, ...")
        running = [
            subprocess.Popen(argv(*WORDS), env=home.environment, stdout=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        ended = [each.communicate(timeout=HANG_S)[0] for each in running]
        assert [each.returncode for each in running] == [0, 0, 0]
        assert [told(each) for each in ended] == [true(made)] * 3, turn
        made.uses.append(add_message(made.newest, made.uses[-1].at_s))


@needs_strace
@pytest.mark.parametrize(
    "when", [3, pytest.param(1, marks=pytest.mark.full), pytest.param(40, marks=pytest.mark.full)]
)
def test_what_a_killed_program_left_is_put_right(home: Profile, when: int) -> None:
    """Half of a transcript's answers, or all of them twice, would stay for good."""
    made = bulk(home.home, 0.3)
    calls = ("-e", "trace=pwrite64", "-e", f"inject=pwrite64:signal=SIGKILL:when={when}")
    strace = ("strace", "-f", "-qq", "-o", os.devnull, *calls)
    for step in range(2):
        done = home.run(*WORDS, through=strace)
        assert (done.returncode, done.stdout) != (0, "")
        assert step or done.returncode != 0, "it was not killed"
        assert told(home.run(*WORDS).stdout) == true(made)
        made.uses.append(add_message(made.newest, made.uses[-1].at_s))


@needs_second_uid
def test_what_may_not_be_read_is_named_and_the_rest_counts() -> None:
    """A directory and a transcript of somebody else's; what becomes readable counts at once."""
    for needed in (package(), Path(sys.executable)):
        if any(above.stat().st_mode & 0o005 != 0o005 for above in needed.parents):
            pytest.skip("the second user cannot reach the program under test")
    with Scratch() as base:
        Path(base).chmod(0o755)
        home = quiet_profile(Path(base) / "home")
        corpus = Corpus(home.home, traps=["plain", "subagents", "resumed"])
        directory = corpus.projects / "-home-u-subagents"
        transcript = min((corpus.projects / "-home-u-plain").iterdir())
        for path in (home.home, *home.home.rglob("*")):
            os.chown(path, SECOND_UID, SECOND_UID)
        uid = str(SECOND_UID)
        drop = ("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups")
        closed = {directory: 0o755, transcript: 0o644}
        for path in closed:
            path.chmod(0)
        for _ in range(2):
            done = home.run(*WORDS, through=drop)
            assert done.returncode == 1
            skipped = {each["path"] for each in json.loads(done.stdout)["skipped"]}
            assert skipped == set(map(str, closed))
            seen = told(done.stdout)
            assert seen == {name: sums for name, sums in open_ones(corpus, closed) if sums}
        for path, mode in closed.items():
            path.chmod(mode)
        done = home.run(*WORDS, through=drop)
        assert (done.returncode, told(done.stdout)) == (0, corpus.totals("session"))


def open_ones(corpus: Corpus, closed: dict[Path, int]) -> list[tuple[str, tuple[int, ...]]]:
    """Return the sums of the sessions that nobody closed."""
    hidden = {path.stem for path in closed}
    uses = [use for use in corpus.uses if not {use.session, use.project} & hidden]
    return list(summed(uses, "session").items())
