"""Pre-rendered segments: what a surface would print right now, for hooks that start no process.

A segment is a file beside ``usage.json``: the line, then its width in cells on a line of its
own. Its modification time is the moment until which it is true, so that a shell can tell with
``test -nt`` alone (docs/decisions.md 5). ``until`` alone decides how long a line is true.
"""

from __future__ import annotations

import posix

from statusline.segment.humanize import MINUTE_S
from statusline.segment.values import is_told
from statusline.surfaces import KEPT
from statusline.usage.messages import NO_LOGIN, WAITING
from statusline.usage.snapshot import FILE_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.settings.settings import Settings
    from statusline.usage.snapshot import Snapshot

#: Shorter than this, a segment is not worth its file.
MIN_LIFETIME_S = 1.0
#: What the hook of a Claude Code process prints again; its process id follows.
LINE_PREFIX = "line.claude-"
#: The empty file whose time hooks set to the present. They never make it: by the umask of whoever
#: has the shell, others might read it.
CLOCK_NAME = "now"


def path_of(directory: str, surface: str) -> str:
    """Return where the segment of a surface is."""
    return f"{directory}/segment.{surface}"


def until(snapshot: Snapshot, settings: Settings, now: float, surface: str) -> float:
    """Return until when a line of ``surface`` made at ``now`` stays true (epoch seconds).

    A line with clock times of the machine's own zone is not true beyond ``now``: who reads it may
    have another ``TZ``, or another value of a variable. Nor is one that tells of no login: who
    reads it may work with an API key.
    """
    has_no_login = snapshot.state in NO_LOGIN and is_told(snapshot, settings, now)
    if surface in settings.personal or has_no_login:
        return now
    return changes_at(snapshot, settings, now)


def changes_at(snapshot: Snapshot, settings: Settings, now: float) -> float:
    """Return when a line made at ``now`` changes for whoever made it (epoch seconds).

    The first of: the next refresh that is due, the next change of a countdown or an age, the
    reset of a window, the moment at which a number or a forecast becomes old.
    """
    moments = [snapshot.next_refresh_at]
    allowed_at = snapshot.next_allowed_at
    if snapshot.state in WAITING and allowed_at is not None and allowed_at > now:
        moments.append(_counted_down_at(allowed_at, now))
    if snapshot.spend is not None and snapshot.spend.is_shown:
        moments.append(_age_changes_at(snapshot.spend.observed_at, settings, now))
    others = [seen for each in snapshot.sources.values() for seen in each.values()]
    for seen in (*snapshot.windows.values(), *others):
        if seen.resets_at is not None and seen.resets_at <= now:
            # Shown as reset until somebody knows more; what is wrong is said once that is old.
            becomes_old_at = seen.observed_at + settings.old_after_s
            moments += [becomes_old_at] if becomes_old_at > now else []
            continue
        moments.append(_age_changes_at(seen.observed_at, settings, now))
        if seen.resets_at is not None:
            moments.append(_counted_down_at(seen.resets_at, now))
    if snapshot.may_fill or snapshot.has_read_forecasts:
        moments += _forecasts_change_at(snapshot, now)
    if snapshot.token_counts:
        from statusline.segment.token_counts import true_until

        ends = [true_until(found) for found in snapshot.token_counts.values()]
        moments += [moment for moment in ends if moment > now]
    return min(moments)


def _forecasts_change_at(snapshot: Snapshot, now: float) -> Iterator[float]:
    """Yield when a forecast gets too old, and when the time changes that it leaves to a window."""
    for found in snapshot.forecasts.values():
        if found.stale_at > now:
            yield found.stale_at
        for moment_s in (found.full_at, found.full_from, found.full_to):
            if moment_s is not None and moment_s > now:
                yield _counted_down_at(moment_s, now)


def _counted_down_at(moment_s: float, now: float) -> float:
    """Return when the time that is left until a moment to come loses its next minute."""
    return now + ((moment_s - now) % MINUTE_S or MINUTE_S)


