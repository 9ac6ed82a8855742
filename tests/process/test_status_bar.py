"""The installed `show --format` and `--follow`: exit codes, pipes, one line per change."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.laid_out import holding
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv
from tests.support.real_line import fill, known


@pytest.fixture
def filled(tmp_path: Path) -> Profile:
    """A profile with numbers, in which no refresher starts."""
    return quiet_profile(tmp_path, with_numbers=True)


@pytest.fixture
def following(filled: Profile) -> Iterator[subprocess.Popen[bytes]]:
    """`show --follow` whose line we read."""
    with subprocess.Popen(
        argv("show", "--format", "plain", "--follow"),
        env=filled.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:
        yield process
        process.kill()


def next_line(process: subprocess.Popen[bytes]) -> str:
    """The next line, which is waited for."""
    assert process.stdout is not None
    data = b""
    while not data.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], HANG_S)
        assert ready, "no line"
        piece = os.read(process.stdout.fileno(), 1)
        assert piece, "it has ended"
        data += piece
    return data.decode()


def test_a_change_is_a_line_and_a_closed_pipe_the_end(
    filled: Profile, following: subprocess.Popen[bytes]
) -> None:
    """A bar that has gone left a process behind in every session."""
    assert "61%" in next_line(following)
    moved = known()
    moved.windows["five_hour"].utilization_pct = 64.0
    fill(filled.directory, moved)
    assert "64%" in next_line(following)
    assert following.stdout is not None
    following.stdout.close()
    assert following.wait(HANG_S) == 0


def test_a_bar_gets_a_line_and_no_error_where_nobody_is_signed_in(tmp_path: Path) -> None:
    """Waybar hides a module that exits with another code than 0: the trouble is in the line."""
    profile = quiet_profile(tmp_path)
    fill(profile.directory, holding(state="missing"))
    done = profile.run("show", "--format", "waybar")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["text"]
    assert "missing" in document["class"]
    assert "claude" in document["tooltip"]


@pytest.mark.parametrize(
    "words", [("--follow",), ("--format", "plain", "--json"), ("--format", "dzen")]
)
def test_what_does_not_go_together_is_wrong_usage(filled: Profile, words: tuple[str, ...]) -> None:
    """Half of what was asked for would be left out in silence."""
    done = filled.run("show", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "format" in done.stderr
