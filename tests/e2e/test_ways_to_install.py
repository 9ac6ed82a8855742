"""uv, pipx and pip themselves: what was put in place outlives a new Python and an emptied cache."""

from __future__ import annotations

import json
import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from statusline.wiring.installation import GONE
from tests.support.patience import HANG_S

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
NAME = "usage-statusline"
needs_uv = pytest.mark.skipif(not UV.is_file(), reason="uv is not installed")


class Owner(NamedTuple):
    """Somebody with a home, the wheel, and an older and a newer Python."""

    home: Path
    environment: dict[str, str]
    wheel: Path
    old: str
    new: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the home, without a terminal."""
        return subprocess.run(
            command,
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            check=False,
        )

    def ok(self, *command: str) -> str:
        """Run a command that has to succeed; return what it prints."""
        done = self.run(*command)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def shown(self) -> str:
        """What Claude Code's line prints."""
        settings = json.loads((self.home / ".claude" / "settings.json").read_text())
        return self.ok("/bin/sh", "-c", settings["statusLine"]["command"] + " </dev/null")


def newer_python() -> str:
    """A newer Python than this one, on PATH or one of pyenv's; "" where there is none."""
    home = pwd.getpwuid(os.getuid()).pw_dir  # HOME is a test's own
    versions = Path(os.environ.get("PYENV_ROOT") or f"{home}/.pyenv") / "versions"
    for minor in range(14, sys.version_info.minor, -1):
        name = f"python3.{minor}"
        for path in (shutil.which(name), *versions.glob(f"3.{minor}.*/bin/{name}")):
            asks = [str(path), "-c", "import sys, venv, ensurepip; print(sys.executable)"]
            if path and subprocess.run(asks, capture_output=True, check=False).returncode == 0:
                return str(path)
    return ""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    directory = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=HANG_S)
    return next(directory.glob("*.whl"))


@pytest.fixture
def owner(tmp_path: Path, wheel: Path) -> Owner:
    """A fresh home in which nothing of this machine's settings counts."""
    home = tmp_path / "home"
    home.mkdir()
    kept = (
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONFIG_FILE", "UV_INDEX_URL", "LANG"),
        *("UV_DEFAULT_INDEX", "SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"),
    )
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(home), "PATH": f"{home}/.local/bin:/usr/bin:/bin", "NO_COLOR": "1"}
    return Owner(home, environment, wheel, os.path.realpath(sys.executable), newer_python())


def with_uv(owner: Owner, python: str) -> None:
    """Install as `uv tool` does, in place of what it had."""
    owner.ok(str(UV), "tool", "install", "--reinstall", "--python", python, str(owner.wheel))


def with_pipx(owner: Owner, python: str) -> None:
    """Install as pipx does, in place of what it had."""
    pipx = (str(UV), "tool", "run", "pipx")
    owner.ok(*pipx, "install", "--force", "--python", python, str(owner.wheel))


def with_pip(owner: Owner, python: str) -> None:
    """Install with pip into a venv of the user's own, made anew for another Python."""
    owner.ok(python, "-m", "venv", "--clear", f"{owner.home}/venv")
    owner.ok(f"{owner.home}/venv/bin/python", "-m", "pip", "install", str(owner.wheel))
    target = owner.home / ".local" / "bin"
    target.mkdir(parents=True, exist_ok=True)
    (target / "statusline").unlink(missing_ok=True)
    (target / "statusline").symlink_to(owner.home / "venv" / "bin" / "statusline")


@needs_uv
@pytest.mark.parametrize("install", [with_uv, with_pipx, with_pip])
def test_a_new_python_an_emptied_cache_and_a_removed_program_leave_no_blank_line(
    owner: Owner, install: Callable[[Owner, str], None]
) -> None:
    """It would have caught `lib/python3.11/…` in the line: nothing was shown after an upgrade."""
    if not owner.new:
        pytest.skip("there is no newer Python on this machine")
    install(owner, owner.old)
    owner.ok("statusline", "install", "claude", "--yes")
    settings = owner.home / ".claude" / "settings.json"
    before = settings.read_text()
    assert f"{owner.home}/.local/bin/statusline;" in before
    assert "lib/python" not in before
    assert "usage: " in owner.shown()
    install(owner, owner.new)
    owner.ok(str(UV), "cache", "clean")
    assert "usage: " in owner.shown()
    owner.ok("statusline", "install", "claude", "--yes")
    assert settings.read_text() == before
    (owner.home / ".local" / "bin" / "statusline").unlink()
    assert owner.shown() == f"{GONE}\n"


@needs_uv
@pytest.mark.parametrize("tool", ["uv", "pipx"])
def test_the_ways_that_the_page_names_work_from_a_checkout(owner: Owner, tool: str) -> None:
    """What the wheel leaves out, or an extra that was renamed, would show there first."""
    text = (ROOT / "docs" / "install.md").read_text("utf-8")
    (line,) = re.findall(rf"^{tool} (?:tool )?install .+$", text, re.MULTILINE)
    checkout = owner.home / "checkout"
    for name in ("statusline", "hooks"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout / name)
    run = (str(UV), "tool", "run", "pipx") if tool == "pipx" else (str(UV),)
    words = shlex.split(line)[1:]
    done = owner._replace(home=checkout).run(*run, *words, "--python", owner.old)
    assert done.returncode == 0, done.stderr
    launcher = Path(os.path.realpath(owner.home / ".local" / "bin" / "statusline"))
    owner.ok(str(launcher.with_name("python")), "-c", "import textual")  # what [watch] is for
    owner.ok("statusline", "install", "claude", "--yes")
    assert "usage: " in owner.shown()


@needs_uv
@pytest.mark.parametrize(
    ("runner", "instead"),
    [
        (("tool", "run", "--from", "WHEEL", NAME), f"uv tool install {NAME}"),
        (("tool", "run", "pipx", "run", "--spec", "WHEEL", NAME), f"pipx install {NAME}"),
    ],
)
def test_a_program_that_is_run_once_starts_and_is_not_put_in_place(
    owner: Owner, runner: tuple[str, ...], instead: str
) -> None:
    """It would have caught `uvx usage-statusline`, which found no script of that name."""
    command = [str(owner.wheel) if word == "WHEEL" else word for word in runner]
    assert "statusline" in owner.ok(str(UV), *command, "--version")
    done = owner.run(str(UV), *command, "install", "claude", "--yes")
    assert done.returncode == 1
    assert f"`{instead}`" in done.stderr
    assert not (owner.home / ".claude").exists()
    assert shutil.which("statusline", path=f"{owner.home}/.local/bin") is None
