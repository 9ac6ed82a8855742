"""hooks/claude-code-chain.sh: another status line and ours share the one slot."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.wiring.installation import DEAD
from tests.support.capabilities import needs_zsh
from tests.support.launcher import make_launcher
from tests.support.patience import wait_until
from tests.support.real_line import SAMPLE
from tests.support.slot import OURS, Slot

SHELLS = ["sh", "bash --posix", pytest.param("zsh --emulate sh", marks=needs_zsh)]


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[Slot]:
    """A slot in a directory of its own, in which ours waits for the other."""
    slot = Slot(tmp_path)
    yield slot
    slot.clear()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("previous", "shown"),
    [
        ("echo mine", ["mine"]),
        ("printf 'one\\ntwo\\n\\n'", ["one", "two"]),
        ("printf 'no line end'", ["no line end"]),
        ("true", []),
        ("echo said; exit 3", ["said"]),
        ("exit 1", []),
        ("/nonexistent/command --x", []),
        ("if then", []),
        ("kill -9 $$", []),
        ("echo noise >&2; printf '%s' \"$0 'it''s' \\\\ %d\" | tail -c 9", ["''s' \\ %d"]),
    ],
)
def test_its_lines_are_shown_and_ours_follow(
    slot: Slot, shell: str, previous: str, shown: list[str]
) -> None:
    """Whatever the previous command prints, and however it ends, our line comes last."""
    lines = slot.lines(previous, shell=shell)
    assert lines[:-1] == shown
    assert OURS in lines[-1]


def test_each_render_shows_fresh_lines(slot: Slot) -> None:
    """A quick one is never shown from memory."""
    for count in range(1, 4):
        assert slot.lines("echo x >>runs; wc -l <runs")[0].strip() == str(count)


def test_both_get_the_same_stdin(slot: Slot) -> None:
    """The JSON is read once and handed to each of the two."""
    lines = slot.lines(f"cat >{shlex.quote(str(slot.directory / 'seen'))}; echo mine")
    assert (slot.directory / "seen").read_bytes() == SAMPLE.rstrip(b"\n") + b"\n"
    assert OURS in lines[-1]


@pytest.mark.parametrize("previous", ["echo mine", "echo mine; cat >seen"])
def test_much_on_stdin_does_no_harm(slot: Slot, previous: str) -> None:
    """200 kB do not fit into a pipe: who reads them gets them, who does not is not waited for."""
    data = SAMPLE.rstrip().removesuffix(b"}") + b',"x":"' + b"y" * 200_000 + b'"}\n'
    lines = slot.lines(previous, data=data)
    assert lines[0] == "mine"
    assert OURS in lines[1]
    if "seen" in previous:
        assert (slot.directory / "seen").read_bytes() == data


def test_an_odd_session_is_a_session(slot: Slot) -> None:
    """Half a character in what names the session cost both lines."""
    for session in (b'"\\ud800"', b'"../../x"', b"[1]", b"null"):
        data = SAMPLE.replace(b'"session_id":', b'"session_id":%b,"was":' % session)
        assert slot.lines("echo mine", data=data)[0] == "mine"
    assert {path.parent.parent for path in slot.kept()} == {slot.cache}


def test_no_more_than_a_mebibyte_of_stdin_is_read(slot: Slot) -> None:
    """The other gets the beginning of what never ends, and ours still has a word to say."""
    data = b"[" + b"1," * 600_000
    first, ours = slot.lines("wc -c", data=data)
    assert int(first) == 1024 * 1024 + 1  # a newline at the end
    assert ours


#: Writes what it is told to fd 1, one byte at a time, each when the one before has been read.
DRIP = """
import fcntl, os, sys, termios
for byte in sys.argv[1].encode():
    while fcntl.ioctl(1, termios.FIONREAD, bytes(4)) != bytes(4):
        os.sched_yield()
        if os.getppid() == 1:
            sys.exit()
    os.write(1, bytes([byte]))
