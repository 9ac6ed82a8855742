"""The recipes: each a template that is filled in with what `project.py` has read."""

from __future__ import annotations

from pathlib import Path
from string import Template

from tools.packaging.project import HOMEBREW_PYTHON, Need, Project

TEMPLATES = Path(__file__).with_name("templates")
FOLDER = "extras/packaging"
#: Where a distribution has another name than its pattern says.
_ARCH = {"prometheus-client": "python-prometheus_client"}
_CONDA = {"prometheus-client": "prometheus_client"}
#: What Homebrew allows.
_LONGEST_DESCRIPTION = 80


class _Text(Template):
    """A template with @{name}, since recipes are full of dollar signs."""

    delimiter = "@"


def recipes(project: Project) -> dict[str, str]:
    """Return every generated file by its path in the repository."""
    values = _common(project)
    made = {
        f"homebrew/{project.name}.rb": ("formula.rb", _homebrew(project)),
        "aur/PKGBUILD": ("PKGBUILD", _pkgbuild(project)),
        "aur/.SRCINFO": ("SRCINFO", _srcinfo(project)),
        "nix/flake.nix": ("flake.nix", _nix(project)),
        "conda/recipe.yaml": ("recipe.yaml", _conda(project)),
        "debian/control": ("control", _debian(project)),
    }
    return {
        f"{FOLDER}/{name}": _Text((TEMPLATES / template).read_text("utf-8")).substitute(
            values, **own
        )
        for name, (template, own) in made.items()
    }


def _common(project: Project) -> dict[str, str]:
    short = project.description
    while len(short) > _LONGEST_DESCRIPTION:
        short = short.rpartition(",")[0]
    return {
        "name": project.name,
        "version": project.version,
        "description": project.description,
        "short": short,
        "license": project.license,
        "python": project.python,
        "url": project.url,
        "sha256": project.sha256,
        "backend": project.backend.name,
        "backend_floor": project.backend.floor,
    }


def _required(project: Project) -> list[Need]:
    return [each for each in project.needs if not each.extra]


def _chosen(project: Project) -> list[Need]:
    return [each for each in project.needs if each.extra]


def _line(text: str, homepage: str) -> str:
    """A line that names the homepage; none where there is none."""
    return f"{text.format(homepage)}\n" if homepage else ""


def _homebrew(project: Project) -> dict[str, str]:
    resources = (
        f'  resource "{each.name}" do\n    url "{each.url}"\n    sha256 "{each.sha256}"\n  end\n'
        for each in project.sources
    )
    return {
        "homepage": _line('  homepage "{}"', project.homepage),
        "homebrew_python": HOMEBREW_PYTHON,
        "resources": "\n".join(resources),
    }


def _arch(need: Need) -> str:
    return _ARCH.get(need.name, f"python-{need.name}")


def _pkgbuild(project: Project) -> dict[str, str]:
    return {
        "homepage": _line("url='{}'", project.homepage),
        "depends": "".join(f"\n  '{_arch(each)}>={each.floor}'" for each in _required(project)),
        "optional": "".join(
            f"\n  '{_arch(each)}>={each.floor}: {_use(each)}'" for each in _chosen(project)
        ),
    }


def _srcinfo(project: Project) -> dict[str, str]:
    return {
        "homepage": _line("\turl = {}", project.homepage),
        "depends": "".join(
            f"\tdepends = {_arch(each)}>={each.floor}\n" for each in _required(project)
        ),
        "optional": "".join(
            f"\toptdepends = {_arch(each)}>={each.floor}: {_use(each)}\n"
            for each in _chosen(project)
        ),
    }


def _use(need: Need) -> str:
    return {
        "prometheus": "statusline export --format prometheus",
        "watch": "statusline watch, statusline config edit",
    }[need.extra]


def _nix(project: Project) -> dict[str, str]:
    return {
        "homepage": _line('              homepage = "{}";', project.homepage),
        "spdx": project.license.lower(),
        "dependencies": "".join(
            f'              (atLeast "{each.floor}" python.{each.name})\n' for each in project.needs
        ),
    }


def _conda(project: Project) -> dict[str, str]:
    def lines(needs: list[Need]) -> str:
        return "".join(
            f"    - {_CONDA.get(each.name, each.name)} >={each.floor}\n" for each in needs
        )

    scripts = "".join(f"      - {name} = {goal}\n" for name, goal in project.scripts.items())
    return {
        "homepage": _line("  homepage: {}", project.homepage),
        "scripts": scripts,
        "run": lines(_required(project)),
        "constraints": lines(_chosen(project)),
    }


def _debian(project: Project) -> dict[str, str]:
    def lines(needs: list[Need]) -> str:
        return ",\n".join(f" python3-{each.name} (>= {each.floor})" for each in needs)

    return {
        "homepage": _line("Homepage: {}", project.homepage),
        "depends": lines(_required(project)),
        "suggests": lines(_chosen(project)),
    }
