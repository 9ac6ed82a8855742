"""What is installed names only what no upgrade moves, and says so where all of it is gone."""

from __future__ import annotations

import json
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from statusline.system.environ import Environment
from statusline.wiring import kept_hooks, tmux
from statusline.wiring.installation import DEAD, GONE
from tests.support.canary import Scratch
from tests.support.house import FILES, HOOKS, House
from tests.support.launcher import DEAD_LAUNCHERS, make_launcher
from tests.support.look import with_tool
from tests.support.real_line import NUMBERS, fill
from tests.support.stdin import run_fed


@pytest.fixture
def house() -> Iterator[House]:
    """A home with known numbers."""
    with Scratch(prefix="house-", ignore_cleanup_errors=True) as base:
        home = House(Path(base, "home"), make_launcher(Path(base, "bin")))
        fill(Path(Environment(home.environment).profile_dir or ""))
        yield home


def kept(house: House) -> Path:
    """Where the copies of the hooks are."""
    return house.home / ".local/share/statusline/hooks"


def command(house: House, surface: str) -> str:
    """The installed command of a surface, as its host hands it to the shell."""
    path = house.home / FILES[surface]
    if surface == "claude":
        return str(json.loads(path.read_text())["statusLine"]["command"])
    if surface == "tmux":
        return tmux.HOST.argv(path.read_bytes())[-1]
    return str(tomllib.loads(path.read_text())["custom"]["claude"]["command"])


def shown(house: House, surface: str, shell: str = "/bin/sh") -> str:
    """What the shell prints for it."""
    done = run_fed(
        [*shlex.split(shell), "-c", command(house, surface)],
        env=house.environment,
        input=b'{"model":{"display_name":"Claude"}}\n',
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return str(done.stdout, "utf-8")


def test_installed_lines_name_no_directory_of_a_python(house: House) -> None:
    """It would have caught `lib/python3.11/…/hooks`, which is gone with the next Python."""
    names = [name for name in FILES if name != "p10k"]
    house.ok("install", *names, "--yes")
    for name in names:
        text = (house.home / FILES[name]).read_text()
        assert f"{kept(house)}/" in text, name
        assert str(HOOKS) not in text, name
    copies = {path.name: path.read_bytes() for path in kept(house).iterdir()}
    assert copies.pop("version")
    assert copies == {path.name: path.read_bytes() for path in HOOKS.iterdir() if path.is_file()}
    house.ok("uninstall", "--all", "--yes")
    assert not kept(house).parent.exists()


@pytest.mark.parametrize("surface", ["claude", "starship"])
def test_a_line_shows_something_whatever_is_gone(house: House, surface: str) -> None:
    """H16: it would have caught the blank line that was left of a program in an emptied cache."""
    house.ok("install", surface, "--yes")
    launcher = Path(house.environment.pop("STATUSLINE_BIN"))
    elsewhere = make_launcher(house.home / "programs").parent
    house.environment["NO_COLOR"] = "1"  # as a hook that asks the program each time
    house.environment["PATH"] = "/usr/bin:/bin"
    assert NUMBERS in shown(house, surface)
    for goes, said in ((launcher, GONE), (kept(house), DEAD)):
        goes.rename(f"{goes}.gone")
        house.environment["PATH"] = "/usr/bin:/bin"
        assert shown(house, surface) == f"{said}\n"
        house.environment["PATH"] = f"{elsewhere}:/usr/bin:/bin"
        assert NUMBERS in shown(house, surface)


SHELLS = [
    pytest.param(shell, marks=with_tool(shell.split()[0]))
    for shell in ("dash", "bash --posix", "busybox sh")
]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("surface", ["claude", "starship", "tmux"])
@pytest.mark.parametrize("what", DEAD_LAUNCHERS)
def test_a_line_says_that_its_program_cannot_start(
    house: House, what: str, surface: str, shell: str
) -> None:
    """H16: it would have caught the blank line that an upgrade of Python left."""
    house.ok("install", surface, "--yes")
    elsewhere = make_launcher(house.home / "programs").parent
    house.environment |= {"NO_COLOR": "1", "PATH": "/usr/bin:/bin"}  # each look asks the program
    assert NUMBERS in shown(house, surface, shell)
    launcher = Path(house.environment["STATUSLINE_BIN"])
    launcher.write_text(DEAD_LAUNCHERS[what])
    assert shown(house, surface, shell) == f"{DEAD}\n"
    house.environment["PATH"] = f"{elsewhere}:/usr/bin:/bin"
    assert NUMBERS in shown(house, surface, shell)
    shutil.rmtree(kept(house))
    house.environment["PATH"] = f"{launcher.parent}:/usr/bin:/bin"
    assert shown(house, surface, shell) == f"{DEAD}\n"


@pytest.mark.parametrize(
    ("place", "instead"),
    [
        (".cache/uv/archive-v0/x1/bin", "uv tool install usage-statusline"),
        (".local/share/pipx/.cache/x1/bin", "pipx install usage-statusline"),
        ("tmp/venv/bin", "pipx install usage-statusline"),
    ],
)
def test_a_program_that_will_be_cleared_away_is_not_installed(
    house: House, place: str, instead: str
) -> None:
    """It would have caught a path into uv's cache, which `uv cache prune` empties."""
    launcher = make_launcher(house.home / place)
    house.environment |= {"STATUSLINE_BIN": str(launcher), "TMPDIR": f"{house.home}/tmp"}
    before = house.tree()
    done = house.run("install", "claude", "--yes")
    assert done.returncode == 1
    assert instead in done.stderr
    assert house.tree() == before


def test_the_doctor_names_what_is_gone_and_its_command_mends_it(house: House) -> None:
    """It would have caught a line that asks Python at each look, since its hook was gone."""
    house.ok("install", "claude", "--yes")
    shutil.rmtree(kept(house))
    checks = {
        each["name"]: each for each in json.loads(house.run("doctor", "--json").stdout)["checks"]
    }
    found = checks["claude line"]
    assert "hooks/claude-code.sh, which is gone" in found["what"]
    house.ok(*found["fix"].split()[1:], "--yes")
    assert (kept(house) / "claude-code.sh").is_file()


def test_a_newer_version_brings_the_hooks_up_to_date_and_an_older_one_leaves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies would have stayed what they were at the first install."""
    data_dir = tmp_path / "share"
    kept_hooks.renew(str(data_dir))
    assert not data_dir.exists()  # nothing is installed
    data_dir.mkdir()
    kept_hooks.keep(str(data_dir))
    hook = data_dir / "hooks" / "prompt.bash"
    whole = hook.read_bytes()
    hook.write_text("# of another version\n")
    monkeypatch.setattr("statusline.__version__", "0.0.9")
    kept_hooks.renew(str(data_dir))
    assert hook.read_text() == "# of another version\n"
    monkeypatch.setattr("statusline.__version__", "0.10.0")
    kept_hooks.renew(str(data_dir))
    assert hook.read_bytes() == whole
    assert (data_dir / "hooks" / "version").read_text() == "0.10.0\n"


def test_a_refresher_brings_the_hooks_up_to_date(house: House) -> None:
    """Whoever upgrades runs no `install` again: the next refresh in the background has to do it."""
    house.ok("install", "claude", "--yes")
    hook = kept(house) / "claude-code.sh"
    hook.write_text("# of an older version\n")
    house.ok("refresh", "--background")
    assert hook.read_bytes() == (HOOKS / "claude-code.sh").read_bytes()
