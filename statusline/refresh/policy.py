"""When the usage API may be asked: pure functions of state, outcome, time and chance.

docs/decisions.md 3 holds the decisions, docs/claude-code.md 8.4 what is behind them: about five
requests in 300 s per token, shared with Claude Code itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from statusline.refresh.attempts import Attempt, State
from statusline.refresh.limits import (
    FED_INTERVAL_S,
    FIRST_INTERVAL_S,
    FLOOR_S,
    JITTER,
    LIFETIME_S,
    MAX_FAILURES,
    MAX_RETRY_AFTER_S,
    REMEMBERED,
)

if TYPE_CHECKING:
    from statusline.system.clock import Stamp

#: Without ``--force``, at most ``BURST`` attempts in ``BURST_S``.
BURST, BURST_S = 3, 300.0
#: How far the interval between good answers stretches while the numbers stand still.
STILL_INTERVAL_S = 300.0
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
    "unauthorized": (3600.0, 86400.0),
    "expired": (3600.0, 86400.0),
    "scope": (3600.0, 86400.0),
}
#: Answers that speak of the token. One may be a mistake of the server's, so they are waited out
#: like a failure, only longer; another token starts afresh.
REFUSALS = frozenset(("unauthorized", "scope", "expired"))
#: How soon after a window's reset the new one is asked for.
AFTER_RESET_S = 5.0


class Decision(NamedTuple):
    """Whether to ask now; if not, after how many seconds at the earliest, and why not."""

    ask: bool
    wait_s: float
    reason: str


def decide(
    state: State,
    now: Stamp,
    fingerprint: str,
    *,
    looks_expired: bool = False,
    force: bool = False,
) -> Decision:
    """Tell whether the API may be asked with the token of ``fingerprint`` at ``now``.

    ``reason`` is "floor", "burst", "interval", "backoff" or "refused". Another token starts
    afresh but for the floor, and so does one whose failures came while it looked expired
    (``looks_expired``: by the clock it does now), once it does not any more: what was wrong
    then was the clock.
    """
    ages = [
        (now.at_least_s(at), now.elapsed_s(at), token == fingerprint)
        for at, token in state.attempts
    ]
    since_last = min((age for age, _by_wall, _own in ages if age is not None), default=None)
    if since_last is None:
        return Decision(ask=True, wait_s=0.0, reason="")
    floor_s = FLOOR_S + LIFETIME_S if state.is_open else FLOOR_S
    waits = [(floor_s - since_last, "floor")]
    if is_bound(state, fingerprint, looks_expired=looks_expired) and (
        not force or state.wait_binds_force
    ):
        passed_s = min((age for _sure, age, _own in ages if age is not None), default=0.0)
        waits.append((state.wait_s - passed_s, _reason(state)))
    own = sorted(age for _sure, age, own in ages if own and age is not None)
    if not force and len(own) >= BURST:
        waits.append((BURST_S - own[BURST - 1], "burst"))
    wait_s, reason = max(waits)
    if wait_s <= 0:
        return Decision(ask=True, wait_s=0.0, reason="")
    return Decision(ask=False, wait_s=wait_s, reason=reason)


def is_bound(state: State, fingerprint: str, *, looks_expired: bool) -> bool:
    """Tell whether what the last answer meant holds for this token at this moment."""
    was_the_clock = state.looked_expired and not looks_expired and state.failures > 0
    return fingerprint == state.fingerprint and not was_the_clock


def _reason(state: State) -> str:
    if not state.failures:
        return "interval"
    return "refused" if state.last_kind in REFUSALS else "backoff"


def attempted(state: State, now: Stamp, fingerprint: str, *, looks_expired: bool = False) -> State:
    """Return the state to be written *before* the call, so that a kill cannot repeat it.

    Should nothing more be heard of this attempt, the next one waits as after a failure, and at
    least for the floor after the last moment at which this request can have left.
    ``looks_expired``: by the clock the token has expired.
    """
    fresh = state if fingerprint == state.fingerprint else State(salt=state.salt)
    return fresh._replace(
        attempts=(*state.attempts, Attempt(now, fingerprint))[-REMEMBERED:],
        fingerprint=fingerprint,
        requests=state.requests + 1,
        wait_s=BACKOFF_S["unreachable"][0],
        wait_binds_force=False,
        looked_expired=looks_expired,
        is_open=True,
    )


def forgotten(state: State) -> State:
    """Return the state for another account: a good answer's interval is none of its business.

    The floor holds, and a back-off, which is the token's.
    """
    if state.failures:
        return state
    kept = ("attempts", "salt", "requests", "is_open")
    return State()._replace(**{name: getattr(state, name) for name in kept})


def finished(state: State, now: Stamp) -> State:
    """Return the state once the last attempt is over: from here its waits count.

    The request left after its stamp, and a Retry-After counts from the answer.
    """
    last = state.attempts[-1]._replace(at=now)
    return state._replace(attempts=(*state.attempts[:-1], last), is_open=False)


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
    """Return the state after an answer of ``kind`` (``outcome.Outcome.kind``).

    ``moved``: a number differs from the last one; ``near``: a window is close to its limit;
    ``next_reset_s``: seconds to the next reset; ``chance``: uniform in [0, 1).
    """
    state = state._replace(is_open=False)
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
        )
    return _failed(state, kind, retry_after_s, chance)


def answered_other(
    before: State,
    state: State,
    kind: str,
    retry_after_s: float | None,
    *,
    chance: float,
) -> State:
    """Return the state after a question that was not for usage; ``before`` is from before it.

    It counts as an attempt, and a refusal or a 429 holds for every question. Any other answer
    leaves the schedule as it was, counted from now.
    """
    state = state._replace(is_open=False)
    if kind in REFUSALS or kind == "rate_limited":
        return _failed(state, kind, retry_after_s, chance)
    if before.fingerprint != state.fingerprint or not before.attempts:
        return state._replace(wait_s=FLOOR_S)
    passed_s = state.attempts[-1].at.elapsed_s(before.attempts[-1].at) or 0.0
    return state._replace(
        wait_s=max(before.wait_s - passed_s, FLOOR_S), wait_binds_force=before.wait_binds_force
    )


def _failed(state: State, kind: str, retry_after_s: float | None, chance: float) -> State:
    # A refusal is no continuation of an outage, nor the other way round.
    is_same = (kind in REFUSALS) == (state.last_kind in REFUSALS)
    failures = min(state.failures + 1, MAX_FAILURES) if is_same else 1
    state = state._replace(failures=failures, last_kind=kind)
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


def supplied_by_stdin(state: State, now: Stamp) -> State:
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
