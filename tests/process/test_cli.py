"""The command line as a process: where its output goes, and how it ends."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.patience import HANG_S
from tests.support.profile import Profile
from tests.support.program import argv
from tests.support.real_line import fill

#: Verbs that print more than a line, through click and through rich.
PRINTING = [
    ("show",),
    ("show", "--json"),
    ("export", "--format", "csv"),
    ("config", "show"),
    ("-h",),
    ("help", "states"),
    ("completion", "bash"),
]


def run_into(profile: Profile, words: tuple[str, ...], stdout: int) -> tuple[int, bytes]:
    """Run the command with this stdout; its exit code and what it said on stderr."""
    done = subprocess.run(
        argv(*words),
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=HANG_S,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_a_full_disk_is_named(profile: Profile, words: tuple[str, ...]) -> None:
    """What could not be written is a problem with one sentence, and no exception at the end."""
    fill(profile.directory)
    with open("/dev/full", "w", encoding="ascii") as full:
        ended = run_into(profile, words, full.fileno())
    assert ended == (1, b"Error: The output could not be written: No space left on device.\n")


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_a_reader_that_has_gone_is_nothing_to_tell(
    profile: Profile, words: tuple[str, ...]
) -> None:
    """`statusline show | true`: exit code 1, and nothing on stderr."""
    fill(profile.directory)
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait(timeout=HANG_S)
    assert reader.stdin is not None
    with reader.stdin as pipe:
        assert run_into(profile, words, pipe.fileno()) == (1, b"")


@pytest.mark.parametrize("words", [("-h",), ("help", "states"), ("help", "--man")], ids=" ".join)
def test_help_can_be_read_in_every_locale(profile: Profile, words: tuple[str, ...]) -> None:
    """Its first example has a sign that Latin-1 and ASCII do not: help ended in an error."""
    profile.environment |= {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "ascii"}
    done = profile.run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()
    assert "?" not in done.stdout.partition("7d 22%")[0]


@pytest.mark.parametrize(
    ("words", "variables", "is_colored"),
    [
        (("show",), {}, False),
        (("--color", "never", "show"), {"FORCE_COLOR": "1"}, False),
        (("--color", "always", "show"), {}, True),
        (("show", "--color", "always"), {}, True),
        (("show", "--color=never"), {"FORCE_COLOR": "1"}, False),
        (("--color", "always", "show"), {"NO_COLOR": "1", "TERM": "xterm"}, True),
    ],
    ids=["auto", "never", "always", "behind", "behind with =", "always with NO_COLOR"],
)
def test_colours_are_for_those_who_want_them(
    profile: Profile, words: tuple[str, ...], variables: dict[str, str], is_colored: bool
) -> None:
    """In a pipe there are no escape sequences, unless --color says otherwise."""
    fill(profile.directory)
    profile.environment.update(variables)
    done = profile.run(*words)
    assert done.returncode == 0
    assert ("\x1b[" in done.stdout) == is_colored
