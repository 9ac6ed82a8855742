"""`statusline install` and `uninstall` whose every system call fails in turn (P12)."""

from __future__ import annotations

import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.capabilities import needs_strace
from tests.support.faulted import FAULTS, Fault, Sweep
from tests.support.figures import Note
from tests.support.house import FILES, FOREIGN, LINES, House

SURFACES = ("claude", "zsh")
Tree = dict[str, tuple[int, bytes]]


class Swept:
    """A house before and after an installation, to be had again as it was."""

    def __init__(self, house: House, root: Path) -> None:
        self.house = house
        self._copies = {"install": root / "before", "uninstall": root / "after"}
        settings = house.home / FILES["claude"]
        settings.parent.mkdir()
        settings.write_bytes(FOREIGN)
        settings.chmod(0o600)  # it may hold a key, and stays as private as it was
        (house.home / FILES["zsh"]).write_bytes(LINES)
        (house.home / ".local/share/statusline").mkdir(parents=True)  # as install.sh leaves it
        self.before = self._keep("install")
        house.ok("install", *SURFACES, "--yes")
        self.after = self._keep("uninstall")

    def _keep(self, verb: str) -> Tree:
        shutil.copytree(self.house.home, self._copies[verb], symlinks=True)
        return self.house.tree()

    def reset(self, verb: str) -> None:
        """Make everything as it is before this verb."""
        shutil.rmtree(self.house.home)
        shutil.copytree(self._copies[verb], self.house.home, symlinks=True)

    def check(self, verb: str, fault: Fault) -> None:
        """Assert what must hold after a run with one call that failed."""
        house, where = self.house, (fault.hit, fault.said)
        assert fault.done.returncode in (0, 1), where
        assert not any(word in fault.said for word in ("Traceback", "unexpected")), where
        assert fault.done.returncode == 0 or fault.done.stderr.startswith("Error: "), where
        assert fault.done.stderr.count("\n") <= 1, where
        for name in (FILES[surface] for surface in SURFACES):
            assert house.seen(house.home / name) in (self.before[name], self.after[name]), where
        if fault.done.returncode == 0 and "unlink(" not in fault.hit and "rmdir(" not in fault.hit:
            assert house.tree() == (self.after if verb == "install" else self.before), where
        house.ok("install", *SURFACES, "--yes")
        assert house.tree() == self.after, where
        house.ok("uninstall", "--all", "--yes")
        assert house.tree() == self.before, where


@needs_strace
@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("verb", ["install", "uninstall"])
@pytest.mark.parametrize(("call", "error"), FAULTS)
def test_i11_no_call_that_fails_leaves_half_an_installation(
    verb: str, call: str, error: str, house: House, tmp_path: Path, figure: Note
) -> None:
    """I11, M12: old or new at each call on a file of the user's; and it says so.

    What follows ends as if nothing had been disturbed.
    """

    def run(how: tuple[str, ...]) -> CompletedProcess[str]:
        return house.run(verb, *SURFACES, "--yes", through=how)

    swept, sweep = Swept(house, tmp_path), Sweep(tmp_path / "trace", house.home, run)
    swept.reset(verb)
    found, reached = sweep.points()[call], 0
    for number in found:
        swept.reset(verb)
        fault = sweep.fail(call, error, number)
        if fault is not None:
            swept.check(verb, fault)
            reached += 1
    figure("M12", f"{verb}, {call} {error}: {reached} of {len(found)} reached, 0 torn")
