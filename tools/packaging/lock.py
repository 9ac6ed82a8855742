"""The lock: exact versions and hashes of everything that the program needs, from the index."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from tools.packaging.project import EXTRAS, HOMEBREW_PYTHON, LOCK, UNRELEASED, read

_HEAD = """\
# Made by tools/packaging/run: `--lock` resolves pyproject.toml anew (uv pip compile), and
# `--sdist FILE` notes the archive of a release. A path is a source archive's below the index.
"""
#: Where recipes build: what only Windows needs is left out.
_PLATFORMS = ({"sys_platform": "linux"}, {"sys_platform": "darwin"})


def resolve(root: Path, constraints: Path | None = None) -> list[dict[str, str]]:
    """Ask the index what pyproject.toml needs today, or what ``constraints`` allow."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet"]
    command += ["--universal", "--no-header", "--format", "pylock.toml"]
    command += ["--python-version", HOMEBREW_PYTHON]
    for extra in EXTRAS:
        command += ["--extra", extra]
    if constraints is not None:
        command += ["--constraint", str(constraints)]
    done = subprocess.run(
        [*command, str(root / "pyproject.toml")], capture_output=True, text=True, check=True
    )
    return [
        {
            "name": each["name"],
            "version": each["version"],
            "path": each["sdist"]["url"].rpartition("/packages/")[2],
            "sha256": each["sdist"]["hashes"]["sha256"],
        }
        for each in tomllib.loads(done.stdout)["packages"]
        if _counts(each)
    ]


def _counts(package: dict[str, Any]) -> bool:
    marker = package.get("marker")
    return marker is None or any(Marker(marker).evaluate(dict(each)) for each in _PLATFORMS)


def renew(root: Path) -> None:
    """Write the lock anew; what it says of the last release stays."""
    _write(root, _released(root), resolve(root))


def release(root: Path, sdist: Path) -> None:
    """Note the archive of this version; raise ``ValueError`` where it is another's."""
    project = read(root)
    if sdist.name != project.sdist:
        raise ValueError(f"{sdist.name} is not {project.sdist}")
    sha256 = hashlib.sha256(sdist.read_bytes()).hexdigest()
    packages = tomllib.loads((root / LOCK).read_text("utf-8"))["package"]
    _write(root, {"version": project.version, "sha256": sha256}, packages)


def _released(root: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = tomllib.loads((root / LOCK).read_text("utf-8"))["release"]
    except FileNotFoundError:
        return {"version": "", "sha256": UNRELEASED}
    return found


def _write(root: Path, released: dict[str, str], packages: list[dict[str, str]]) -> None:
    tables = [("[release]", released), *(("[[package]]", each) for each in packages)]
    text = _HEAD
    for title, table in tables:
        text += f"\n{title}\n" + "".join(f'{key} = "{value}"\n' for key, value in table.items())
    (root / LOCK).write_text(text, "utf-8")
