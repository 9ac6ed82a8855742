"""What stands above our line: the status line that Claude Code had before, fresh or last known.

A previous line that is done in time is shown as it comes. A slow one does not hold ours back: what
it printed last time is shown, and it goes on as an orphan (Claude Code ends every descendant of a
run that it cancels) whose output is there for a later render. One at a time for each session.
"""

from __future__ import annotations

import _stat
import posix
from time import monotonic, sleep

from statusline.segment.chained_command import MAX_BYTES, ChainedRun, is_alive
from statusline.segment.prerendered import remove
from statusline.system import bounded_read
from statusline.system.clock import now
from statusline.system.digest import digest
from statusline.system.private_dir import make_private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.system.environ import Environment

#: How long ours waits for one that was quick so far: less is often too short for one that npx
#: starts. Renders that were cancelled in between count.
PATIENCE_S = 2.0
#: ... for one that was slow last time, and may be quick again.
HASTE_S = 0.2
#: How long it may take in all. Claude Code waits until it asks again (40 s were seen) and ends it
#: then; ``install`` has it ask every 10 s.
BOUND_S = 60.0
#: Between two looks of the orphan whether anybody is left to show its output to.
WATCH_S = 0.5
#: A last known line older than this is not shown, and goes; nor are more kept than so many.
KEPT_S, KEPT_MOST = 86400, 32
PREFIX = "above."
_LOCK = ".lock"
#: What a lock file holds from the start of a run to its end, and once the run is an orphan's; the
#: latter stays where it took longer than our patience.
_WAITED_FOR, _SLOW = b"1", b"2"


