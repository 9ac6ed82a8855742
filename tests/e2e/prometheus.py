"""The real Prometheus, its promtool and node_exporter: on PATH, else of Debian's packages.

The packages are unpacked beside the test venv, not installed: that would start services.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from tests.e2e.npm import NotAvailableError, cache_directory
from tests.support.patience import HANG_S

PACKAGES = ("prometheus", "prometheus-node-exporter")
PROGRAMS = ("prometheus", "promtool", "prometheus-node-exporter")
FETCH_LIMIT_S = 30


def fetch() -> Path:
    """A directory that holds `PROGRAMS`; raises `NotAvailableError`."""
    on_path = [shutil.which(name) for name in PROGRAMS]
    if on_path[0] is not None and len({name and Path(name).parent for name in on_path}) == 1:
        return Path(on_path[0]).parent
    cache_directory().mkdir(parents=True, exist_ok=True)
    with FileLock(cache_directory() / "lock"):
        base = cache_directory() / "prometheus"
        if not all((base / "usr" / "bin" / name).exists() for name in PROGRAMS):
            _unpack(base)
    return base / "usr" / "bin"


def _unpack(base: Path) -> None:
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise NotAvailableError(f"prometheus is not installed, and there is no {tool}")
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    try:
        _run(base, "apt-get", "-qq", "-o", "APT::Sandbox::User=", "download", *PACKAGES)
        for package in sorted(base.glob("*.deb")):
            _run(base, "dpkg-deb", "-x", str(package), str(base))
            package.unlink()
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(base, ignore_errors=True)
        raise NotAvailableError("Debian's packages of prometheus could not be fetched") from error


def _run(directory: Path, *command: str) -> None:
    subprocess.run(
        command,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=FETCH_LIMIT_S,
        check=True,
    )


@contextmanager
def listening(*command: str) -> Iterator[str]:
    """Run a server that was told to listen on 127.0.0.1:0, and give the address it says it has."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "GOMAXPROCS": "1"},
    ) as process:
        try:
            yield _address(process)
        finally:
            process.kill()


def _address(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    said, end_s = b"", time.monotonic() + HANG_S
    while True:
        found = re.search(rb'"Listening on" address=(127\.0\.0\.1:[1-9]\d*)', said)
        if found:
            return found[1].decode()
        ready, _, _ = select.select([process.stderr], [], [], max(0, end_s - time.monotonic()))
        more = os.read(process.stderr.fileno(), 65536) if ready else b""
        assert more, said.decode()
        said += more
