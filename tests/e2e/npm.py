"""Real programs that npm has: fetched once, each beside the others in the test venv."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

#: Long enough for 100 MB over a slow line, short enough for a test run.
FETCH_LIMIT_S = 40


class NotAvailableError(Exception):
    """The real program cannot be had here; ``str`` is the reason to skip with."""


def cache_directory() -> Path:
    """Where fetched programs stay from one run to the next: the test venv, else the temp folder."""
    base = Path(sys.prefix) if sys.prefix != sys.base_prefix else Path(tempfile.gettempdir())
    return base / "fetched"


def fetch(title: str, package: str, version: str, binary: str) -> Path:
    """The program `binary` (a pattern below node_modules) of an npm package of that version.

    Raises ``NotAvailableError``, which calls the program by its `title`.
    """
    cache_directory().mkdir(parents=True, exist_ok=True)
    prefix = cache_directory() / f"{package.rpartition('/')[2]}-{version}"
    with FileLock(cache_directory() / "lock"):  # half a file, else, where two tests begin
        if (found := _binary(prefix, binary)) is not None:
            return found
        _install(title, prefix, f"{package}@{version}")
    if (found := _binary(prefix, binary)) is None:
        raise NotAvailableError(f"npm has no {title} {version} for this machine")
    return found


def _install(title: str, prefix: Path, wanted: str) -> None:
    if shutil.which("npm") is None:
        raise NotAvailableError("npm is not installed")
    prefix.mkdir(parents=True, exist_ok=True)
    install = ["npm", "install", "--no-audit", "--no-fund", "--no-update-notifier"]
    # The tests' HOME is empty; which registry to use stands in the one of the account.
    settings = Path(pwd.getpwuid(os.getuid()).pw_dir) / ".npmrc"
    try:
        subprocess.run(
            [*install, "--prefix", str(prefix), wanted],
            env={**os.environ, "NPM_CONFIG_USERCONFIG": str(settings)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=FETCH_LIMIT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(prefix, ignore_errors=True)
        version = wanted.rpartition("@")[2]
        raise NotAvailableError(f"npm could not fetch {title} {version}") from error


def _binary(prefix: Path, binary: str) -> Path | None:
    """The program itself rather than npm's script, where npm has put it."""
    for found in sorted(prefix.glob(f"node_modules/{binary}")):
        if os.access(found, os.X_OK):
            return found
    return None
