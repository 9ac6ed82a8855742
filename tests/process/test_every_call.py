"""A refresh, and renders that keep something, whose every system call fails in turn."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.capabilities import needs_strace
from tests.support.faulted import CALLS, FAULTS, Fault, Sweep
from tests.support.figures import Note
from tests.support.patience import HANG_S
from tests.support.profile import Profile, quiet_profile
from tests.support.program import argv
from tests.support.real_line import FETCHED, NUMBERS, SAMPLE, fill, known
from tests.support.server import UsageServer


def left_over(profile: Profile) -> list[str]:
    """The names of the temporary files in a cache."""
    return [path.name for path in profile.directory.glob(".tmp-*")]


class Refresh:
    """Refreshes of one home, each with one call that fails."""

    def __init__(self, root: Path, server: UsageServer) -> None:
        self._home = root / "home"
        self._sweep = Sweep(root / "trace", self._home, self._run)
        self._server = server
        self.profile = self._due()
        self._run()  # Python keeps what it compiles

    def _due(self) -> Profile:
        """A home with numbers that are due."""
        shutil.rmtree(self._home, ignore_errors=True)
        made = Profile(self._home, self._server.url)
        fill(made.directory)
        made.let_pass(700)
        return made

    def _run(self, how: tuple[str, ...] = ()) -> CompletedProcess[str]:
        return self.profile.run("refresh", through=how)

    def points(self) -> dict[str, list[int]]:
        """At which calls of a refresh a file of the user's is touched."""
        self.profile = self._due()
        return self._sweep.points()

    def check(self, call: str, error: str, number: int, attempts: int = 4) -> bool:
        """Let one call fail; assert what must hold then, and return whether it was made at all."""
        self.profile = self._due()
        before = self._server.count
        fault = self._sweep.fail(call, error, number)
        if fault is None:
            return False
        if fault.done.returncode == -signal.SIGALRM and attempts > 1:
            return self.check(call, error, number, attempts - 1)  # a busy machine gave it no time
        requests = self._server.count - before
        where = (number, fault.hit, fault.said)
        assert fault.done.returncode in (0, 1), where
        assert fault.said.count("\n") == 1, where
        assert "unexpected" not in fault.said, where
        assert requests <= 1, where
        assert fault.done.returncode == 1 or requests == 1 or "No request" in fault.said, where
        shown = self.profile.shown()
        assert FETCHED.fullmatch(shown) or shown.startswith(NUMBERS.partition(" · ")[0]), where
        self._go_on(where)
        return True

    def _go_on(self, where: tuple[object, ...]) -> None:
        """Let time pass: the next run has its answer, and leaves nothing behind."""
        for name in left_over(self.profile):
            os.utime(self.profile.directory / name, (1, 1))
        self.profile.let_pass(700)
        done = self.profile.run("refresh")
        for _attempt in range(4):
            if done.returncode != -signal.SIGALRM:
                break
            self.profile.let_pass(700)  # a busy machine gave it no time to live
            done = self.profile.run("refresh")
        assert done.returncode == 0, (*where, done.stderr)
        assert FETCHED.fullmatch(self.profile.shown()), where
        assert left_over(self.profile) == [], where


#: What a refresh does not do: others do.
NOT_OF_A_REFRESH = {"rmdir", "readlink", "symlink", "getdents64"}


@needs_strace
@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("call", "error"), [fault for fault in FAULTS if fault[0] not in NOT_OF_A_REFRESH]
)
def test_b01_no_call_of_a_refresh_that_fails_tears_or_lies(
    call: str, error: str, server: UsageServer, tmp_path: Path, figure: Note
) -> None:
    """B01, M12: at each call on a file of the user's, to the last: old or new, and one sentence."""
    refresh = Refresh(tmp_path, server)
    found = refresh.points()[call]
    reached = [refresh.check(call, error, number) for number in found]
    figure("M12", f"a refresh, {call} {error}: {sum(reached)} of {len(found)} reached, 0 torn")


class Render:
    """Renders in one home, each with one call that fails; `arrange` makes it what it is before."""

    def __init__(self, root: Path, surface: str, arrange: Callable[[Profile], None]) -> None:
        self._root = root
        self._surface = surface
        self._arrange = arrange
        self._sweep = Sweep(root / "trace", root / "home", self.run)
        self.profile = self._made()
        self.run()  # Python keeps what it compiles

    def _made(self) -> Profile:
        shutil.rmtree(self._root / "home", ignore_errors=True)
        made = quiet_profile(self._root / "home", with_numbers=True)
        key = "|".join(["1", str(made.directory), *[""] * 18])
        made.environment |= {"CLAUDE_PID": "4711", "STATUSLINE_KEY": key}
        self._arrange(made)
        return made

    def run(self, how: tuple[str, ...] = ()) -> CompletedProcess[str]:
        """One render, with what Claude Code says on stdin."""
        (self._root / "stdin").write_bytes(SAMPLE)
        with (self._root / "stdin").open("rb") as stdin:
            return subprocess.run(
                [*how, *argv(self._surface)],
                env=self.profile.environment,
                stdin=stdin,
                capture_output=True,
                text=True,
                timeout=HANG_S,
                check=False,
            )

    def points(self) -> dict[str, list[int]]:
        """At which calls of a render a file of the user's is touched."""
        self.profile = self._made()
        return self._sweep.points()

    def check(self, call: str, error: str, number: int) -> bool:
        """Let one call fail; assert what must hold then, and return whether it was made at all."""
        self.profile = self._made()
        fault = self._sweep.fail(call, error, number)
        if fault is not None:
            self._hold(fault)
        return fault is not None

    def _hold(self, fault: Fault) -> None:
        where = (fault.hit, fault.said)
        assert fault.done.returncode == 0, where
        assert fault.done.stderr == "", where
        assert fault.done.stdout.count("\n") == 1, where
        assert len(fault.done.stdout) > 1, where
        assert left_over(self.profile) == [] or "unlink(" in fault.hit, where
        line = self.run().stdout
        for path in (*self.profile.directory.glob("segment.*"), *self._lines()):
            assert line.rstrip("\n") in path.read_text().split("\n"), where

    def _lines(self) -> list[Path]:
        """What Claude Code's hook would print again: files whose time has not come."""
        found = self.profile.directory.glob("line.*")
        return [path for path in found if path.stat().st_mtime > self.profile.usage()["written_at"]]


def _nothing(_profile: Profile) -> None:
    """As it is."""


def _hear(profile: Profile) -> None:
    """A session that has no news: its line is left to the hook."""
    session = f"{json.loads(SAMPLE)['session_id']}.4711"
    fill(profile.directory, known(sessions={session: (time.time() + 3600, None, None)}))


def _configure(profile: Profile) -> None:
    """A configuration that nobody has compiled yet."""
    profile.configure('[format]\ndefault = "{five_hour} {seven_day}!"\n')


RENDERS = {
    "tmux": ("tmux", _nothing),
    "claude": ("claude", _hear),
    "configured": ("tmux", _configure),
}


@needs_strace
@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", RENDERS)
def test_b01_no_call_of_a_render_that_fails_costs_its_line(
    kind: str, tmp_path: Path, figure: Note
) -> None:
    """B01, M12: at each call on a file of the user's a line and exit 0; what is kept is whole."""
    render = Render(tmp_path, *RENDERS[kind])
    found = render.points()
    for call, errors in CALLS.items():
        for error in errors if found[call] else ():
            reached = sum([render.check(call, error, number) for number in found[call]])
            seen = f"{reached} of {len(found[call])} reached"
            figure("M12", f"a render ({kind}), {call} {error}: {seen}, 0 torn")
