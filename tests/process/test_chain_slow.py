"""A slow status line above ours: ours at once, its own once it is there, one run at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from statusline.segment import chained_line
from tests.support.house import House
from tests.support.launcher import make_launcher
from tests.support.patience import HANG_S, wait_until
from tests.support.real_line import SAMPLE
from tests.support.slot import OURS, Slot, processes_in, sample

Make = Callable[..., Slot]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make a slot; by default ours does not wait longer than a moment."""
    made = []

    def new(*, patience_s: float = 0.05, haste_s: float = 0.05, bound_s: float = 600.0) -> Slot:
        made.append(Slot(tmp_path, patience_s=patience_s, haste_s=haste_s, bound_s=bound_s))
        return made[-1]

    yield new
    for slot in made:
        slot.clear()


@pytest.fixture
def slot(make: Make) -> Slot:
    """A slot in which ours does not wait longer than a moment."""
    return make()


def cancel(render: subprocess.Popen[bytes]) -> None:
    """End a render and its previous command, as Claude Code does for a newer one."""
    os.killpg(render.pid, signal.SIGKILL)
    render.communicate(timeout=HANG_S)


def test_ours_comes_first_and_the_slow_one_on_a_later_render(slot: Slot) -> None:
    """It was killed for ever after 2 s, while Claude Code itself would have waited."""
    slot.set("echo early; hold; echo late")
    (ours,) = slot.lines()
    assert OURS in ours
    slot.finish()
    *theirs, ours = slot.lines()
    assert theirs == ["early", "late"]
    assert OURS in ours
    wait_until(lambda: slot.starts == 2, "the next run")


def test_many_renders_start_it_once(slot: Slot) -> None:
    """Renders that come while it runs, also at the same time, add no further run of it."""
    slot.set("hold; echo late")
    for _ in range(3):
        slot.lines()
    renders = [slot.start() for _ in range(4)]
    for render in renders:
        (ours,) = slot.shown(render)
        assert OURS in ours
    slot.finish()
    assert slot.starts == 1


def test_a_line_that_is_known_stays_while_the_next_one_runs(slot: Slot) -> None:
    """It would flicker if it was shown only by the render that finds it done."""
    slot.set("hold; echo late")
    slot.lines()
    slot.finish()
    for _ in range(3):
        assert slot.lines()[:-1] == ["late"]
    slot.finish()
    assert slot.starts == 2


def test_a_long_stdin_reaches_one_that_reads_it_late(slot: Slot) -> None:
    """What does not fit into a pipe is fed on after our render has ended."""
    data = sample("s").rstrip(b"}\n") + b',"x":"' + b"y" * 200_000 + b'"}\n'
    slot.set("hold; wc -c")
    assert len(slot.lines(data=data)) == 1
    slot.finish()
    assert int(slot.lines(data=data)[0]) == len(data)


def test_two_sessions_do_not_mix(slot: Slot) -> None:
    """Each session has its own run, and sees its own line."""
    slot.set("read -r json; hold; case $json in *first*) echo one ;; *) echo two ;; esac")
    for session in ("first", "second"):
        assert len(slot.lines(data=sample(session))) == 1
    wait_until(lambda: slot.starts == 2, "a run of each session")
    slot.finish()
    assert slot.lines(data=sample("first"))[:-1] == ["one"]
    assert slot.lines(data=sample("second"))[:-1] == ["two"]
    assert len(slot.lines(data=sample("third"))) == 1


def test_one_that_is_quick_again_is_waited_for_again(make: Make) -> None:
    """One slow run does not let every later line be the one before."""
    slot = make(patience_s=60.0, haste_s=0.05)
    slot.set("read -r json; [ -e free ] || hold; cat said")
    (slot.directory / "said").write_text("first\n")
    with slot.start(sample("s")) as render:  # one that was cancelled long ago
        wait_until(lambda: slot.starts, "its start")
        cancel(render)
    (lock,) = slot.cache.glob("*/above.*.lock")
    os.utime(lock, (time.time() - 100, time.time() - 100))
    assert len(slot.lines(data=sample("s"))) == 1
    slot.finish()
    (slot.directory / "free").touch()
    (slot.directory / "said").write_text("second\n")
    assert slot.lines(data=sample("s"))[0] in ("first", "second")
    wait_until(slot.is_idle, "the end of a run that was perhaps not waited for")
    (slot.directory / "said").write_text("third\n")
    assert slot.lines(data=sample("s"))[0] == "third"


def test_a_cancelled_render_takes_its_quick_previous_line_with_it(make: Make) -> None:
    """What Claude Code cancels before our patience is over ends, and blocks nobody."""
    slot = make(patience_s=60.0)
    slot.set("hold; echo late")
    with slot.start() as render:
        wait_until(lambda: slot.starts, "its start")
        cancel(render)
    wait_until(lambda: not slot.processes(), "the end of the previous command")
    slot.gate.touch()
    assert slot.lines()[:-1] == ["late"]


def test_a_killed_runner_blocks_nobody(slot: Slot) -> None:
    """The lock ends with whoever holds it, and leaves no stale one behind."""
    slot.set("hold; echo late")
    slot.lines()
    os.kill(slot.runner(), signal.SIGKILL)
    wait_until(slot.is_idle, "the end of the lock")
    assert len(slot.lines()) == 1
    wait_until(lambda: slot.starts == 2, "another run")
    slot.finish()
    assert slot.lines()[:-1] == ["late"]


