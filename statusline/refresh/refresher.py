"""The one writer: lock, re-check, stamp the attempt, call, merge, publish.

Two hundred processes that start together send one request, also when the server refuses or one
of them is killed (reliability.md section 2): the lock is never waited for, and the attempt is
on the disk before the call is made.
"""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING, NamedTuple

from filelock import Timeout, UnixFileLock

from statusline import publish
from statusline.hot import reader
from statusline.publish import NotPrivateError
from statusline.refresh.update import Update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from statusline.environ import Environment
    from statusline.refresh.policy import Decision

    Log = Callable[[str], None]

#: A refresher that is still there after this is ended by the kernel, not by Python: a handler
#: in Python would wait for a name lookup to return (reliability.md section 2).
HARD_LIMIT_S = 20.0
#: Prompts come first.
NICENESS = 19
MAX_MESSAGE_BYTES = 64 * 1024


class Report(NamedTuple):
    """What one run came to.

    ``result``: "asked" (``state`` says with what outcome), "waiting" (``decision`` says for
    what), "local" (the API was not to be asked), "busy" (another refresher is at it), or why
    nothing could be done: "not_private", "no_lock", "unwritable", "newer".
    """

    result: str
    state: str = ""
    detail: str = ""
    decision: Decision | None = None


@contextlib.contextmanager
def process_limits() -> Iterator[None]:
    """Let the kernel end this process after ``HARD_LIMIT_S``, and let prompts go first.

    Around ``refresh`` in a process that does nothing else; niceness cannot be taken back.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, HARD_LIMIT_S)
    try:
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def refresh(
    env: Environment, *, force: bool = False, message: bytes = b"", log: Log | None = None
) -> Report:
    """Bring the cache of this profile up to date, with at most one request; never raises.

    ``message`` is what a render handed over (``hot.news``), ``log`` gets a line per step.
    """
    say = log or _silent
    try:
        directory = publish.prepare(env)
    except NotPrivateError as error:
        return Report("not_private", detail=str(error))
    except OSError as error:
        return Report("unwritable", detail=_reason(error))
    # flock on a file that is never removed; without it on this file system no request is made
    # (reliability.md B18), rather than one guarded by a lock that a crash leaves behind.
    lock = UnixFileLock(f"{directory}/lock", timeout=0, mode=0o600, fallback_to_soft=False)
    try:
        with lock:
            say("lock taken")
            return _locked(env, directory, force=force, message=message, say=say)
    except Timeout:
        return Report("busy", detail="another refresh is running")
    except (OSError, NotImplementedError) as error:
        return Report("no_lock", detail=_reason(error))


def _locked(env: Environment, directory: str, *, force: bool, message: bytes, say: Log) -> Report:
    """Do the work of one refresher; the lock is held."""
    swept = publish.sweep(directory)
    say(f"left-over files removed: {swept}")
    update = Update(env, directory, say)
    if update.is_newer:
        return Report(
            "newer", detail="the cache was written by a newer statusline; update this one"
        )
    update.take_local(reader.parse(message))
    decision = update.decide(force=force)
    try:
        if decision is None:
            result = "local"
        elif not decision.ask:
            say(f"no request: {decision.reason}, {decision.wait_s:.0f} s to go")
            result = "waiting"
        else:
            update.stamp_attempt()
            say("attempt stamped")
            update.ask()
            result = "asked"
        update.publish()
    except OSError as error:
        return Report("unwritable", detail=_reason(error))
    say(f"published, state {update.snapshot.state}")
    return Report(result, update.snapshot.state, update.snapshot.detail, update.when_allowed())


def _silent(_step: str) -> None:
    return


def _reason(error: Exception) -> str:
    """Return what went wrong without the path, which may name the user."""
    return getattr(error, "strerror", None) or type(error).__name__


def run_in_background() -> None:
    """Be the detached refresher: take a render's message from stdin and say nothing."""
    from statusline import environ  # the foreground brings its own

    with process_limits():
        message = b""
        while chunk := os.read(0, MAX_MESSAGE_BYTES - len(message)):
            message += chunk
        refresh(environ.current(), message=message)
