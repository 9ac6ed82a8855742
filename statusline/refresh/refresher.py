"""The one writer: lock, re-check, stamp the attempt, call, merge, publish.

Two hundred processes that start together send one request, also when the server refuses or one
of them is killed (docs/decisions.md 2): the lock is never waited for, and the attempt is
on the disk before the call is made.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
from typing import TYPE_CHECKING, NamedTuple

from statusline.notify import notifier
from statusline.refresh.limits import LIFETIME_S
from statusline.refresh.update import Update
from statusline.segment import prerendered, spawn
from statusline.system import atomic_write, bounded_read, clock, file_lock, profile_dir
from statusline.system.errors import reason
from statusline.system.profile_dir import NotPrivateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from statusline.notify.notice import Notice
    from statusline.refresh.policy import Decision
    from statusline.system.environ import Environment

    Log = Callable[[str], None]

#: A refresher that is still there after this is ended by the kernel, not by Python: a handler
#: in Python would wait for a name lookup to return (docs/decisions.md 10).
HARD_LIMIT_S = LIFETIME_S
MAX_MESSAGE_BYTES = 64 * 1024


class Report(NamedTuple):
    """What one run came to.

    ``result``: "asked" (``state`` says with what outcome), "waiting" (``decision`` says for
    what), "local" (the API was not to be asked), "busy" (another refresher is at it), or why
    nothing could be done: "not_private", "no_lock", "unwritable", "newer". ``detail`` is then a
    sentence, and ``fix`` one more, where this place knows it best.
    ``decision`` is about the next request as it comes by itself, ``forced`` by ``--force``;
    ``notices`` are what the user is told of what was published.
    """

    result: str
    state: str = ""
    detail: str = ""
    fix: str = ""
    decision: Decision | None = None
    forced: Decision | None = None
    notices: tuple[Notice, ...] = ()


@contextlib.contextmanager
def process_limits() -> Iterator[None]:
    """Let the kernel end this process after ``HARD_LIMIT_S``, and let prompts go first.

    Around ``refresh`` in a process that does nothing else; niceness cannot be taken back.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, HARD_LIMIT_S)
    try:
        with contextlib.suppress(OSError):
            niceness = max(os.getpriority(os.PRIO_PROCESS, 0), spawn.NICENESS)
            os.setpriority(os.PRIO_PROCESS, 0, niceness)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def refresh(
    env: Environment, *, force: bool = False, message: bytes = b"", log: Log | None = None
) -> Report:
    """Bring the cache of this profile up to date, with at most one request; never raises.

    ``message`` is what a render handed over (``usage.rate_limits``), ``log`` gets a line per step.
    """

    def work(update: Update, say: Log) -> Report:
        return _refresh(update, force=force, message=message, say=say)

    return _under_lock(env, log or _silent, work)


def ask_plan(env: Environment, *, log: Log | None = None) -> Report:
    """Ask the API which plan the account has, in one request if one is allowed; never raises.

    The request counts like one for usage (``policy.answered_other``); what came of it is in
    ``account_plan.read``. A report of "asked" with another state than "ok" says what went wrong.
    """
    return _under_lock(env, log or _silent, _ask_plan)


def _under_lock(env: Environment, say: Log, work: Callable[[Update, Log], Report]) -> Report:
    """Do ``work`` while this process is the only one at it in this profile."""
    try:
        directory = profile_dir.prepare(env)
    except NotPrivateError as error:
        return Report("not_private", detail=error.what)
    except OSError as error:
        return _unwritable(error)
    # flock on a file that is never removed; without it on this file system no request is made
    # (B18), rather than one guarded by a lock that a crash leaves behind.
    try:
        with file_lock.of_file(f"{directory}/lock"):
            say("lock taken")
            report = _run_locked(env, directory, say, work)
    except file_lock.Timeout:
        # Some versions of filelock say the same of a lock that they may not open.
        closed = _closed_lock(directory)
        return closed or Report("busy", detail="Another refresh is running.")
    except (OSError, NotImplementedError) as error:
        return _closed_lock(directory) or Report("no_lock", detail=f"{reason(error)}.")
    notifier.send(env, directory, clock.now(), report.notices, say)
    return report