class Place:
    """Where one session's last known line is kept, and the lock on running its command.

    The lock belongs to the open file, so that an orphan inherits it, and ends with whoever holds
    it. Raises ``OSError`` where nothing can be kept.
    """

    __slots__ = ("_directory", "handle", "path")

    def __init__(self, env: Environment, name: str) -> None:
        if env.profile_dir is None:
            raise FileNotFoundError
        self._directory = env.profile_dir
        self.path = f"{self._directory}/{PREFIX}{name}"
        make_private(env, self._directory)
        flags = posix.O_RDWR | posix.O_CREAT | posix.O_NOFOLLOW | posix.O_CLOEXEC | posix.O_NONBLOCK
        self.handle = posix.open(self.path + _LOCK, flags, 0o600)
        status = posix.fstat(self.handle)
        if not _stat.S_ISREG(status.st_mode) or not bounded_read.is_private(status):
            posix.close(self.handle)
            raise PermissionError

    def lock(self, until_s: float) -> bool:
        """Take the lock; wait up to ``until_s`` (monotonic) for a render, for an orphan never."""
        from fcntl import LOCK_EX, LOCK_NB, flock  # for a chained line only

        while True:
            try:
                flock(self.handle, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                if self._state() == _SLOW or monotonic() >= until_s:
                    return False
                sleep(0.01)
            else:
                return True

    def patience_s(self) -> float:
        """Return how long to wait this time."""
        state = self._state()
        if not state:
            return PATIENCE_S
        if state == _SLOW:
            return HASTE_S
        waited_s = now() - posix.fstat(self.handle).st_mtime
        return max(PATIENCE_S - waited_s, HASTE_S) if waited_s >= 0 else HASTE_S

    def begin(self) -> None:
        """Note that a render waits, unless one did before and was cancelled."""
        if not self._state():
            self._note(_WAITED_FOR)

    def hand_over(self) -> None:
        """Note that renders need not wait."""
        self._note(_SLOW)

    def finish(self, text: bytes, *, quick: bool) -> None:
        """Keep what the run has printed, in one step; the next one may begin.

        The last known line stays where the new one cannot be written.
        """
        from fcntl import LOCK_UN, flock

        temporary = f"{self._directory}/.tmp-{PREFIX}{posix.getpid()}"
        flags = posix.O_WRONLY | posix.O_CREAT | posix.O_EXCL | posix.O_CLOEXEC | posix.O_NOFOLLOW
        is_new = not is_there(self.path)
        is_out = False
        try:
            new = posix.open(temporary, flags, 0o600)
            try:
                if posix.write(new, text) == len(text):  # a full disk may take a part, in silence
                    posix.rename(temporary, self.path)
                    is_out = True
            finally:
                posix.close(new)
        except OSError:
            pass
        if not is_out:
            remove(temporary)
        if quick:
            self._note(b"")
        flock(self.handle, LOCK_UN)
        if is_new:
            self._tidy()

    def kept(self) -> bytes:
        """Return the last known line, or nothing."""
        try:
            age_s = now() - posix.stat(self.path).st_mtime
        except OSError:
            return b""
        return (age_s < KEPT_S and bounded_read.read_file(self.path, MAX_BYTES + 1)) or b""

    def _tidy(self) -> None:
        """Remove what is kept of sessions that are over."""
        found = []
        try:
            for name in posix.listdir(self._directory):
                if name.startswith(PREFIX) and name.endswith(_LOCK):
                    lock = f"{self._directory}/{name}"
                    found.append((posix.stat(lock).st_mtime, lock))
        except OSError:
            return  # another session does the same
        for number, (used_at, lock) in enumerate(sorted(found, reverse=True)):
            if lock != self.path + _LOCK and (number >= KEPT_MOST or now() - used_at > KEPT_S):
                remove(lock)
                remove(lock.removesuffix(_LOCK))

    def _state(self) -> bytes:
        return posix.pread(self.handle, 1, 0)

    def _note(self, state: bytes) -> None:
        try:
            posix.ftruncate(self.handle, len(state))
            posix.pwrite(self.handle, state, 0)
        except OSError:
            return  # a full disk: the next render waits as if nothing was known


def lines(env: Environment, chain: str, stdin: dict[str, object] | None, data: bytes) -> bytes:
    """Return the lines above ours, each with its newline; ``data`` is the JSON as it came.

    Where nothing can be kept the other is waited for, up to its bound: as a child of ours it ends
    when Claude Code cancels the run, so that nothing piles up.
    """
    if not is_there(chain):
        return b""  # uninstalled, and Claude Code does not know it yet
    session = (stdin.get("session_id") if stdin else None) or env.claude_pid
    try:
        place = Place(env, digest(f"{chain}\0{session!a:.100}"))
        until_s = monotonic() + place.patience_s()
        is_mine = place.lock(until_s)
    except OSError:
        return _wait(env, chain, data)
    return _run(env, chain, data, place, until_s) if is_mine else place.kept()


def _wait(env: Environment, chain: str, data: bytes) -> bytes:
    try:
        run = ChainedRun(chain, data, env.of_previous())
    except OSError:
        return b""
    _listen_to_the_end(run)
    return run.text


def _run(env: Environment, chain: str, data: bytes, place: Place, until_s: float) -> bytes:
    """Run the command; past our patience leave the rest to an orphan."""
    place.begin()
    try:
        run = ChainedRun(chain, data, env.of_previous())
    except OSError:
        return place.kept()
    if not run.listen(max(until_s, run.started_s + HASTE_S)):
        place.hand_over()
        if _orphan(env, chain, run, place):
            return place.kept()
        _listen_to_the_end(run)
    place.finish(run.text, quick=True)
    return run.text


def _listen_to_the_end(run: ChainedRun) -> None:
    if not run.listen(run.started_s + BOUND_S):
        run.end()


def _orphan(env: Environment, chain: str, run: ChainedRun, place: Place) -> bool:
    """Leave a run to a process of its own; tell whether one could be had."""
    try:
        middle = posix.fork()
    except OSError:
        return False
    if middle > 0:
        return posix.waitpid(middle, 0)[1] == 0
    status = 1
    try:
        posix.setsid()
        if posix.fork() == 0:
            posix.chdir("/")
            _keep_open([place.handle, *run.handles])
            _see_through(env, chain, run, place)
        status = 0
    finally:
        posix._exit(status)  # noqa: SLF001  # the documented way to leave a forked child


def _see_through(env: Environment, chain: str, run: ChainedRun, place: Place) -> None:
    """Listen on until it ends, its time is up, or there is nobody left to show it to."""
    claude = int(env.claude_pid or 0)
    end_s = run.started_s + BOUND_S
    while not run.listen(min(monotonic() + WATCH_S, end_s)):
        place.lock(0)  # on a file server the lock may have been the render's
        if not is_there(chain) or (claude and not is_alive(claude)):
            run.end()
            return
        if monotonic() >= end_s:
            run.end()
            break
    if is_there(chain):  # else it was uninstalled meanwhile, with all that was kept
        place.finish(run.text, quick=monotonic() - run.started_s < PATIENCE_S)


def is_there(path: str) -> bool:
    """Tell whether something is at ``path``."""
    try:
        posix.stat(path)
    except OSError:
        return False
    return True


def _keep_open(handles: list[int]) -> None:
    """Close every descriptor but these: Claude Code waits for the end of our stdout."""
    from statusline.segment.spawn import close_from

    null = posix.open("/dev/null", posix.O_RDWR)
    for handle in (0, 1, 2):
        posix.dup2(null, handle)
    first = 3
    for handle in sorted(handles):
        posix.closerange(first, handle)
        first = handle + 1
    close_from(first)
