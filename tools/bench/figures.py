"""What many runs come to: medians, 95th percentiles, ratios. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Lap(NamedTuple):
    """One run of one program: wall clock and CPU in ms, peak memory in MB, exit status."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float
    status: int = 0


class Summary(NamedTuple):
    """What the laps of one program come to: CPU is a median, memory the most of all runs."""

    runs: int
    median_ms: float
    p95_ms: float
    max_ms: float
    cpu_ms: float
    peak_mb: float


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which ``share`` (0..1) of ``values`` lie, interpolated.

    Raises ``ValueError`` where there is no value.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Iterable[float]) -> float:
    """Return the middle one of ``values``; raises ``ValueError`` where there is none."""
    return quantile(values, 0.5)


def summary(laps: Sequence[Lap]) -> Summary:
    """Return what ``laps`` come to; raises ``ValueError`` for none."""
    walls = [lap.wall_ms for lap in laps]
    return Summary(
        runs=len(laps),
        median_ms=median(walls),
        p95_ms=quantile(walls, 0.95),
        max_ms=max(walls),
        cpu_ms=median(lap.cpu_ms for lap in laps),
        peak_mb=max(lap.peak_mb for lap in laps),
    )


class Bar(NamedTuple):
    """A promise and what came of it; ``figure`` and ``limit`` share ``unit``, lower is better.

    A ``figure`` of ``None`` was not measured, for the reason in ``note``.
    """

    what: str
    limit: float
    figure: float | None
    unit: str
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return "met", "missed" or "not measured"."""
        if self.figure is None:
            return "not measured"
        return "met" if self.figure <= self.limit else "missed"