"""


def test_one_that_writes_byte_by_byte_keeps_every_line(slot: Slot) -> None:
    """A limit on the number of reads cuts off the second line of whoever writes in small pieces."""
    words = [sys.executable, "-IS", "-c", DRIP, "x" * 600 + "\nsecond\n"]
    assert slot.lines(shlex.join(words))[:-1] == ["x" * 600, "second"]


def test_a_stdin_in_small_pieces_is_read_to_its_end(slot: Slot) -> None:
    """A limit on the number of reads hands half a JSON text to both of them."""
    data = SAMPLE.rstrip().removesuffix(b"}") + b" " * 600 + b"}"
    slot.set("cat >seen; echo mine")
    words = [sys.executable, "-IS", "-c", DRIP, data.decode()]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        theirs, ours = slot.shown(slot.start(stdin=writer.stdout.fileno()))
    assert theirs == "mine"
    assert OURS in ours
    assert (slot.directory / "seen").read_bytes() == data + b"\n"


def test_a_stdin_that_never_ends_does_not_hold_us(slot: Slot) -> None:
    """A whole object is enough for both: Claude Code once left the pipe open."""
    slot.set("cat; echo mine")
    reading, writing = os.pipe()
    try:
        os.write(writing, SAMPLE)
        *theirs, ours = slot.shown(slot.start(stdin=reading))
    finally:
        os.close(reading)
        os.close(writing)
    assert "\n".join(theirs).encode() == SAMPLE + b"mine"
    assert OURS in ours


def test_it_is_over_when_its_process_is(slot: Slot) -> None:
    """As in Claude Code itself: a child in the background that holds stdout is not waited for."""
    assert slot.lines("sleep 600 & echo mine")[:-1] == ["mine"]


def test_it_is_not_over_before_its_process_is(slot: Slot) -> None:
    """As in Claude Code itself: closing stdout is no end; it would be left behind unseen."""
    slot.lines("echo mine; exec >&-; sleep 0.1; echo over >over")
    assert (slot.directory / "over").exists()


def test_one_that_prints_without_an_end_is_ended(slot: Slot) -> None:
    """256 KiB are enough of a status line, and the process does not go on."""
    lines = slot.lines("yes | tee /dev/null")
    assert lines[:-1] == ["y"] * (128 * 1024)
    wait_until(lambda: not slot.processes(), "the end of `yes`")


def test_nothing_is_left_behind_by_a_quick_one(slot: Slot) -> None:
    """No helper outlives a render whose previous line was there in time."""
    slot.lines("echo mine")
    assert slot.processes() == {}
    assert slot.is_idle()


def test_it_runs_where_claude_code_would_have_run_it(slot: Slot) -> None:
    """Its environment is Claude Code's, and so are its ancestors: some look for a terminal there.

    Python changes LC_CTYPE where LANG says C.
    """
    parent = "sed 's/.*) . \\([0-9]*\\) .*/\\1/' /proc/$p/stat"
    loop = f"p=$$; while [ $p -gt 1 ]; do p=$({parent}); echo $p; done"
    *lines, _ours = slot.lines(f"env; {loop}", LANG="C", MINE="x")
    assert str(os.getpid()) in lines
    names = {line.partition("=")[0] for line in lines}
    assert {"MINE", "HOME", "LANG"} <= names
    assert not {name for name in names if name.startswith("LC_")}
    assert names & {"STATUSLINE_CHAIN", "STATUSLINE_LC_CTYPE"} == set()
    assert "LC_CTYPE=C" in slot.lines("env", LC_CTYPE="C")


def test_a_previous_line_that_is_ours_too_does_not_start_itself(slot: Slot) -> None:
    """A wrapper of the user's that runs `statusline claude` got the chain to run again."""
    lines = slot.lines(f"{shlex.quote(str(slot.launcher))} claude")
    assert len(lines) == 2
    assert all(OURS in line for line in lines)


@pytest.mark.parametrize("broken", ["", "#!/nonexistent/python\n", "#!/bin/sh\nexit 1\n"])
def test_it_is_shown_where_ours_cannot_be_started(slot: Slot, broken: str) -> None:
    """H16: an upgrade of Python must not cost the line that was there before; ours says why."""
    slot.launcher.write_text(broken)
    if not broken:
        slot.launcher.unlink()
    lines = slot.lines("cat >seen; printf mine")
    assert list(filter(None, lines)) == ["mine", DEAD]
    assert (slot.directory / "seen").read_bytes() == SAMPLE
    other = make_launcher(slot.directory / "other").parent
    *mine, ours = slot.lines("echo once >>runs; cat runs", PATH=f"{other}:/usr/bin:/bin")
    assert mine == ["once"]
    assert OURS in ours


def test_one_that_crashes_says_so_and_runs_nothing_twice(slot: Slot) -> None:
    """It may have started the other one already; the line was blank."""
    slot.launcher.write_text("#!/bin/sh\nkill -SEGV $$\n")
    assert list(filter(None, slot.lines("echo mine >>runs; echo mine"))) == [DEAD]
    assert not (slot.directory / "runs").exists()
