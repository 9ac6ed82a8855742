"""What a recipe has to say of this project: its version, what it needs, and the exact sources."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

#: Stands for where the sources lie that a recipe has to fetch: whoever hands it in says so.
INDEX = "https://INDEX/packages"
LOCK = "extras/packaging/lock.toml"
#: The extras that people choose; `test` is for whoever works on the project.
EXTRAS = ("prometheus", "watch")
#: Which of its Pythons Homebrew builds with; the lock is resolved for it.
HOMEBREW_PYTHON = "3.13"
#: A hash that nothing has: a recipe of a version that is not released yet builds nowhere.
UNRELEASED = "0" * 64


@dataclass(frozen=True)
class Need:
    """One dependency: its name in lower case with hyphens, and the oldest version that will do."""

    name: str
    floor: str
    extra: str = ""


@dataclass(frozen=True)
class Source:
    """One package as it is locked: the path of its source archive below ``INDEX``, and its hash."""

    name: str
    version: str
    path: str
    sha256: str

    @property
    def url(self) -> str:
        """Where the archive is fetched from."""
        return f"{INDEX}/{self.path}"


@dataclass(frozen=True)
class Project:
    """This project. ``homepage`` is empty while pyproject.toml names none."""

    name: str
    version: str
    description: str
    license: str
    homepage: str
    python: str
    backend: Need
    needs: tuple[Need, ...]
    scripts: dict[str, str]
    sources: tuple[Source, ...]
    sha256: str

    @property
    def sdist(self) -> str:
        """The name of this version's source archive."""
        return f"{self.name.replace('-', '_')}-{self.version}.tar.gz"

    @property
    def url(self) -> str:
        """Where this version's source archive will be."""
        return f"{INDEX}/source/{self.name[0]}/{self.name}/{self.sdist}"


def read(root: Path) -> Project:
    """Return the project whose pyproject.toml and lock are in ``root``."""
    whole = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    lock = tomllib.loads((root / LOCK).read_text("utf-8"))
    table = whole["project"]
    version = _version(root / whole["tool"]["hatch"]["version"]["path"])
    released = lock["release"]
    return Project(
        name=table["name"],
        version=version,
        description=table["description"],
        license=table["license"],
        homepage=table.get("urls", {}).get("Homepage", ""),
        python=table["requires-python"].removeprefix(">="),
        backend=_need(whole["build-system"]["requires"][0]),
        needs=(
            *map(_need, table["dependencies"]),
            *(
                _need(each, extra)
                for extra in EXTRAS
                for each in table["optional-dependencies"][extra]
            ),
        ),
        scripts=table["scripts"],
        sources=tuple(Source(**each) for each in lock["package"]),
        sha256=released["sha256"] if released["version"] == version else UNRELEASED,
    )


def _version(path: Path) -> str:
    found = re.search(r'^__version__ = "(.+)"$', path.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{path} names no version")
    return found[1]


def _need(text: str, extra: str = "") -> Need:
    requirement = Requirement(text)
    (bound,) = requirement.specifier
    if bound.operator != ">=":
        raise ValueError(f"{text}: a recipe can only say >=")
    return Need(re.sub(r"[-_.]+", "-", requirement.name).lower(), bound.version, extra)
