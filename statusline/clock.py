"""The one clock: every module that needs the time asks here."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: A stamp this far ahead of the wall clock was made before the clock was set back.
TOLERANCE_S = 2.0


def now() -> float:
    """Return the wall clock in seconds since 1970 (UTC)."""
    return time.time()


class Stamp:
    """A moment that can be measured from after the wall clock was changed.

    ``boot_s`` counts from the machine's start and includes suspended time, ``boot_id`` names
    that start; both are ``None`` where the system does not tell (reliability.md G01-G07, G14).
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

    def to_json(self) -> dict[str, object]:
        """Return the stamp as a JSON object."""
        return {"wall_s": self.wall_s, "boot_s": self.boot_s, "boot_id": self.boot_id}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Stamp | None:
        """Return the stamp that ``to_json`` wrote, or ``None`` for anything else."""
        wall_s, boot_s, boot_id = (value.get(key) for key in cls._keys())
        if type(wall_s) not in (int, float):
            return None
        return cls(
            float(wall_s),  # type: ignore[arg-type]  # the line above has checked it
            float(boot_s) if type(boot_s) in (int, float) else None,  # type: ignore[arg-type]
            boot_id if isinstance(boot_id, str) else None,
        )

    @staticmethod
    def _keys() -> tuple[str, str, str]:
        return ("wall_s", "boot_s", "boot_id")


def stamp() -> Stamp:
    """Return the present moment as a ``Stamp``."""
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot_id = file.read(64).strip() or None
        boot_s = None if boot_clock is None else time.clock_gettime(boot_clock)
    except (OSError, ValueError):
        boot_id = boot_s = None
    return Stamp(now(), boot_s, boot_id)
