"""When the API may be asked: what holds over arbitrary histories and for arbitrary files."""

from __future__ import annotations

import itertools
import json
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statusline.refresh import policy
from statusline.refresh.attempts import State
from statusline.system.clock import Stamp

BOOT = "11111111-2222-4333-8444-555555555555"
NOW = Stamp(1.79e9, 1000.0, BOOT)
KINDS = (*policy.BACKOFF_S, *sorted(policy.REFUSALS), "ok", "ok", "ok", "unheard_of")
SIX_HOURS_S = 6 * 3600.0


class Step(NamedTuple):
    """What happens at one moment: time passes, clocks jump, somebody asks, something answers."""

    passes_s: float
    wall_jump_s: float
    token: str
    force: bool
    kind: str
    retry_after_s: float | None
    moved: bool
    chance: float
    killed: bool


ANY_STEP = st.builds(
    Step,
    passes_s=st.one_of(st.floats(0, 130), st.sampled_from([60.0, 300.0, 4000.0, 25000.0])),
    wall_jump_s=st.sampled_from([0.0, 0.0, 0.0, 3600.0, -3600.0, 3.2e8, -3.2e8]),
    token=st.sampled_from(["aa", "aa", "aa", "bb"]),
    force=st.booleans(),
    kind=st.sampled_from(KINDS),
    retry_after_s=st.one_of(st.none(), st.floats(0.1, 1e6)),
    moved=st.booleans(),
    chance=st.floats(0, 1, exclude_max=True),
    killed=st.booleans(),
)
#: What would be asked as often as the floor allows: numbers that move, refreshers that die.
HASTY_STEP = st.builds(
    Step,
    passes_s=st.sampled_from([5.0, 60.0, 66.0]),
    wall_jump_s=st.sampled_from([0.0, -3600.0]),
    token=st.sampled_from(["aa", "aa", "bb"]),
    force=st.sampled_from([False, False, False, True]),
    kind=st.just("ok"),
    retry_after_s=st.none(),
    moved=st.just(True),
    chance=st.just(0.0),
    killed=st.booleans(),
)
STEPS = st.lists(ANY_STEP, max_size=40) | st.lists(HASTY_STEP, min_size=4, max_size=20)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Sent(NamedTuple):
    """One request, by the boot clock, until when the server forbade more, or refused the token."""

    at_s: float
    token: str
    forced: bool
    closed_until_s: float
    refused_until_s: float


def play(steps: list[Step]) -> list[Sent]:
    """The requests that the policy makes of these steps; the state goes through JSON each time."""
    made: list[Sent] = []
    state, boot_s, wall_s = State(salt="5a"), 1000.0, 1.79e9
    for step in steps:
        boot_s += step.passes_s
        wall_s += step.passes_s + step.wall_jump_s
        now = Stamp(wall_s, boot_s, BOOT)
        again = State.from_json(json.loads(json.dumps(state.to_json(), allow_nan=False)))
        assert again.to_json() == state.to_json(), "what was written is what is read"
        state = again
        if not policy.decide(state, now, step.token, force=step.force).ask:
            continue
        state = policy.attempted(state, now, step.token)
        closed_s = refused_until_s = 0.0
        if not step.killed:
            state = policy.answered(
                state,
                step.kind,
                step.retry_after_s,
                moved=step.moved,
                near=False,
                next_reset_s=None,
                chance=step.chance,
            )
            if step.retry_after_s is not None and step.kind in policy.BACKOFF_S:
                closed_s = min(max(step.retry_after_s, 60.0), SIX_HOURS_S)
            if step.kind in policy.REFUSALS and step.retry_after_s is None:
                refused_until_s = boot_s + 3600.0
        made.append(Sent(boot_s, step.token, step.force, boot_s + closed_s, refused_until_s))
    return made


@UNHURRIED
@given(STEPS)
def test_no_two_attempts_are_closer_than_60_seconds(steps: list[Step]) -> None:
    """Whatever is answered, forced, killed, or done to the wall clock and the token."""
    times = [sent.at_s for sent in play(steps)]
    assert all(later - earlier >= 60.0 for earlier, later in itertools.pairwise(times))


@UNHURRIED
@given(STEPS)
def test_no_token_is_used_more_than_three_times_in_300_seconds_without_force(
    steps: list[Step],
) -> None:
    """Nor when another token was used in between."""
    made = play(steps)
    for last in (sent for sent in made if not sent.forced):
        recent = [
            sent
            for sent in made
            if sent.token == last.token and last.at_s - 300.0 < sent.at_s <= last.at_s
        ]
        assert len(recent) <= 3


@UNHURRIED
@given(STEPS)
def test_what_the_server_forbids_is_not_done_even_by_force(steps: list[Step]) -> None:
    """Retry-After is kept up to 6 hours, and a refused token rests for an hour but for force."""
    made = play(steps)
    for earlier, later in itertools.pairwise(made):
        assert earlier.token != later.token or later.at_s >= earlier.closed_until_s - 1e-6
        if earlier.token == later.token and not later.forced:
            assert later.at_s >= earlier.refused_until_s - 1e-6


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(10**400), 10**400) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(State._fields, JSON),
        "attempts": JSON
        | st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys(["wall_s", "boot_s", "boot_id"], JSON))
        ),
    },
)


@UNHURRIED
@given(FIELDS)
def test_any_json_is_read_as_a_sound_state(value: dict[str, object]) -> None:
    """No contents of state.json raise, at reading, deciding or writing; waits stay bounded."""
    state = State.from_json(value)
    decision = policy.decide(state, NOW, "aa")
    assert 0 <= decision.wait_s <= 86400 * 1.1
    json.dumps(state.to_json(), allow_nan=False).encode()
    assert policy.attempted(state, NOW, "aa").attempts[-1].fingerprint == "aa"
