"""Start the refresher so that it outlives the render, and not more often than the gate allows."""

from __future__ import annotations

import posix
import sys

from statusline.system.clock import TOLERANCE_S, now
from statusline.system.private_dir import make_private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from statusline.system.environ import Environment

#: At most one refresher is started in this time per profile, whatever 20 sessions ask for.
GATE_S = 5.0
#: Prompts come first; but a refresher needs half a second of a processor within its limit, also
#: on a machine that compiles with all cores: lower, it would get no share there.
NICENESS = 5
_GATE_PREFIX = "spawn."


def start(env: Environment, profile_dir: str, message: bytes = b"") -> bool:
    """Start a detached ``statusline refresh``, handing it ``message`` through a pipe.

    Returns whether it was started: not when the gate is closed or cannot be written, nor when
    no process can be had. Claude Code kills every descendant of a cancelled command, also one
    with a session of its own; only an orphan survives, so the child forks again and ends
    (docs/claude-code.md 3.4). Never through argv or the environment: others can read those.
    """
    try:
        if not _pass_gate(env, profile_dir):
            return False
        incoming, outgoing = posix.pipe()
    except OSError:
        return False
    try:
        posix.set_blocking(outgoing, False)
        posix.write(outgoing, message)
        middle = posix.fork()
    except OSError:
        return False
    else:
        if middle == 0:
            _become_refresher(env, incoming)
        return posix.waitpid(middle, 0)[1] == 0  # it could fork in turn
    finally:
        posix.close(incoming)
        posix.close(outgoing)


def _become_refresher(env: Environment, incoming: int) -> None:
    """In the middle process: fork the orphan and end. Never returns."""
    try:
        posix.setsid()
        if posix.fork() > 0:
            posix._exit(0)  # noqa: SLF001  # the documented way to leave a forked child
        _yield_to_prompts()
        posix.chdir("/")
        null = posix.open("/dev/null", posix.O_RDWR)
        posix.dup2(incoming, 0)
        posix.dup2(null, 1)
        posix.dup2(null, 2)
        for handle in (0, 1, 2):  # dup2 onto itself, where 0 was closed, keeps close-on-exec
            posix.set_inheritable(handle, True)  # noqa: FBT003  # has no keywords
        close_from(3)
        posix.execve(sys.executable, command("refresh", "--background"), env.inherited())
    finally:
        posix._exit(127)  # noqa: SLF001


def close_from(first: int) -> None:
    """Close every descriptor from ``first`` on: a pipe of the prompt's would not end before us."""
    for listing in ("/proc/self/fd", "/dev/fd"):
        try:
            last = max(int(name) for name in posix.listdir(listing))
        except (OSError, ValueError):
            continue
        break
    else:
        last = 65535
    posix.closerange(first, last + 1)


def _yield_to_prompts() -> None:
    """Step back before Python starts anew, which is most of a refresher's work.

    Linux gives each session a share of its own (autogroup, sched(7)), in which niceness counts
    only among its members; so the new session's share is made small as well.
    """
    posix.nice(NICENESS)
    try:
        group = posix.open("/proc/self/autogroup", posix.O_WRONLY | posix.O_CLOEXEC)
    except OSError:
        return  # not Linux, or without autogroups
    try:
        posix.write(group, b"%d" % NICENESS)
    except OSError:
        pass  # a machine's users together may set ten a second
    finally:
        posix.close(group)


def command(*args: str) -> list[str]:
    """Return the argv that runs this very installation with the same isolation as now.

    Without ``site`` (the launcher's way) the package's parent directory is all that is
    needed; with it, ``-I`` keeps the working directory off the path (I06).
    """
    package = __file__.rpartition("/segment/")[0]
    isolation = "-IS" if sys.flags.no_site else "-I"
    return [sys.executable, isolation, f"{package}/__main__.py", *args]


def _pass_gate(env: Environment, profile_dir: str) -> bool:
    """Claim the next generation of the gate; lock-free, since a render takes no lock.

    ``spawn.N`` is made with O_EXCL by exactly one of those who saw N-1 as the latest and old;
    its modification time is the start, by our clock, since a file server may have another.
    Whoever slept so long that later ones exist gives up. Nothing is made, and ``OSError`` raised,
    where the refresher could not keep anything either.
    """
    make_private(env, profile_dir)
    latest = _generations(profile_dir)
    moment = now()  # after the look: what was there then lies before this
    if latest:
        age_s = moment - posix.stat(f"{profile_dir}/{_GATE_PREFIX}{latest[-1]}").st_mtime
        if -TOLERANCE_S < age_s < GATE_S:
            return False
    mine = latest[-1] + 1 if latest else 1
    flags = posix.O_CREAT | posix.O_EXCL | posix.O_WRONLY | posix.O_CLOEXEC | posix.O_NOFOLLOW
    gate = posix.open(f"{profile_dir}/{_GATE_PREFIX}{mine}", flags, 0o600)
    try:
        posix.utime(gate, (moment, moment))
    finally:
        posix.close(gate)
    present = _generations(profile_dir)
    for generation in present:
        if generation < mine - 1:
            posix.unlink(f"{profile_dir}/{_GATE_PREFIX}{generation}")
    return present[-1] == mine


def _generations(profile_dir: str) -> list[int]:
    return sorted(
        int(name[len(_GATE_PREFIX) :])
        for name in posix.listdir(profile_dir)
        if name.startswith(_GATE_PREFIX) and name[len(_GATE_PREFIX) :].isdecimal()
    )
