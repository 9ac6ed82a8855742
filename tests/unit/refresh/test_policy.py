"""When the API may be asked: waits and intervals, case by case."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusline.refresh import policy
from statusline.refresh.attempts import State
from statusline.refresh.limits import LIFETIME_S
from statusline.refresh.policy import Decision
from statusline.system.clock import Stamp
from statusline.usage.merge import near_limit
from statusline.usage.observation import Observation

BOOT = "11111111-2222-4333-8444-555555555555"
SIX_HOURS_S, DAY_S = 6 * 3600.0, 86400.0


def at(boot_s: float, *, wall_s: float | None = None, boot_id: str | None = BOOT) -> Stamp:
    """A moment of one boot; the wall clock runs along unless told otherwise."""
    return Stamp(1.79e9 + boot_s if wall_s is None else wall_s, boot_s, boot_id)


def after(
    kind: str,
    retry_after_s: float | None = None,
    *,
    state: State | None = None,
    fingerprint: str = "aa",
    moved: bool = False,
    near: bool = False,
    next_reset_s: float | None = None,
    chance: float = 0.0,
    boot_s: float = 0.0,
) -> State:
    """The state after one more attempt at `boot_s` and its answer."""
    return policy.answered(
        policy.attempted(state or State(), at(boot_s), fingerprint),
        kind,
        retry_after_s,
        moved=moved,
        near=near,
        next_reset_s=next_reset_s,
        chance=chance,
    )


def first_allowed_s(state: State, fingerprint: str = "aa", *, force: bool = False) -> float:
    """Seconds after boot at which `state` first allows an attempt, as it says itself."""
    decision = policy.decide(state, at(0), fingerprint, force=force)
    assert not policy.decide(state, at(decision.wait_s - 0.01), fingerprint, force=force).ask
    assert policy.decide(state, at(decision.wait_s + 0.01), fingerprint, force=force).ask
    return decision.wait_s


@given(
    kind=st.sampled_from(sorted(policy.BACKOFF_S)),
    retry_after_s=st.one_of(st.none(), st.floats(0.1, 1e9)),
    failures=st.integers(0, 60),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_jitter_only_adds_and_a_wait_is_60_seconds_to_a_day(
    kind: str, retry_after_s: float | None, failures: int, chance: float
) -> None:
    """E13: nobody comes earlier than without jitter, nor more than a tenth later."""
    plain = after(kind, retry_after_s, state=State(failures=failures, fingerprint="aa"))
    spread = after(
        kind, retry_after_s, state=State(failures=failures, fingerprint="aa"), chance=chance
    )
    assert 60.0 <= plain.wait_s <= spread.wait_s <= plain.wait_s * 1.1
    assert plain.wait_s <= (DAY_S if kind in policy.REFUSALS else SIX_HOURS_S)


def test_e13_ten_thousand_clients_spread_over_the_window() -> None:
    """E13: after one outage for all, no second gets more than 1 in 10 of the clients."""
    waits = [after("server_error", chance=index / 10_000).wait_s for index in range(10_000)]
    assert min(waits) >= 60.0
    assert max(waits) - min(waits) >= 5.9
    assert max(sum(start <= wait < start + 0.5 for wait in waits) for start in range(60, 67)) < 1000


BACKOFFS: list[tuple[str, str, float | None, list[float]]] = [
    ("E01", "rate_limited", None, [120, 240, 480, 960, 1920, 3600, 3600]),
    ("E02", "rate_limited", 3037.0, [3037, 3037]),
    ("E03", "rate_limited", 90.0, [90, 90]),
    ("E04-cap", "rate_limited", 999_999_999.0, [SIX_HOURS_S, SIX_HOURS_S]),
    ("E04-short", "rate_limited", 7.0, [60, 60]),
    ("E05", "rate_limited", None, [120, 240]),
    ("E06-header", "server_error", 500.0, [500, 500]),
    ("E06", "server_error", None, [60, 120, 240, 480, 960, 1800, 1800]),
    ("E07", "unauthorized", None, [3600, 7200, 14400, 28800, 57600, 86400, 86400]),
    ("E08-403", "forbidden", None, [3600, 7200, 14400, 21600, 21600]),
    ("E08-404", "http_error", None, [3600, 7200, 14400, 21600, 21600]),
    ("D01", "unreachable", None, [60, 120, 240, 300, 300]),
    ("D15", "certificate", None, [300, 600, 1200, 1800, 1800]),
    ("D19", "malformed", None, [300, 600, 1200, 1800, 1800]),
    ("unknown", "unheard_of", None, [3600, 7200]),
]


@pytest.mark.parametrize(
    ("kind", "retry_after_s", "waits_s"),
    [row[1:] for row in BACKOFFS],
    ids=[row[0] for row in BACKOFFS],
)
def test_each_failure_backs_off_at_its_own_pace(
    kind: str, retry_after_s: float | None, waits_s: list[float]
) -> None:
    """The waits after one, two, three … failures of a kind, without jitter."""
    state, seen = State(), []
    for _ in waits_s:
        state = after(kind, retry_after_s, state=state)
        seen.append(state.wait_s)
    assert seen == waits_s


def test_e02_a_long_retry_after_is_one_request_at_its_end() -> None:
    """E02: nothing for 3037 s, not even by force, then one."""
    state = after("rate_limited", 3037.0)
    assert first_allowed_s(state) == 3037.0
    assert first_allowed_s(state, force=True) == 3037.0


def test_e09_a_success_ends_the_back_off() -> None:
    """E09: after it the next failure starts from the first step again."""
    state = State()
    for _ in range(4):
        state = after("rate_limited", state=state)
    state = after("ok", state=state)
    assert (state.failures, state.last_kind, state.wait_binds_force) == (0, "ok", False)
    assert after("rate_limited", state=state).wait_s == 120.0


@pytest.mark.parametrize("boot_id", [BOOT, "another boot", None])
def test_e10_a_back_off_outlives_restart_and_reboot(boot_id: str | None) -> None:
    """E10: read back from JSON, also after the boot clock has begun anew."""
    state = State.from_json(json.loads(json.dumps(after("rate_limited", 3037.0).to_json())))
    start_s = 1000.0 if boot_id == BOOT else 5.0
    later = at(start_s, wall_s=1.79e9 + 1000.0, boot_id=boot_id)
    assert policy.decide(state, later, "aa") == Decision(False, 2037.0, "backoff")


@pytest.mark.parametrize("kind", ["rate_limited", "unauthorized", "forbidden", "ok"])
def test_e11_another_token_starts_afresh_but_for_the_floor(kind: str) -> None:
    """E11: limits are per token; the 60 s are not."""
    assert first_allowed_s(after(kind, chance=0.5), "bb") == 60.0


def test_e11_another_token_inherits_no_failures() -> None:
    """E11: its first failure backs off like a first failure."""
    state = after("rate_limited", state=after("rate_limited"))
    assert after("rate_limited", state=state, fingerprint="bb").wait_s == 120.0


def test_e12_force_passes_over_the_interval_and_never_the_floor() -> None:
    """E12: forced as soon as 60 s have passed, where nothing but our own patience forbids it."""
    state = after("ok")
    assert first_allowed_s(state) == 180.0
    assert first_allowed_s(state, force=True) == 60.0


@pytest.mark.parametrize("kind", sorted(policy.REFUSALS))
def test_e07_a_refused_token_rests_for_hours_and_force_may_try_it(kind: str) -> None:
    """E07: one transient 401 silenced a token for good, also with --force."""
    state = after(kind)
    assert first_allowed_s(state) == 3600.0
    assert policy.decide(state, at(70.0), "aa").reason == "refused"
    assert first_allowed_s(state, force=True) == 60.0
    assert first_allowed_s(state, "bb") == 60.0


@pytest.mark.parametrize("kind", ["server_error", "rate_limited", "unreachable", "expired"])
def test_a_failure_while_the_login_looked_expired_ends_with_that(kind: str) -> None:
    """A clock that was ahead for a moment kept the API off for hours after it was right again."""
    state = policy.attempted(State(), at(0), "aa", looks_expired=True)
    state = policy.answered(
        state, kind, None, moved=False, near=False, next_reset_s=None, chance=0.0
    )
    while_ahead = policy.decide(state, at(61.0), "aa", looks_expired=True)
    assert while_ahead.ask is (state.wait_s <= 60.0)
    assert policy.decide(state, at(61.0), "aa", looks_expired=False).ask
    assert not policy.decide(state, at(59.0), "aa", looks_expired=False).ask


def test_a_refusal_after_an_outage_begins_its_own_back_off() -> None:
    """Four failures of the network are no reason to rest a token for sixteen hours."""
    state = State()
    for _ in range(4):
        state = after("unreachable", state=state)
    assert after("unauthorized", state=state).wait_s == 3600.0


@pytest.mark.parametrize("force", [False, True])
def test_a_kill_after_the_stamp_costs_the_floor(force: bool) -> None:
    """C01: nothing more is heard of an attempt, which may have left as late as a refresher lives.

    Two requests were 46 s apart: the first one left late, and the 60 s began at its stamp.
    """
    killed = policy.attempted(State(), at(0), "aa")
    assert first_allowed_s(killed, force=force) == 60.0 + LIFETIME_S
    assert first_allowed_s(policy.forgotten(killed), "bb") == 60.0 + LIFETIME_S


@pytest.mark.parametrize("tokens", [["aa", "aa", "aa"], ["aa", "aa", "aa", "bb"]])
def test_a_fourth_use_of_a_token_waits_for_300_seconds_but_for_force(tokens: list[str]) -> None:
    """Three in 300 s are all, also with another token in between; the floor alone binds force."""
    state = State()
    for index, token in enumerate(tokens):
        moment = at(60.0 * index)
        state = policy.finished(policy.attempted(state, moment, token), moment)
    now = at(60.0 * len(tokens))
    decision = policy.decide(state, now, "aa")
    assert (decision.reason, decision.wait_s) == ("burst", 300.0 - 60.0 * len(tokens))
    assert policy.decide(state, now, "aa", force=True).ask


def test_numbers_that_move_bring_the_interval_to_60_seconds() -> None:
    """The interval halves with each change, never below the floor."""
    state, seen = after("ok"), []
    for _ in range(4):
        state = after("ok", state=state, moved=True)
        seen.append(state.wait_s)
    assert seen == [90.0, 60.0, 60.0, 60.0]


def test_numbers_that_stand_still_stretch_the_interval_to_300_seconds() -> None:
    """Half as much again each time, up to 5 minutes."""
    state, seen = State(), []
    for _ in range(5):
        state = after("ok", state=state)
        seen.append(state.wait_s)
    assert seen == [180.0, 270.0, 300.0, 300.0, 300.0]


def test_a_window_near_its_limit_is_watched_every_two_minutes() -> None:
    """However still it stands."""
    state = after("ok", state=after("ok", state=after("ok")))
    assert after("ok", state=state, near=True).wait_s == 120.0


@pytest.mark.parametrize(
    ("next_reset_s", "wait_s"), [(100.0, 105.0), (55.0, 60.0), (30.0, 180.0), (9999.0, 180.0)]
)
def test_a_reset_within_the_interval_is_waited_for(next_reset_s: float, wait_s: float) -> None:
    """The new window is asked for soon after it began, if the floor allows."""
    assert after("ok", next_reset_s=next_reset_s).wait_s == wait_s


def test_news_from_stdin_put_the_api_off_up_to_600_seconds() -> None:
    """Each fresh observation earns 300 s from now, and all together 600 s from the attempt."""
    state = after("ok")
    assert policy.supplied_by_stdin(state, at(100)).wait_s == 400.0
    assert policy.supplied_by_stdin(state, at(290)).wait_s == 590.0
    assert policy.supplied_by_stdin(state, at(500)).wait_s == 600.0
    assert policy.supplied_by_stdin(state, at(5000)).wait_s == 600.0


@given(st.sampled_from(sorted(policy.BACKOFF_S)), st.floats(0, 1e5))
def test_news_from_stdin_leave_a_back_off_alone(kind: str, boot_s: float) -> None:
    """The server's wait is neither shortened nor stretched."""
    state = after(kind, 3037.0)
    assert policy.supplied_by_stdin(state, at(boot_s)) == state


def test_near_limit_looks_at_every_window() -> None:
    """One window at 90 % is enough."""
    calm = Observation("seven_day", "7d", 89.9, None, 1.79e9, "api")
    close = Observation("weekly_opus", "opus", 90.0, None, 1.79e9, "api")
    assert not near_limit([calm])
    assert near_limit([calm, close])
