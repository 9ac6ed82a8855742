"""``state.json``, kept and read back with ``usage.json``: files get lost, clocks are set back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from statusline.refresh.attempts import Attempt, State
from statusline.system import atomic_write, bounded_read
from statusline.system.clock import TOLERANCE_S, Stamp
from statusline.system.untrusted import mapping, number
from statusline.usage.snapshot import FILE_NAME, MAX_BYTES, Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE_NAME = "state.json"
STATE_SCHEMA = 1


class LastRun(NamedTuple):
    """Both files as far as they could be read; ``is_newer``: a newer program owns them."""

    snapshot: Snapshot
    state: State
    is_newer: bool


def load(directory: str, now: Stamp) -> LastRun:
    """Return what is known in a profile's ``directory``; never raises."""
    data = bounded_read.read_file(f"{directory}/{FILE_NAME}", MAX_BYTES)
    found = None if data is None else Snapshot.from_json(bounded_read.parse(data))
    snapshot = found or Snapshot()
    stored = mapping(
        bounded_read.parse(bounded_read.read_file(f"{directory}/{STATE_NAME}", MAX_BYTES) or b"")
    )
    schema = number(stored.get("schema")) or STATE_SCHEMA
    _follow_clock(snapshot, now.wall_s)
    return LastRun(
        snapshot,
        _measurable(_state(stored, snapshot, is_lost=found is None), now),
        snapshot.is_newer_than_us() or schema > STATE_SCHEMA,
    )


def save(directory: str, state: State) -> None:
    """Keep what is remembered of the requests; raise ``OSError``."""
    atomic_write.write_json(f"{directory}/{STATE_NAME}", state.to_json())


def _state(stored: Mapping[str, object], snapshot: Snapshot, *, is_lost: bool) -> State:
    state = State.from_json(stored)
    if not state.salt:
        state = state._replace(salt=secrets.token_hex(16))
    if not state.attempts and snapshot.attempted_at is not None:
        # state.json is lost; the floor holds all the same (E10).
        at = Stamp(snapshot.attempted_at, None, None)
        attempts = (Attempt(at, ""),)
        state = state._replace(attempts=attempts, requests=snapshot.requests)
    if is_lost and state.last_kind == "ok":
        # usage.json is lost: it is asked for again as soon as the floor allows.
        state = state._replace(wait_s=0.0, last_kind="")
    return state


def _measurable(state: State, now: Stamp) -> State:
    """Let a last attempt that lies in the future count from now, so that the floor still holds.

    That is a clock set back where no boot clock tells how long ago it was (G02).
    """
    if not state.attempts or now.elapsed_s(state.attempts[-1].at) is not None:
        return state
    earlier = [each for each in state.attempts if now.elapsed_s(each.at) is not None]
    last = state.attempts[-1]._replace(at=now)
    return state._replace(attempts=(*earlier, last))


def _follow_clock(snapshot: Snapshot, now: float) -> None:
    """Take every moment along with a clock that was set back.

    One from the future would look fresh, and beat every later answer until then.
    """
    ahead_s = snapshot.written_at - now
    if ahead_s <= TOLERANCE_S:
        return

    def back(moment_s: float) -> float:
        return max(moment_s - ahead_s, 1.0)

    for seen in (*snapshot.windows.values(), *snapshot.pools.values(), snapshot.spend):
        if seen is not None:
            seen.observed_at = back(seen.observed_at)
    for name in ("attempted_at", "succeeded_at", "account_since", "unlimited_at"):
        moment_s = getattr(snapshot, name)
        if moment_s is not None:
            setattr(snapshot, name, back(moment_s))
    for name, (heard_at, api_ms, requests) in snapshot.memory.sessions.items():
        snapshot.memory.sessions[name] = (back(heard_at), api_ms, requests)
