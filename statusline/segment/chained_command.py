"""Another program's status line as a process: started, fed, heard, and ended with its children."""

from __future__ import annotations

import _signal
import posix
from time import monotonic, sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: More of its output than this is not a status line; what comes after it is not heard.
MAX_BYTES = 256 * 1024
#: Between two looks whether it has ended, more often after it has printed something: its stdout may
#: be held open by another process, and the end of its output is not yet its own.
LOOK_S, LOOK_SOON_S = 0.05, 0.0002
#: Between the request to end and the end; Claude Code leaves a cancelled command no longer.
GRACE_S = 0.1
_SHELL = "/bin/sh"


class ChainedRun:
    """A run of the shell command in the file ``chain`` with ``data`` on stdin.

    It is our child, as it was Claude Code's: some look among their ancestors for a terminal.
    Raises ``OSError`` where no process can be had.
    """

    __slots__ = ("_input", "_stdin", "_stdout", "output", "pid", "started_s")

    def __init__(self, chain: str, data: bytes, variables: dict[str, str]) -> None:
        self.output = bytearray()
        self.started_s = monotonic()
        self._input = memoryview(data)
        pipes = [*posix.pipe(), *posix.pipe()]
        try:
            self.pid = posix.fork()
        except OSError:
            for handle in pipes:
                posix.close(handle)
            raise
        stdin, self._stdin, self._stdout, stdout = pipes
        if self.pid == 0:
            _become(chain, stdin, stdout, variables)
        posix.close(stdin)
        posix.close(stdout)
        posix.set_blocking(self._stdin, False)
        posix.set_blocking(self._stdout, False)
        self._say()

    @property
    def handles(self) -> list[int]:
        """The descriptors that somebody who goes on listening needs."""
        return [handle for handle in (self._stdin, self._stdout) if handle >= 0]

    @property
    def text(self) -> bytes:
        """What it has printed so far, ending with one newline; empty for nothing."""
        kept = bytes(self.output[:MAX_BYTES]).replace(b"\0", b"").rstrip(b"\n")
        return kept and kept + b"\n"

    def listen(self, until_s: float) -> bool:
        """Feed and hear it; tell whether it had ended by ``until_s`` (monotonic).

        As for Claude Code, it has ended when its process has, whoever holds its stdout then, and
        not before, though it has closed it. One that prints without an end is ended.
        """
        from select import select  # for a chained line only

        look_s = LOOK_SOON_S
        while not self._has_ended():
            if len(self.output) > MAX_BYTES:
                self.end()
                return True
            left_s = until_s - monotonic()
            if left_s <= 0:
                return False
            hearing = [self._stdout] if self._stdout >= 0 else []
            saying = [self._stdin] if self._stdin >= 0 else []
            can_hear, can_say, _ = select(hearing, saying, [], min(left_s, look_s))
            if can_hear:
                self._hear()
            if can_say:
                self._say()
            look_s = LOOK_SOON_S if can_hear else min(look_s * 2, LOOK_S)
        while self._stdout >= 0 and len(self.output) <= MAX_BYTES and self._hear():
            continue
        return True

    def end(self) -> None:
        """End it and every process below it, as Claude Code ends a run that it cancels."""
        tree = [*_below(self.pid), self.pid]
        for number in (_signal.SIGTERM, _signal.SIGKILL):
            for pid in tree:
                try:
                    posix.kill(pid, number)
                except OSError:
                    continue
            sleep(GRACE_S)

    def _has_ended(self) -> bool:
        try:
            return posix.waitpid(self.pid, posix.WNOHANG)[0] != 0
        except OSError:  # not our child: the render that started it has gone
            return not is_alive(self.pid)

    def _hear(self) -> bool:
        """Take what there is to be read; tell whether there was something."""
        try:
            piece = posix.read(self._stdout, 65536)
        except BlockingIOError:
            return False
        if not piece:
            posix.close(self._stdout)
            self._stdout = -1
        self.output += piece
        return bool(piece)

    def _say(self) -> None:
        """Write what it takes of the input; it gets an end of file after the last byte."""
        try:
            while self._input:
                self._input = self._input[posix.write(self._stdin, self._input) :]
        except BlockingIOError:
            return
        except OSError:
            pass  # it reads no further
        posix.close(self._stdin)
        self._stdin = -1


def is_alive(pid: int) -> bool:
    """Tell whether such a process of ours runs; one that nobody has waited for does not."""
    try:
        posix.kill(pid, 0)
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except ProcessLookupError:
        return False
    except (OSError, IndexError):
        return True  # no /proc: there a first process takes care of orphans


def _become(chain: str, stdin: int, stdout: int, variables: dict[str, str]) -> None:
    """In the child: become the shell that runs the command. Never returns."""
    try:
        # What Python, or a render, ignores; a command starts with none of it ignored.
        for number in (_signal.SIGPIPE, _signal.SIGXFSZ, _signal.SIGALRM, _signal.SIGINT):
            _signal.signal(number, _signal.SIG_DFL)
        null = posix.open("/dev/null", posix.O_WRONLY | posix.O_CLOEXEC)
        for handle, place in ((stdin, 0), (stdout, 1), (null, 2)):
            posix.dup2(handle, place)
        posix.execve(_SHELL, ["sh", chain], variables)
    finally:
        posix._exit(127)  # noqa: SLF001  # the documented way to leave a forked child


def _below(pid: int) -> Iterator[int]:
    """Yield every descendant of a process, by parent id."""
    parents = dict(_parents())
    for each in parents:
        above: int | None = each
        seen = set()
        while above is not None and above != pid and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == pid and each != pid:
            yield each


def _parents() -> Iterator[tuple[int, int]]:
    """Yield each process's id and its parent's."""
    try:
        names = posix.listdir("/proc")
    except OSError:
        names = []
    if "self" not in names:
        yield from _parents_by_ps()
        return
    for name in names:
        if not name.isdecimal():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                yield int(name), int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue


def _parents_by_ps() -> Iterator[tuple[int, int]]:
    """Ask ps(1), where there is no /proc."""
    from subprocess import DEVNULL, PIPE, run  # on the way to an end that nobody waits for

    try:
        said = run(
            ["/bin/ps", "-A", "-o", "pid=", "-o", "ppid="],
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            check=False,
            timeout=10,
        ).stdout
    except Exception:  # noqa: BLE001  # then the command itself is all that is known
        return
    words = said.split()
    yield from zip(map(int, words[::2]), map(int, words[1::2]), strict=False)