def _run_locked(
    env: Environment, directory: str, say: Log, work: Callable[[Update, Log], Report]
) -> Report:
    """Do the work of one refresher; the lock is held."""
    swept = atomic_write.sweep(directory)
    say(f"left-over files removed: {swept}")
    profile_dir.sweep_profiles(directory)
    prerendered.make_clock(directory)
    update = Update(env, directory, say)
    if update.is_newer:
        return Report("newer", detail="The cache was written by a newer statusline.")
    try:
        update.check_place()
        report = work(update, say)
        update.publish()
    except atomic_write.NoPlaceError as error:
        return Report("unwritable", detail=error.what, fix="Remove it.")
    except OSError as error:
        return _unwritable(error)
    say(f"published, state {update.snapshot.state}")
    return report._replace(
        decision=update.when_allowed(force=False),
        forced=update.when_allowed(),
        notices=notifier.take(env, directory, update.snapshot, clock.now()),
    )


def _refresh(update: Update, *, force: bool, message: bytes, say: Log) -> Report:
    """Take in what came, and ask for the usage if that is due."""
    update.take_local(bounded_read.parse(message))
    result = _may_ask(update, say, force=force)
    if result == "asked":
        update.stamp_attempt()
        say("attempt stamped")
        update.ask()
    return Report(result, *update.told())


def _ask_plan(update: Update, say: Log) -> Report:
    """Ask for the plan if anything may be asked; numbers that are recent do not forbid it."""
    result = _may_ask(update, say, force=True)
    state = update.ask_plan() if result == "asked" else update.told()[0]
    return Report(result, state)


def _may_ask(update: Update, say: Log, *, force: bool) -> str:
    """Return "asked" where a request is to be made now, else "waiting" or "local"."""
    decision = update.decide(force=force)
    if decision is None:
        return "local"
    if not decision.ask:
        say(f"no request: {decision.reason}, {decision.wait_s:.0f} s to go")
        return "waiting"
    return "asked"


def _silent(_step: str) -> None:
    return


#: What to do about errors that making the directory writable would not help.
_FIXES = {
    errno.ENOSPC: "Free some space, or set STATUSLINE_CACHE_DIR.",
    errno.EDQUOT: "Free some space, or set STATUSLINE_CACHE_DIR.",
    errno.EROFS: "Set STATUSLINE_CACHE_DIR to a directory that can be written.",
    errno.ENOTDIR: "Remove the file in its place, or set STATUSLINE_CACHE_DIR.",
    errno.EEXIST: "Remove the file in its place, or set STATUSLINE_CACHE_DIR.",
}


def _unwritable(error: OSError) -> Report:
    detail = f"The cache directory cannot be written: {reason(error)}."
    return Report("unwritable", detail=detail, fix=_FIXES.get(error.errno or 0, ""))


def _closed_lock(directory: str) -> Report | None:
    """Return what to say of a lock file that cannot be opened, ``None`` of one that can."""
    path = f"{directory}/lock"
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        os.close(os.open(path, flags, 0o600))
    except OSError as error:
        if not os.path.lexists(path):
            return _unwritable(error)  # it is the directory that takes no file
        detail = f"The file `lock` in the cache directory cannot be opened: {reason(error)}."
        fix = _FIXES.get(error.errno or 0, "Remove that file.")
        return Report("no_lock", detail=detail, fix=fix)
    return None


def run_in_background() -> None:
    """Be the detached refresher: take a render's message from stdin and say nothing."""
    from statusline.system import environ  # the foreground brings its own

    with process_limits():
        message = b""
        while chunk := os.read(0, MAX_MESSAGE_BYTES - len(message)):
            message += chunk
        refresh(environ.current(), message=message)
