"""A crowd of real processes that goes on and on: each member runs its command again and again."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

from . import crowd_keeper
from .patience import HANG_S
from .profile import Profile

#: One member: what its command printed goes into a file, after the exit status.
_MEMBER = """\
out=$1 in=$2 pause=$3; shift 3
until [ -e "${out%/*}/stop" ]; do
  line=$("$@" <"$in" 2>>"$out.err"); status=$?
  printf '%s %s\\n' "$status" "$line" >>"$out"
  [ "$pause" = 0 ] || sleep "$pause"
done
"""
#: What our programs are called in the table of processes.
_OURS = ("statusline", "python")


class Row(NamedTuple):
    """What came of one run of a member's command: all that it printed, without the last newline."""

    status: int
    line: str


class Took(NamedTuple):
    """What all members and everything that they started took together.

    ``adopted`` counts the processes that outlived the one that had started them.
    """

    adopted: int
    cpu_s: float
    peak_mb: float


class Crowd:
    """Members that run in the home of `profile` from `start` to `stop`; a context manager.

    Whoever leaves without `stop` ends what is left.
    """

    def __init__(self, directory: Path, profile: Profile) -> None:
        self.directory, self.profile = directory, profile
        self._members: list[dict[str, object]] = []
        self._keeper: subprocess.Popen[str] | None = None
        directory.mkdir()

    def add(
        self,
        name: str,
        command: Sequence[str],
        *,
        pause_s: float = 0,
        stdin: str | os.PathLike[str] = os.devnull,
        **variables: str,
    ) -> None:
        """Let one more member run `command`, and pause in between."""
        words = [str(self.directory / name), os.fspath(stdin), f"{pause_s:g}", *command]
        self.add_process(["/bin/sh", "-c", _MEMBER, "sh", *words], **variables)

    def add_process(self, argv: Sequence[str], **variables: str) -> None:
        """Let one more process run, which ends by itself once `stop_file` exists."""
        environment = {**self.profile.environment, **variables}
        self._members.append({"argv": list(argv), "environment": environment})

    @property
    def stop_file(self) -> Path:
        """What tells the members to end."""
        return self.directory / "stop"

    def __enter__(self) -> Self:
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", crowd_keeper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(json.dumps(self._members) + "\n")
        self._keeper.stdin.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_file.touch()
        if self._keeper is not None and self._keeper.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._keeper.communicate(timeout=HANG_S)
        for process in self.profile.processes():
            end(process, signal.SIGKILL)
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper.wait(HANG_S)

    def stop(self) -> Took:
        """Let everybody come to their end, also what they have left behind; what it took."""
        assert self._keeper is not None
        self.stop_file.touch()
        told = json.loads(self._keeper.communicate(timeout=HANG_S)[0])
        return Took(told["adopted"], told["cpu_s"], told["peak_kb"] / 1024)

    def rows(self, kind: str) -> list[Row]:
        """What came of all runs of the members whose name begins with `kind`."""
        return [row for each in self.members(kind) for row in self.rows_of(each)]

    def members(self, kind: str) -> list[Path]:
        """The files with what those members have printed."""
        paths = self.directory.glob(f"{kind}*")
        return sorted(path for path in paths if path.suffix not in (".err", ".json"))

    @staticmethod
    def rows_of(path: Path) -> list[Row]:
        """What came of all runs of one member, in order."""
        texts = re.split(r"\n(?=\d+ |$)", path.read_text("utf-8"))
        parts = [text.partition(" ") for text in texts if text]
        return [Row(int(status), line) for status, _space, line in parts]

    def errors(self, kind: str) -> str:
        """What the commands of those members have written to stderr."""
        return "".join(path.read_text() for path in self.directory.glob(f"{kind}*.err"))

    def some(self, chance: random.Random, count: int = 1) -> list[int]:
        """Processes of our program that run now, by their ids: so many, or all there are."""
        found = [process for process in self.profile.processes() if _is_ours(process)]
        return chance.sample(found, min(count, len(found)))


def _is_ours(process: int) -> bool:
    try:
        name = Path(f"/proc/{process}/comm").read_text()
    except OSError:
        return False
    return name.startswith(_OURS)


def end(process: int, number: signal.Signals) -> bool:
    """Send a signal to a process that may have ended; whether it was there."""
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


def distances_s(times_s: Sequence[float]) -> list[float]:
    """The seconds between each two that follow each other."""
    ordered = sorted(times_s)
    return [later - earlier for earlier, later in itertools.pairwise(ordered)]


def most_in(times_s: Sequence[float], span_s: float) -> int:
    """How many of these moments lie within one span, at most."""
    return max(
        (sum(0 <= each - first < span_s for each in times_s) for first in times_s), default=0
    )
