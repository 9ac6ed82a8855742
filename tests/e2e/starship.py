"""The real starship: the one on PATH, else a newer Debian's package unpacked beside its C library.

Its program runs on an older Debian too when started by the loader that comes with that library.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.e2e.npm import NotAvailableError, cache_directory

#: The first Debian that packages starship.
SUITE = "trixie"
#: For each of the two steps, the index and the packages.
FETCH_LIMIT_S = 20


def fetch() -> Path:
    """A directory that holds `starship`, to be put on PATH; raises `NotAvailableError`."""
    on_path = shutil.which("starship")
    if on_path is not None:
        return Path(on_path).parent
    base = cache_directory() / f"starship-{SUITE}"
    program = base / "bin" / "starship"
    if not program.exists():
        for tool in ("apt-get", "dpkg-deb"):
            if shutil.which(tool) is None:
                raise NotAvailableError(f"starship is not installed, and there is no {tool}")
        try:
            _unpack(base)
            _write_program(base, program)
        except (OSError, subprocess.SubprocessError, StopIteration) as error:
            shutil.rmtree(base, ignore_errors=True)
            raise NotAvailableError(
                f"starship is not installed, nor could Debian {SUITE}'s package be fetched"
            ) from error
    return program.parent


def _unpack(base: Path) -> None:
    """Fetch starship and all that it needs with an apt of its own; the system's stays as it is."""
    for directory in ("state/lists/partial", "cache/archives/partial", "sources", "root"):
        (base / directory).mkdir(parents=True, exist_ok=True)
    (base / "status").touch()
    (base / "sources" / "debian.sources").write_text(
        f"Types: deb\nURIs: {_mirror()}\nSuites: {SUITE}\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    )
    options = {
        "Dir::State": base / "state",
        "Dir::State::status": base / "status",
        "Dir::Cache": base / "cache",
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": base / "sources",
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    _run(*apt, "update")
    _run(*apt, "install", "-y", "--no-install-recommends", "--download-only", "starship")
    for package in sorted((base / "cache" / "archives").glob("*.deb")):
        _run("dpkg-deb", "-x", str(package), str(base / "root"))
    shutil.rmtree(base / "state")
    shutil.rmtree(base / "cache")


def _mirror() -> str:
    """The mirror from which this machine gets Debian itself."""
    words = ("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    mirrors = _run(*words, "Origin: Debian", "Label: Debian").split()
    return next(iter(mirrors))


def _write_program(base: Path, program: Path) -> None:
    """Write the script that starts the unpacked starship through its own loader."""
    root = base / "root"
    loader = next(root.glob("usr/lib/*/ld-linux*.so.*"))
    binary = root / "usr" / "bin" / "starship"
    program.parent.mkdir(exist_ok=True)
    # starship asks the kernel for its own path, and hears the loader's.
    program.write_text(
        "#!/bin/sh\n"
        'case $1 in init) set -- "$@" --print-full-init ;; esac\n'
        f'run() {{ "{loader}" --library-path "{loader.parent}" "{binary}" "$@"; }}\n'
        "case $1 in\n"
        f'init) run "$@" | sed "s|{loader}|$0|g" ;;\n'
        '*) run "$@" ;;\n'
        "esac\n"
    )
    program.chmod(0o755)
    _run(str(program), "--version")


def _run(*command: str) -> str:
    done = subprocess.run(
        command,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=FETCH_LIMIT_S,
        check=True,
    )
    return done.stdout
