"""Claude Code's one slot with two status lines in it: the chain hook as Claude Code runs it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.house import HOOKS
from tests.support.patience import HANG_S, wait_until
from tests.support.program import environment, package
from tests.support.real_line import SAMPLE, STYLE

#: What ours shows of the sample, whatever the windows are by now.
OURS = "7d 22%"
#: Our program, its patience set: tests tell what comes first, not how long something takes.
_LAUNCHER = """\
#!{python} -IS
import sys
sys.path.insert(0, {site!r})
from statusline.segment import chained_line
from statusline.system import bounded_read
chained_line.PATIENCE_S, chained_line.HASTE_S, chained_line.BOUND_S = {times}
bounded_read.HANDED_ON_DEADLINE_S = 60.0
from statusline.entry import main
main()
"""


def processes_in(directory: Path) -> dict[int, str]:
    """The command line of each process whose working directory this is, by process id."""
    found = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{name}/cwd") == str(directory):
                words = Path(f"/proc/{name}/cmdline").read_text().replace("\0", " ")
                found[int(name)] = words
    return found


def sample(session: str) -> bytes:
    """The sample of Claude Code's stdin, of this session."""
    return json.dumps({**json.loads(SAMPLE), "session_id": session}).encode() + b"\n"


class Slot:
    """Claude Code's side: the installed line, the JSON on stdin, and what came back.

    `patience_s` is how long ours waits for a previous line that was quick so far, `haste_s` for
    one that was slow, `bound_s` how long that may take. A previous command finds in its working
    directory what `directory` holds, and calls `hold` to wait for `open`.
    """

    def __init__(
        self,
        directory: Path,
        *,
        patience_s: float = 60.0,
        haste_s: float = 60.0,
        bound_s: float = 600.0,
    ) -> None:
        self.directory = directory
        self.launcher = directory / "it's bin" / "statusline"
        self.launcher.parent.mkdir()
        self.launcher.write_text(
            _LAUNCHER.format(
                python=sys.executable,
                site=str(package().parent),
                times=(patience_s, haste_s, bound_s),
            )
        )
        self.launcher.chmod(0o755)
        self.chain = directory / "chain 'of' $x"
        self.home = directory / "home"
        self.home.mkdir()
        self.cache = self.home / "cache"
        self.gate = directory / "open"

    def set(self, previous: str) -> None:
        """Make this the previous command."""
        hold = "hold() { echo started >>starts; until [ -e open ]; do sleep 0.02; done; }"
        self.chain.write_text(f"{hold}\n{previous}\n")

    @property
    def starts(self) -> int:
        """How often a previous command began to `hold`."""
        path = self.directory / "starts"
        return path.read_text().count("started\n") if path.exists() else 0

    def command(self) -> str:
        """The line in settings.json."""
        return (
            f"STATUSLINE_CHAIN={shlex.quote(str(self.chain))}"
            f" STATUSLINE_BIN={shlex.quote(str(self.launcher))};"
            f" . {shlex.quote(str(HOOKS / 'claude-code-chain.sh'))}"
        )

    def start(
        self, data: bytes = SAMPLE, *, shell: str = "sh", stdin: int = subprocess.PIPE, **extra: str
    ) -> subprocess.Popen[bytes]:
        """Start a render in a session of its own, as Claude Code does, and tell it `data`.

        With another `stdin` the data is the caller's affair.
        """
        process = subprocess.Popen(
            [*shell.split(), "-c", self.command()],
            cwd=self.directory,
            env=environment(self.home, STATUSLINE_CACHE_DIR=str(self.cache), **extra),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError), process.stdin:
                process.stdin.write(data)
            process.stdin = None
        return process

    def lines(self, previous: str = "", **how: Any) -> list[str]:
        """Render, with this previous command; asserts exit 0 and a silent stderr."""
        if previous:
            self.set(previous)
        return self.shown(self.start(**how))

    def shown(self, render: subprocess.Popen[bytes]) -> list[str]:
        """What a render that was started shows in the end."""
        with render:
            out, err = render.communicate(timeout=HANG_S)
        assert (render.returncode, err) == (0, b"")
        return STYLE.sub(b"", out).decode().splitlines()

    def kept(self) -> list[Path]:
        """The files that hold a last known line."""
        return [path for path in self._of_chain() if path.suffix != ".lock"]

    def _of_chain(self) -> list[Path]:
        return [*self.cache.glob("*/above.*")]

    def is_idle(self) -> bool:
        """Whether no previous command runs that a render would wait for."""
        for path in self._of_chain():
            if path.suffix != ".lock":
                continue
            with path.open("r+b") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
        return True

    def finish(self) -> None:
        """Let the previous command go on; wait for its end."""
        self.gate.touch()
        wait_until(self.is_idle, "the end of the previous command")
        self.gate.unlink()

    def processes(self) -> dict[int, str]:
        """What still runs in `directory`, by process id."""
        return processes_in(self.directory)

    def runner(self) -> int:
        """The process that sees a slow previous command through: it alone has the lock open."""
        (lock,) = (path for path in self._of_chain() if path.suffix == ".lock")
        for name in filter(str.isdecimal, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                handles = os.listdir(f"/proc/{name}/fd")
                opened = [os.readlink(f"/proc/{name}/fd/{handle}") for handle in handles]
                if str(lock) in opened:
                    return int(name)
        raise AssertionError("nobody has the lock open")

    def clear(self) -> None:
        """End whatever a test has left."""
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
