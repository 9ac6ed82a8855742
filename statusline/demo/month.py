"""A made-up month in a cache of its own, for whoever wants to see what a history looks like."""

from __future__ import annotations

import os
from collections.abc import Iterator

from statusline.database import place
from statusline.demo import traces
from statusline.history import schema, store
from statusline.refresh import recording
from statusline.system import atomic_write, profile_dir
from statusline.system.environ import Environment
from statusline.system.errors import FixableError, reason
from statusline.usage.observation import DAY_S, HOUR_S, Observation
from statusline.usage.snapshot import FILE_NAME, Snapshot

#: Whose month it is, how long, and from how many weeks its last day is taken.
SEED, DAYS, WEEKS = 9, 31, 7
WEEK_S = 7 * DAY_S
MARK = "made-up-by-the-demo"
#: The last moment lies in a window that is so full, with so long to go.
_FROM_PCT, _TO_PCT, _LEFT_S = 45.0, 75.0, HOUR_S


class MonthError(FixableError):
    """The month cannot be put where it was asked for."""


def make(env: Environment, now: float) -> str:
    """Put a month that ends ``now`` (epoch s) into the cache of ``env``; return its directory.

    Raises ``MonthError`` where something is there already, or nothing can be put there.
    """
    try:
        directory = profile_dir.prepare(env)
        for name in (FILE_NAME, schema.FILE_NAME):
            if os.path.lexists(f"{directory}/{name}"):
                raise MonthError("There are numbers already.", "Choose another directory.")
        seen = list(observations(now))
        with store.writing(directory, work_s=60) as history:
            history.note(MARK, seen, now)
        _publish(directory, seen, now)
    except OSError as error:
        raise MonthError(f"The month cannot be written: {reason(error)}.") from error
    except (profile_dir.NotPrivateError, place.DatabaseError) as error:
        raise MonthError(error.what, error.fix) from error
    return directory


def observations(now: float) -> Iterator[Observation]:
    """Yield what was seen in the days before ``now``, which is a busy time of the week then."""
    whole = list(traces.trace(traces.person(SEED), WEEKS * 7))
    last_s = _last_moment(whole, now)
    shift_s = round(now - last_s)
    for seen in whole:
        if last_s - DAYS * DAY_S < seen.observed_at <= last_s:
            resets_at = None if seen.resets_at is None else seen.resets_at + shift_s
            at = seen.observed_at + shift_s
            pct = seen.utilization_pct
            yield Observation(seen.window, seen.label, pct, resets_at, at, seen.source)


def _last_moment(whole: list[Observation], now: float) -> float:
    """Return a moment of the last weeks with a busy window, as near as can be in its week."""
    busy = [
        seen.observed_at
        for seen in whole
        if seen.window == "five_hour"
        and _FROM_PCT <= seen.utilization_pct <= _TO_PCT
        and (seen.resets_at or 0) - seen.observed_at >= _LEFT_S
        and seen.observed_at >= whole[0].observed_at + DAYS * DAY_S
    ]
    # The distance to the same time on the same day of another week.
    return min(busy, key=lambda moment: min((moment - now) % WEEK_S, (now - moment) % WEEK_S))


def _publish(directory: str, seen: list[Observation], now: float) -> None:
    """Write the usage.json that goes with it."""
    snapshot = Snapshot()
    snapshot.windows = {each.window: each for each in seen}
    snapshot.state, snapshot.plan, snapshot.account = "ok", "Max 5x", MARK
    snapshot.written_at = snapshot.attempted_at = snapshot.succeeded_at = now
    snapshot.next_refresh_at = snapshot.next_allowed_at = now + HOUR_S
    recording.record(directory, snapshot, lambda _mark: False, now)
    atomic_write.write_json(f"{directory}/{FILE_NAME}", snapshot.to_json())