def _age_changes_at(observed_at: float, settings: Settings, now: float) -> float:
    """Return when a number becomes old, or when the age that is shown changes."""
    age_s = now - observed_at
    if age_s >= settings.old_after_s:
        return observed_at + (age_s // MINUTE_S + 1) * MINUTE_S
    becomes_old_at = observed_at + settings.old_after_s
    if settings.shows_age:
        return min(becomes_old_at, observed_at + (age_s // MINUTE_S + 1) * MINUTE_S)
    return becomes_old_at


def usage_stamp(directory: str) -> tuple[int, int, int] | None:
    """Return what tells one published ``usage.json`` from the next, ``None`` for no file."""
    try:
        status = posix.stat(f"{directory}/{FILE_NAME}", follow_symlinks=False)
    except OSError:
        return None
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def write(
    directory: str,
    surface: str,
    line: bytes,
    cells: int,
    until_s: float,
    made_from: tuple[int, int, int] | None,
) -> None:
    """Leave a segment behind, or leave things as they are; never raises ``OSError``.

    ``made_from`` is the identity of the ``usage.json`` that the line was made from. Until it is
    known, after the rename, that no other one is there and none is about to be, the segment has
    the time of its writing, which has passed: a render may be killed at any moment. A refresher
    that publishes after that look removes this very file, and its new time does no harm.
    """
    path = path_of(directory, surface)
    temporary = f"{directory}/.tmp-{surface}-{posix.getpid()}"
    flags = posix.O_WRONLY | posix.O_CREAT | posix.O_EXCL | posix.O_CLOEXEC | posix.O_NOFOLLOW
    try:
        handle = posix.open(temporary, flags, 0o600)
    except OSError:
        return
    data = b"%b\n%d\n" % (line, cells)
    is_out = False
    try:
        if posix.write(handle, data) == len(data):  # a full disk may take a part, in silence
            posix.rename(temporary, path)
            is_out = True
            make_clock(directory)
            if is_latest(directory, made_from):
                posix.utime(handle, (until_s, until_s))
            else:
                remove(path)
    except OSError:
        pass
    finally:
        posix.close(handle)
    if not is_out:
        remove(temporary)


def make_clock(directory: str) -> None:
    """Make the file that hooks need beside a segment, or make it private; never raises ``OSError``.

    An earlier version let hooks make it.
    """
    flags = posix.O_WRONLY | posix.O_CREAT | posix.O_CLOEXEC | posix.O_NOFOLLOW | posix.O_NONBLOCK
    try:
        handle = posix.open(f"{directory}/{CLOCK_NAME}", flags, 0o600)
    except OSError:
        return  # hooks then ask each time
    try:
        status = posix.fstat(handle)
        if status.st_mode & 0o077 and status.st_uid == posix.geteuid():
            posix.fchmod(handle, 0o600)
    except OSError:
        return
    finally:
        posix.close(handle)


def is_latest(directory: str, made_from: tuple[int, int, int] | None) -> bool:
    """Tell whether a ``usage.json`` is still the one there, and to stay for now."""
    return made_from is not None and made_from[1] != 0 and usage_stamp(directory) == made_from


def close(directory: str) -> None:
    """Let no segment be believed, and none be left, until the next ``usage.json`` is out.

    Its time is taken from the present one: to hooks the login is newer then. Whoever is killed
    after this has left nothing behind that is false.
    """
    try:
        posix.utime(f"{directory}/{FILE_NAME}", (0, 0), follow_symlinks=False)
    except OSError:
        remove_all(directory)  # there is none yet, or nothing can be written here
    else:
        remove_all(directory)


def remove(path: str) -> None:
    """Remove a file that may be gone already."""
    try:
        posix.unlink(path)
    except OSError:
        return


def remove_all(directory: str) -> None:
    """Remove what every surface would print, and what Claude Code's hook prints again."""
    for surface in KEPT:
        remove(path_of(directory, surface))
    for path in lines(directory):
        remove(path)


def lines(directory: str) -> list[str]:
    """Return the files of what Claude Code's hook prints again (``segment.shortcut``)."""
    try:
        names = posix.listdir(directory)
    except OSError:
        return []
    return [f"{directory}/{name}" for name in names if name.startswith(LINE_PREFIX)]
