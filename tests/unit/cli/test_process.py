"""What a command can count on where it is told to end, more than once too."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.support.patience import HANG_S
from tests.support.program import package

SCRIPT = """
import signal, sys
sys.path.append(sys.argv[1])
from statusline.cli.process import tidy
first = signal.Signals(int(sys.argv[2]))
with tidy():
    try:
        signal.raise_signal(first)
    finally:
        for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.raise_signal(again)
        print("all is cleared away", flush=True)
"""


@pytest.mark.parametrize(
    ("first", "status"),
    [(signal.SIGINT, -2), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_a_clean_up_is_finished_whatever_comes_meanwhile(
    first: signal.Signals, status: int
) -> None:
    """Ctrl+C pressed twice left a directory in /tmp, or a terminal without a cursor."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", SCRIPT, str(package().parent), str(int(first))],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, "all is cleared away\n")


def test_afterwards_signals_do_what_they_did_before() -> None:
    """A command that goes on after its clean-up could no longer be stopped."""
    script = """
import signal, sys
sys.path.append(sys.argv[1])
from statusline.cli.process import tidy
told = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
signal.signal(signal.SIGHUP, signal.SIG_IGN)
before = [signal.getsignal(each) for each in told]
try:
    with tidy():
        signal.raise_signal(signal.SIGHUP)  # as nohup wants it
        signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print([signal.getsignal(each) for each in told] == before)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(package().parent)],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