@pytest.mark.parametrize(
    "hang",
    ["sleep 600", "(sleep 600; :)", "trap '' TERM; sleep 600; :", "sleep 600 | cat"],
)
def test_one_that_hangs_is_ended_with_its_children(make: Make, hang: str) -> None:
    """There is a bound, and no process is left behind it."""
    slot = make(bound_s=0.3)
    assert len(slot.lines(hang)) == 1
    wait_until(slot.is_idle, "the end of the hanging command")
    wait_until(lambda: not slot.processes(), "the end of its children")


def test_what_was_printed_before_the_bound_is_shown(make: Make) -> None:
    """Some print their line and then wait for what never comes."""
    slot = make(bound_s=4.0)
    assert len(slot.lines("echo first; hold")) == 1
    wait_until(slot.is_idle, "the end of the hanging command")
    assert slot.lines()[:-1] == ["first"]


def test_the_bound_is_longer_than_claude_code_has_been_seen_to_wait() -> None:
    """Nothing is ended that Claude Code would have shown."""
    assert chained_line.BOUND_S > 40


def test_it_ends_with_claude_code(slot: Slot) -> None:
    """Claude Code ends a running status line when it exits; nothing outlives it by a minute."""
    with subprocess.Popen(["sleep", "600"]) as claude:
        slot.lines("hold; echo late", CLAUDE_PID=str(claude.pid))
        wait_until(lambda: slot.starts, "its start")
        claude.kill()
    wait_until(lambda: not slot.processes(), "the end of the previous command")
    wait_until(slot.is_idle, "the end of its runner")


def test_without_a_place_to_keep_it_ours_waits(slot: Slot) -> None:
    """Else renders would pile up runs, or a slow line would never be seen."""
    slot.cache.write_text("a file where a directory should be")
    slot.set("hold; echo late")
    render = slot.start()
    wait_until(lambda: slot.starts, "its start")
    slot.gate.touch()
    theirs, ours = slot.shown(render)
    assert theirs == "late"
    assert OURS in ours


def test_a_render_leaves_it_without_its_descriptors(slot: Slot) -> None:
    """Claude Code waits for the end of a pipe that a runner in the background would hold."""
    slot.set("hold")
    slot.lines()
    handles = f"/proc/{slot.runner()}/fd"
    opened = {os.readlink(f"{handles}/{name}") for name in os.listdir(handles)}
    pipes = {name for name in opened if name.startswith("pipe:")}
    assert len(pipes) == 1  # the previous command's stdout
    assert {name for name in opened - pipes if ".lock" not in name} == {"/dev/null"}
    slot.finish()


def test_what_is_kept_is_private_and_bounded(slot: Slot) -> None:
    """It may hold a branch or a directory; sessions come and go by the hundred."""
    slot.lines("echo mine", data=sample("first"))
    wait_until(slot.is_idle, "the end of the previous command")
    (kept,) = slot.kept()
    assert kept.read_text() == "mine\n"
    assert [path.stat().st_mode & 0o777 for path in kept.parent.glob("above.*")] == [0o600, 0o600]
    for number in range(2 * chained_line.KEPT_MOST):
        for name in (f"above.{number:016x}", f"above.{number:016x}.lock"):
            (kept.parent / name).touch(mode=0o600)
    slot.lines(data=sample("last"))
    wait_until(lambda: len(slot.kept()) == chained_line.KEPT_MOST, "no more than so many")
    assert len([*kept.parent.glob("above.*.lock")]) == chained_line.KEPT_MOST


def test_uninstall_leaves_nothing_of_it(tmp_path: Path) -> None:
    """What another program printed stays in no cache once nothing shows it, and nothing runs on."""
    house = House(tmp_path / "home", make_launcher(tmp_path / "bin"))
    settings = house.home / ".claude" / "settings.json"
    settings.parent.mkdir()
    gate, started = tmp_path / "open", tmp_path / "started"
    previous = f"cd {tmp_path}; echo x >>started; until [ -e {gate} ]; do sleep 0.02; done; echo x"
    settings.write_text(json.dumps({"statusLine": {"type": "command", "command": previous}}))
    house.ok("install", "claude", "--yes")
    line = json.loads(settings.read_text())["statusLine"]["command"]
    with subprocess.Popen(["sh", "-c", line], env=house.environment, stdin=-1, stdout=-1) as render:
        render.communicate(SAMPLE, timeout=HANG_S)
    assert started.exists()
    assert [*house.home.glob(".cache/statusline/*/above.*")]
    house.ok("uninstall", "claude", "--yes")
    wait_until(lambda: not processes_in(tmp_path), "the end of the previous command")
    assert not [*house.home.glob(".cache/statusline/*/above.*")]


def test_a_line_of_yesterday_is_not_shown(slot: Slot) -> None:
    """A session that is resumed has no line yet, as in Claude Code itself."""
    slot.lines("echo mine")
    wait_until(slot.is_idle, "the end of the previous command")
    (kept,) = slot.kept()
    old_s = time.time() - chained_line.KEPT_S - 60
    os.utime(kept, (old_s, old_s))
    assert len(slot.lines("hold")) == 1
    slot.finish()
