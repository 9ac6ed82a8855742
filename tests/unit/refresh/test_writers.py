"""The one writer among many processes, in every order of their steps (`tests.support.writers`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from statusline.refresh import state_file, update
from statusline.segment import prerendered
from tests.support.figures import Note
from tests.support.writers import Writers
from tests.support.writers_world import WritersWorld

RUNS, HAPPENINGS, MANY_STEPS = 4, 15, 100_000
#: Of a search that looks for what is not there, and of one that has to find what is; each in one
#: go, since with a given seed the next one would do the same again.
MANY_RUNS, MOST_RUNS, MANY_HAPPENINGS = 150, 3000, 50


def search(runs: int, happenings: int = HAPPENINGS, **how: Any) -> None:
    """Let so many times so much happen."""
    machine = settings(
        max_examples=runs,
        stateful_step_count=happenings,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **how,
    )
    run_state_machine_as_test(Writers, settings=machine)


@pytest.fixture
def writers() -> Iterator[Writers]:
    """One profile whose numbers are known, and no process at work."""
    made = Writers()
    made.wait(61.0)
    yield made
    made.teardown()


def test_no_order_of_steps_breaks_a_promise() -> None:
    """One request in 60 s, segments as the snapshot says, numbers that neither fall nor get lost.

    It would have caught two requests 46 s apart, and false segments left by killed processes.
    """
    before, requests = WritersWorld.steps, WritersWorld.requests
    search(RUNS)
    assert WritersWorld.steps - before > 5 * RUNS * HAPPENINGS
    assert WritersWorld.requests - requests > RUNS, "no more than each machine's first"


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_a_hundred_thousand_steps_break_no_promise(figure: Note) -> None:
    """The same, M01: searched anew each time."""
    before, requests = WritersWorld.steps, WritersWorld.requests
    search(MANY_RUNS, MANY_HAPPENINGS)
    steps, requests = WritersWorld.steps - before, WritersWorld.requests - requests
    figure("M01", f"1, {steps} steps, {requests} requests")
    assert steps >= MANY_STEPS


def killed_after_a_late_request(writers: Writers) -> None:
    """Let a request leave 19 s after its stamp and its refresher be killed; others follow."""
    writers.refresh(force=True)
    writers.go_on_to(0, "connect")
    writers.wait(19.0)
    writers.advance(writers.processes[0], 1)
    before = len(writers.sent)
    for _ in range(3):
        writers.wait(20.5)
        writers.refresh(force=True)
        writers.finish(0)
    assert len(writers.sent) == before + 1, "closer"


def overtaken_by_a_refresher(writers: Writers) -> None:
    """Let a render put an old segment in place of a new one, as if killed after that."""
    writers.prompt("tmux")
    writers.go_on_to(0, "rename")
    writers.use(300)
    writers.refresh(force=True)
    writers.finish(1)
    writers.advance(writers.processes[0], 1)
    writers.finish(0)


def killed_while_it_publishes(writers: Writers) -> None:
    """Let a refresher be killed after it has published, and a render leave something before."""
    writers.use(300)
    writers.refresh(force=True)
    for _stamp_state_and_usage in range(3):
        writers.go_on_to(0, "replace")
    writers.prompt("tmux")
    writers.finish(1)
    writers.advance(writers.processes[0], 1)
    writers.kill(writers.processes[0])
    writers.check()


@pytest.mark.parametrize(
    "kill", [killed_after_a_late_request, overtaken_by_a_refresher, killed_while_it_publishes]
)
def test_c01_whoever_is_killed_leaves_nothing_false(
    kill: Callable[[Writers], None], writers: Writers
) -> None:
    """C01: requests were 46 s apart, and for up to a minute prompts showed what was not so."""
    kill(writers)


def test_a_clock_that_is_set_meanwhile_leaves_no_segment(writers: Writers) -> None:
    """A line made an hour ahead said "1h old" for an hour: its time was of another clock."""
    writers.overtaken(
        kind="forced", stop=("replace", 1), after_s=61.0, other="forced", more=1, is_killed=False
    )
    writers.set_clock(offset_s=3600.0)
    writers.go_on(number=0, changes=1, is_killed=False)
    writers.go_on(number=0, changes=1, is_killed=False)
    writers.set_clock(offset_s=0.0)
    writers.go_on(number=0, changes=10_000, is_killed=False)
    writers.check()


def _no_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt is on the disk once it is over."""
    real = update.Update.stamp_attempt

    def stamped_in_memory(self: update.Update) -> None:
        with mock.patch.object(state_file, "save"):
            real(self)

    monkeypatch.setattr(update.Update, "stamp_attempt", stamped_in_memory)


def _no_last_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was published meanwhile, a render's segment counts."""
    monkeypatch.setattr(prerendered, "is_latest", lambda *_arguments: True)


def _segments_while_it_publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old segments go, and new ones may come before the snapshot does."""
    monkeypatch.setattr(prerendered, "close", prerendered.remove_all)


@pytest.mark.control
@pytest.mark.parametrize(
    ("mistake", "kill"),
    [
        (_no_stamp, killed_after_a_late_request),
        (_no_last_look, overtaken_by_a_refresher),
        (_segments_while_it_publishes, killed_while_it_publishes),
    ],
)
def test_the_model_sees_each_mistake(
    mistake: Callable[[pytest.MonkeyPatch], None],
    kill: Callable[[Writers], None],
    writers: Writers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: with a broken rule a promise is broken, and that is seen."""
    mistake(monkeypatch)
    with pytest.raises(AssertionError, match=r"another|closer"):
        kill(writers)


@pytest.mark.full
@pytest.mark.control
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("mistake", "promise"),
    [
        (_no_stamp, "closer"),
        (_no_last_look, "another"),
        (_segments_while_it_publishes, "another"),
    ],
)
def test_the_search_finds_each_mistake_by_itself(
    mistake: Callable[[pytest.MonkeyPatch], None],
    promise: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: a search too weak for mistakes that were made would find no new one.

    The one before found none of the three in a hundred thousand steps.
    """
    mistake(monkeypatch)
    with pytest.raises(AssertionError, match=promise):
        search(MOST_RUNS, MANY_HAPPENINGS, phases=[Phase.generate], report_multiple_bugs=False)
