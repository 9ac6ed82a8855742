"""The one clock: every module that needs the time asks here."""

from __future__ import annotations

import time

from statusline.system.untrusted import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: A stamp this far ahead of the wall clock was made before the clock was set back.
TOLERANCE_S = 2.0

_played: Callable[[], float] | None = None


def now() -> float:
    """Return the wall clock in seconds since 1970 (UTC)."""
    return time.time() if _played is None else _played()


def use(source: Callable[[], float] | None) -> None:
    """Let ``source`` (seconds since 1970) be this process's clock; ``None`` ends that.

    For ``statusline demo``, which plays a day in a minute. Only code can do this, no option and
    no variable: the 60 seconds between two requests to the real API are measured here.
    """
    global _played  # noqa: PLW0603  # the one clock has one source
    _played = source


class Stamp:
    """A moment that can be measured from after the wall clock was changed.

    ``boot_s`` counts from the machine's start, as a rule with suspended time; ``boot_id`` names
    that start, and is ``None`` where the system does not tell (G01, G02, G04, G07, H14).
    """

    __slots__ = ("boot_id", "boot_s", "wall_s")

    def __init__(self, wall_s: float, boot_s: float | None, boot_id: str | None) -> None:
        self.wall_s = wall_s
        self.boot_s = boot_s
        self.boot_id = boot_id

    def elapsed_s(self, since: Stamp) -> float | None:
        """Return the seconds from ``since`` to this stamp, or ``None`` if it cannot be told.

        Within one boot the boot clock decides, since nobody can set it. Otherwise the wall
        clock does, unless ``since`` lies in its future.
        """
        if (
            self.boot_id is not None
            and self.boot_id == since.boot_id
            and self.boot_s is not None
            and since.boot_s is not None
            and self.boot_s >= since.boot_s
        ):
            return self.boot_s - since.boot_s
        elapsed_s = self.wall_s - since.wall_s
        return max(elapsed_s, 0.0) if elapsed_s > -TOLERANCE_S else None

    def at_least_s(self, since: Stamp) -> float | None:
        """Return seconds that have passed since then for certain; ``None`` if nobody can tell.

        Where no start is named, a wall clock that is set back and forth proves nothing, while a
        monotonic clock counts too little at worst. The price is up to that time once more after
        a start of the machine, and after it was suspended.
        """
        is_named = self.boot_id is not None and since.boot_id is not None
        if is_named or self.boot_s is None or since.boot_s is None:
            return self.elapsed_s(since)
        return self.boot_s - since.boot_s if self.boot_s >= since.boot_s else self.boot_s

    def was_set(self, since: Stamp) -> bool:
        """Tell whether somebody set the wall clock since then, both in one start of the machine."""
        if self.boot_s is None or since.boot_s is None:
            return False
        moved_s = (self.wall_s - since.wall_s) - (self.boot_s - since.boot_s)
        return abs(moved_s) > TOLERANCE_S

    def to_json(self) -> dict[str, object]:
        """Return the stamp as a JSON object."""
        return {"wall_s": self.wall_s, "boot_s": self.boot_s, "boot_id": self.boot_id}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Stamp | None:
        """Return the stamp that ``to_json`` wrote, or ``None`` for anything else."""
        wall_s, boot_s = _seconds(value.get("wall_s")), _seconds(value.get("boot_s"))
        boot_id = value.get("boot_id")
        if wall_s is None:
            return None
        return cls(wall_s, boot_s, boot_id if isinstance(boot_id, str) else None)


def _seconds(value: object) -> float | None:
    """Return seconds that a clock can have told, ``None`` for anything else."""
    found = number(value)
    return found if found is not None and abs(found) < 1e15 else None


def stamp() -> Stamp:
    """Return the present moment as a ``Stamp``; a played one has no boot to be measured from."""
    if _played is not None:
        return Stamp(now(), None, None)
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    try:
        boot_s = time.monotonic() if boot_clock is None else time.clock_gettime(boot_clock)
    except OSError:
        boot_s = time.monotonic()
    return Stamp(now(), boot_s, _boot_id() if boot_clock is not None else None)


def _boot_id() -> str | None:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read(64).strip() or None
    except (OSError, ValueError):
        return None
