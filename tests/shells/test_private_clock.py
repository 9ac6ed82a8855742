"""S15 for the hooks: whatever the umask of their shell is, they leave no file open to others."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from tests.shells.prompts import HOSTS, RUN, Scene
from tests.support.look import Looks
from tests.support.patience import HANG_S
from tests.support.real_line import close_gate


def _open_to_others(directory: Path) -> list[str]:
    modes = {path.name: path.lstat().st_mode for path in (directory, *directory.iterdir())}
    return [
        name for name, mode in modes.items() if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) & 0o77
    ]


def _run(scene: Scene, script: str, **more: str) -> None:
    done = subprocess.run(
        [*scene.shell.strict, script],
        env={**scene.environment, "COLUMNS": "100", "TERM": "xterm", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_S,
        check=False,
        umask=0,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_s15_no_prompt_makes_the_clock_file(scene: Scene) -> None:
    """It would have caught `now` with mode 0666 where a prompt came before the refresher."""
    clock = scene.directory / "now"
    clock.unlink()
    prompt = RUN[scene.shell.name]
    _run(scene, f"{scene.shell.source}; {prompt}")
    assert scene.asked == [scene.shell.name]
    assert clock.exists()
    remove = f"command rm {clock}"
    _run(scene, f"{scene.shell.source}; {prompt}; {remove}; {prompt}; {prompt}")
    assert scene.asked == [scene.shell.name] * 2
    assert not _open_to_others(scene.directory)


@pytest.mark.parametrize("name", HOSTS)
def test_s15_no_host_makes_the_clock_file(name: str, tmp_path: Path) -> None:
    """It would have caught the same in the lines of tmux and starship."""
    scene = Scene(tmp_path / "home", HOSTS[name])
    close_gate(scene.directory)
    (scene.directory / "now").unlink()
    for _ in range(2):
        _run(scene, scene.shell.source, STATUSLINE_PROFILE=str(scene.directory))
    assert scene.asked == [name]  # only until the program has made it
    assert not _open_to_others(scene.directory)
    assert scene.profile.wait_until_quiet()


def test_s15_nor_does_claude_codes_line(tmp_path: Path) -> None:
    """It would have caught the same where Claude Code alone shows the segment."""
    looks = Looks(tmp_path / "home")
    looks.through = ("/bin/sh", "-c", 'umask 0; exec /bin/sh "$@"', "sh")
    (looks.directory / "now").unlink()
    assert looks.asked
    for asked in (["claude"], []):
        assert looks.look() == looks.line
        assert looks.asked == asked
    assert not _open_to_others(looks.directory)
    assert looks.profile.wait_until_quiet()
