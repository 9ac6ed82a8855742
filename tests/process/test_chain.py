"""hooks/claude-code-chain.sh: another status line and ours share the one slot."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.launcher import make_launcher
from tests.support.line import SAMPLE, STYLE
from tests.support.program import environment
from tests.support.wiring import HOOKS

#: What ours shows of the sample, whatever the windows are by now.
OURS = "Opus 5.5"
SHELLS = ["sh", "bash --posix"]


class Slot:
    """Claude Code's side: the installed line, the JSON on stdin, and what came back."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.launcher = make_launcher(directory / "it's bin")
        self.chain = directory / "chain 'of' $x"
        self.home = directory / "home"
        self.home.mkdir()

    def lines(self, previous: str, *, shell: str = "sh", data: bytes = SAMPLE) -> list[str]:
        """Run the chain hook with this previous command; asserts exit 0 and a silent stderr."""
        self.chain.write_text(f"{previous}\n")
        line = (
            f"STATUSLINE_CHAIN={shlex.quote(str(self.chain))}"
            f" STATUSLINE_BIN={shlex.quote(str(self.launcher))};"
            f" . {shlex.quote(str(HOOKS / 'claude-code-chain.sh'))}"
        )
        done = subprocess.run(
            [*shell.split(), "-c", line],
            cwd=self.directory,
            env=environment(self.home),
            input=data,
            capture_output=True,
            timeout=10,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        return STYLE.sub(b"", done.stdout).decode().splitlines()


@pytest.fixture
def slot(tmp_path: Path) -> Slot:
    """A slot in a directory of its own."""
    return Slot(tmp_path)


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


def test_both_get_the_same_stdin(slot: Slot) -> None:
    """The JSON is read once and handed to each of the two."""
    lines = slot.lines(f"cat >{shlex.quote(str(slot.directory / 'seen'))}; echo mine")
    assert (slot.directory / "seen").read_bytes() == SAMPLE.rstrip(b"\n") + b"\n"
    assert OURS in lines[-1]


def test_a_previous_command_that_reads_nothing_does_no_harm(slot: Slot) -> None:
    """200 kB that nobody reads end in a broken pipe, not in a blank line."""
    data = SAMPLE.rstrip().removesuffix(b"}") + b',"x":"' + b"y" * 200_000 + b'"}\n'
    assert slot.lines("echo mine", data=data)[0] == "mine"


#: Writes what it is told to fd 1, one byte at a time, each when the one before has been read.
DRIP = """
import fcntl, os, sys, termios
for byte in sys.argv[1].encode():
    while fcntl.ioctl(1, termios.FIONREAD, bytes(4)) != bytes(4):
        os.sched_yield()
    os.write(1, bytes([byte]))
"""


def test_one_that_writes_byte_by_byte_keeps_every_line(slot: Slot) -> None:
    """A limit on the number of reads cuts off the second line of whoever writes in small pieces."""
    words = [sys.executable, "-IS", "-c", DRIP, "x" * 600 + "\nsecond\n"]
    assert slot.lines(shlex.join(words))[:-1] == ["x" * 600, "second"]


def test_a_stdin_in_small_pieces_is_read_to_its_end(slot: Slot) -> None:
    """A limit on the number of reads hands half a JSON text to both of them."""
    data = SAMPLE.rstrip() + b" " * 600 + b"."
    slot.chain.write_text("cat >seen; echo mine\n")
    with subprocess.Popen(
        [sys.executable, "-IS", "-c", DRIP, data], stdout=subprocess.PIPE
    ) as writer:
        done = subprocess.run(
            ["sh", "-c", f". {shlex.quote(str(HOOKS / 'claude-code-chain.sh'))}"],
            env=environment(
                slot.home, STATUSLINE_CHAIN=str(slot.chain), STATUSLINE_BIN=str(slot.launcher)
            ),
            cwd=slot.directory,
            stdin=writer.stdout,
            capture_output=True,
            timeout=8,
            check=False,
        )
    assert done.stdout.startswith(b"mine\n")
    assert (slot.directory / "seen").read_bytes() == data + b"\n"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "hang",
    [
        "sleep 60",
        "(sleep 60; :)",
        "trap '' TERM; sleep 60; :",
        "(setsid sleep 60 &)",
        "sleep 60 | cat",
        "yes",
    ],
)
def test_one_that_hangs_is_ended_with_its_children(slot: Slot, shell: str, hang: str) -> None:
    """After 2 s ours is shown, with the line that came before; no process of the other is left."""
    start_s = time.monotonic()
    lines = slot.lines(f"echo first; {hang}", shell=shell)
    assert time.monotonic() - start_s < 5
    assert lines[0] == "first"
    assert OURS in lines[-1]
    if "setsid" not in hang and hang != "yes":
        assert _processes(slot.directory) == []


def _processes(directory: Path, deadline_s: float = 5.0) -> list[str]:
    """The command lines that still run in `directory`; polls until there is none."""
    end_s = time.monotonic() + deadline_s
    while True:
        found = []
        for name in filter(str.isdecimal, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{name}/cwd") == str(directory):
                    found.append(Path(f"/proc/{name}/cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        if not found or time.monotonic() > end_s:
            return found
        time.sleep(0.05)


def test_nothing_is_left_behind_by_a_quick_one(slot: Slot) -> None:
    """The guard and its sleep end with the run, not 2 s later."""
    slot.lines("echo mine")
    assert _processes(slot.directory, deadline_s=1.0) == []


@pytest.mark.parametrize("previous", ["echo mine", "echo mine; sleep 60"])
def test_a_stdin_that_never_ends_does_not_hold_us(slot: Slot, previous: str) -> None:
    """The guard ends the reading too, what came by then is used, and a hang after it is ended."""
    slot.chain.write_text(f"{previous}\n")
    reading, writing = os.pipe()
    try:
        os.write(writing, SAMPLE)
        line = f". {shlex.quote(str(HOOKS / 'claude-code-chain.sh'))}"
        variables = {"STATUSLINE_CHAIN": str(slot.chain), "STATUSLINE_BIN": str(slot.launcher)}
        done = subprocess.run(
            ["sh", "-c", line],
            env=environment(slot.home, **variables),
            stdin=reading,
            capture_output=True,
            timeout=8,
            check=False,
        )
    finally:
        os.close(reading)
        os.close(writing)
    assert done.returncode == 0
    assert done.stdout.startswith(b"mine\n")
    assert OURS.encode() in done.stdout
