"""When the usage API may be asked: pure functions of state, outcome, time and chance.

design.md section 6 holds the decisions, contract.md 2.5 the measurements behind them: about
five requests in 300 s per token, shared with Claude Code itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from statusline.clock import Stamp
from statusline.model import mapping, number
from statusline.snapshot import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from statusline.model import Observation

#: No two attempts closer together than this, whatever happens.
FLOOR_S = 60.0
#: Without ``--force``, at most ``BURST`` attempts in ``BURST_S``.
BURST, BURST_S = 3, 300.0
#: How many attempts are remembered: all that the floor lets into ``BURST_S``.
REMEMBERED = 6
#: The interval between good answers: where it starts, and how far it stretches.
FIRST_INTERVAL_S, STILL_INTERVAL_S, FED_INTERVAL_S = 120.0, 300.0, 600.0
#: First and last step of the exponential back-off, by kind of failure.
BACKOFF_S: dict[str, tuple[float, float]] = {
    "rate_limited": (120.0, 3600.0),
    "server_error": (60.0, 1800.0),
    "unreachable": (60.0, 300.0),
    "proxy": (60.0, 300.0),
    "certificate": (300.0, 1800.0),
    "malformed": (300.0, 1800.0),
    "blocked": (300.0, 1800.0),
    "forbidden": (3600.0, 21600.0),
    "http_error": (3600.0, 21600.0),
}
MAX_RETRY_AFTER_S = 6 * 3600.0
#: Answers that speak of the token: nothing is asked again until it changes.
REFUSALS = frozenset(("unauthorized", "scope", "bad_token", "expired"))
#: Jitter only adds, up to this share of the wait.
JITTER = 0.1
#: Use from which a window is watched more closely.
NEAR_LIMIT_PCT = 90.0
#: How soon after a window's reset the new one is asked for.
AFTER_RESET_S = 5.0


class Attempt(NamedTuple):
    """When a request was made, and the fingerprint of the token it was made with."""

    at: Stamp
    fingerprint: str

    def to_json(self) -> dict[str, object]:
        """Return the attempt as a JSON object."""
        return {**self.at.to_json(), "fingerprint": self.fingerprint}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Attempt | None:
        """Return what ``to_json`` wrote, or ``None`` for anything else."""
        at = Stamp.from_json(value)
        return None if at is None else cls(at, _word(value.get("fingerprint")))


class State(NamedTuple):
    """What is remembered between refreshers (``state.json``); the answer's meaning is not.

    ``attempts`` are stamped before each call, newest last; ``wait_s`` counts from the newest.
    ``wait_binds_force`` marks a wait that the server asked for. ``fingerprint`` is of the token
    last used, ``refused`` of a token that is not to be tried again. ``requests`` counts all
    attempts ever stamped.
    """

    attempts: tuple[Attempt, ...] = ()
    wait_s: float = 0.0
    wait_binds_force: bool = False
    interval_s: float = FIRST_INTERVAL_S
    failures: int = 0
    last_kind: str = ""
    fingerprint: str = ""
    refused: str = ""
    refused_kind: str = ""
    salt: str = ""
    requests: int = 0

    def to_json(self) -> dict[str, object]:
        """Return the state as a JSON object."""
        return {
            **self._asdict(),
            "schema": 1,
            "attempts": [attempt.to_json() for attempt in self.attempts],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> State:
        """Return what ``to_json`` wrote; whatever is unsound takes its default."""
        attempts = value.get("attempts")
        made = (
            [Attempt.from_json(mapping(item)) for item in attempts]
            if isinstance(attempts, list)
            else []
        )
        words = {
            name: _word(value.get(name))
            for name in ("last_kind", "fingerprint", "refused", "refused_kind", "salt")
        }
        wait_s = number(value.get("wait_s")) or 0.0
        interval_s = number(value.get("interval_s")) or FIRST_INTERVAL_S
        return cls(
            attempts=tuple(attempt for attempt in made if attempt is not None)[-REMEMBERED:],
            wait_s=min(max(wait_s, 0.0), MAX_RETRY_AFTER_S * (1 + JITTER)),
            wait_binds_force=value.get("wait_binds_force") is True,
            interval_s=min(max(interval_s, FLOOR_S), FED_INTERVAL_S),
            failures=min(max(int(number(value.get("failures")) or 0), 0), 50),
            requests=count(value.get("requests")),
            **words,
        )


def _word(value: object) -> str:
    """Return a word of ours (hex digits, a kind of outcome), "" for anything else."""
    return value if isinstance(value, str) and re.fullmatch("[0-9a-z_]{1,64}", value) else ""


class Decision(NamedTuple):
    """Whether to ask now; if not, after how many seconds at the earliest, and why not."""

    ask: bool
    wait_s: float
    reason: str


def decide(state: State, now: Stamp, fingerprint: str, *, force: bool = False) -> Decision:
    """Tell whether the API may be asked with the token of ``fingerprint`` at ``now``.

    ``reason`` is "floor", "burst", "interval", "backoff" or "refused". A refused token is not
    tried again; another token starts afresh but for the floor.
    """
    if fingerprint and fingerprint == state.refused:
        return Decision(ask=False, wait_s=BURST_S, reason="refused")
    ages = [(now.elapsed_s(at), token == fingerprint) for at, token in state.attempts]
    since_last = min((age for age, _own in ages if age is not None), default=None)
    if since_last is None:
        return Decision(ask=True, wait_s=0.0, reason="")
    waits = [(FLOOR_S - since_last, "floor")]
    same_token = fingerprint == state.fingerprint
    if same_token and (not force or state.wait_binds_force):
        reason = "backoff" if state.failures else "interval"
        waits.append((state.wait_s - since_last, reason))
    own = sorted(age for age, own in ages if own and age is not None)
    if not force and len(own) >= BURST:
        waits.append((BURST_S - own[BURST - 1], "burst"))
    wait_s, reason = max(waits)
    if wait_s <= 0:
        return Decision(ask=True, wait_s=0.0, reason="")
    return Decision(ask=False, wait_s=wait_s, reason=reason)


def attempted(state: State, now: Stamp, fingerprint: str) -> State:
    """Return the state to be written *before* the call, so that a kill cannot repeat it.

    Should nothing more be heard of this attempt, the next one waits as after a failure.
    """
    fresh = state if fingerprint == state.fingerprint else State(salt=state.salt)
    return fresh._replace(
        attempts=(*state.attempts, Attempt(now, fingerprint))[-REMEMBERED:],
        fingerprint=fingerprint,
        requests=state.requests + 1,
        wait_s=BACKOFF_S["unreachable"][0],
        wait_binds_force=False,
    )


def heard(state: State, now: Stamp) -> State:
    """Return the state once the last attempt is over: from here its waits count.

    The request left after its stamp, and a Retry-After counts from the answer.
    """
    last = state.attempts[-1]._replace(at=now)
    return state._replace(attempts=(*state.attempts[:-1], last))


def answered(
    state: State,
    kind: str,
    retry_after_s: float | None,
    *,
    moved: bool,
    near: bool,
    next_reset_s: float | None,
    chance: float,
) -> State:
    """Return the state after an answer of ``kind`` (``api.Outcome.kind``).

    ``moved``: a number differs from the last one; ``near``: a window is close to its limit;
    ``next_reset_s``: seconds to the next reset; ``chance``: uniform in [0, 1).
    """
    if kind == "ok":
        interval_s = _interval_s(state, moved=moved, near=near)
        wait_s = interval_s * (1 + JITTER * chance)
        if next_reset_s is not None and FLOOR_S <= next_reset_s + AFTER_RESET_S < wait_s:
            wait_s = next_reset_s + AFTER_RESET_S * (1 + chance)
        return state._replace(
            wait_s=max(wait_s, FLOOR_S),
            interval_s=interval_s,
            failures=0,
            last_kind="ok",
            wait_binds_force=False,
            refused="",
            refused_kind="",
        )
    return _failed(state, kind, retry_after_s, chance)


def answered_aside(
    before: State, state: State, kind: str, retry_after_s: float | None, *, chance: float
) -> State:
    """Return the state after a question that was not for usage; ``before`` is from before it.

    It counts as an attempt, and a refusal or a 429 holds for every question. Any other answer
    leaves the schedule as it was, counted from now.
    """
    if kind in REFUSALS or kind == "rate_limited":
        return _failed(state, kind, retry_after_s, chance)
    if before.fingerprint != state.fingerprint or not before.attempts:
        return state._replace(wait_s=FLOOR_S)
    passed_s = state.attempts[-1].at.elapsed_s(before.attempts[-1].at) or 0.0
    return state._replace(
        wait_s=max(before.wait_s - passed_s, FLOOR_S), wait_binds_force=before.wait_binds_force
    )


def _failed(state: State, kind: str, retry_after_s: float | None, chance: float) -> State:
    failures = min(state.failures + 1, 50)
    state = state._replace(failures=failures, last_kind=kind)
    if kind in REFUSALS:
        return state._replace(
            refused=state.fingerprint, refused_kind=kind, wait_s=BURST_S, wait_binds_force=True
        )
    first_s, last_s = BACKOFF_S.get(kind, BACKOFF_S["http_error"])
    wait_s = min(first_s * 2.0 ** min(failures - 1, 20), last_s)
    if retry_after_s is not None:
        wait_s = min(max(retry_after_s, FLOOR_S), MAX_RETRY_AFTER_S)
    return state._replace(
        wait_s=wait_s * (1 + JITTER * chance),
        wait_binds_force=kind == "rate_limited" or retry_after_s is not None,
    )


def _interval_s(state: State, *, moved: bool, near: bool) -> float:
    if moved:
        return max(state.interval_s / 2, FLOOR_S)
    if near:
        return min(state.interval_s, FIRST_INTERVAL_S)
    return min(state.interval_s * 1.5, STILL_INTERVAL_S)


def fed(state: State, now: Stamp) -> State:
    """Return the state after fresh numbers came from stdin: the API can wait a little longer.

    Never longer than ``FED_INTERVAL_S`` after the last attempt, since only the API knows
    per-model limits and money; a back-off stays as it is.
    """
    if state.last_kind != "ok" or not state.attempts:
        return state
    since_last = now.elapsed_s(state.attempts[-1].at)
    if since_last is None:
        return state
    wait_s = min(max(state.wait_s, since_last + STILL_INTERVAL_S), FED_INTERVAL_S)
    return state._replace(wait_s=max(wait_s, state.wait_s))


def near_limit(windows: Iterable[Observation]) -> bool:
    """Tell whether any window is close to its limit."""
    return any(seen.utilization_pct >= NEAR_LIMIT_PCT for seen in windows)
