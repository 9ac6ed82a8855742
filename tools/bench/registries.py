"""Getting peers from npm and PyPI, bounded in time, and saying in one sentence what went wrong."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import platform
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_S = 60


class MissingError(Exception):
    """A peer cannot be had here; ``str`` says why."""


def npm(directory: str, package: str) -> str:
    """Install ``package`` into a folder of its own and return that; no script of it is run."""
    if shutil.which("npm") is None:
        raise MissingError("npm is not installed")
    os.makedirs(directory, exist_ok=True)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    cache = f"--cache={directory}/.npm"
    _run("npm", "install", *quiet, cache, "--prefix", directory, package)
    return directory


def npm_version(directory: str, package: str) -> str:
    """Return the version of an installed npm package."""
    with open(f"{directory}/node_modules/{package}/package.json", encoding="utf-8") as file:
        return str(json.load(file)["version"])


def newest_npm(package: str) -> str:
    """Return the newest version of ``package`` that the registry offers."""
    return _run("npm", "view", package, "version", "--loglevel=error").strip()


def npm_platform() -> str:
    """Return this machine as npm's platform packages name it, like "linux-x64"."""
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(platform.machine())
    return f"{sys.platform}-{machine or platform.machine()}"


def pypi(directory: str, package: str, python: str = sys.executable) -> str:
    """Install ``package`` into a venv of its own and return that."""
    if not os.path.exists(f"{directory}/bin/python"):
        _run(python, "-I", "-m", "venv", directory)
    pip = (f"{directory}/bin/python", "-I", "-m", "pip", "--disable-pip-version-check")
    _run(*pip, "install", "-qq", "--no-cache-dir", package)
    return directory


def pypi_version(directory: str, package: str) -> str:
    """Return the version of a package in a venv."""
    code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    return _run(f"{directory}/bin/python", "-I", "-c", code, package).strip()


def python_from(minor: int) -> str:
    """Return an interpreter of Python 3.``minor`` or later; raises ``MissingError``."""
    for candidate in _pythons(minor):
        with contextlib.suppress(MissingError):
            probe = f"import sys, venv, ensurepip; sys.exit(sys.version_info < (3, {minor}))"
            _run(candidate, "-I", "-c", probe)
            return candidate
    raise MissingError(f"needs Python 3.{minor} or later")


def _pythons(minor: int) -> Iterator[str]:
    yield sys.executable
    for number in range(minor, minor + 5):
        yield f"python3.{number}"
        yield from glob.glob(os.path.expanduser(f"~/.pyenv/versions/3.{number}*/bin/python3"))


def _run(*argv: str) -> str:
    """Return what a command prints; raises ``MissingError`` with the last line it complained."""
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MissingError(f"{os.path.basename(argv[0])} took over {LIMIT_S} s") from None
    except OSError as error:
        raise MissingError(f"{os.path.basename(argv[0])}: {error.strerror}") from None
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "rror" in line] or [""]
        raise MissingError(lines[0].strip()[:160] or f"exit status {done.returncode}")
    return done.stdout
