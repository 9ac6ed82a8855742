"""extras/packaging: every recipe says what pyproject.toml and the lock say."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import statusline
from tools.packaging import lock
from tools.packaging.main import main, outdated
from tools.packaging.project import EXTRAS, INDEX, LOCK, UNRELEASED, read

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "extras" / "packaging"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKED = {each["name"]: each for each in tomllib.loads((ROOT / LOCK).read_text("utf-8"))["package"]}
WANTED = [
    *map(Requirement, PROJECT["dependencies"]),
    *(Requirement(each) for name in EXTRAS for each in PROJECT["optional-dependencies"][name]),
]
#: How each recipe writes a dependency and its lower bound.
BOUNDS = {
    "aur/PKGBUILD": r"'python-([\w-]+)>=([\d.]+)[:']",
    "aur/.SRCINFO": r"depends = python-([\w-]+)>=([\d.]+)",
    "nix/flake.nix": r'atLeast "([\d.]+)" python\.([\w-]+)',
    "conda/recipe.yaml": r"- ([\w-]+) >=([\d.]+)$",
    "debian/control": r"python3-([\w-]+) \(>= ([\d.]+)\)",
}
FORMULA = "homebrew/usage-statusline.rb"


def canonical(name: str) -> str:
    """A name as the lock has it."""
    return name.replace("_", "-").lower()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the recipes are made from, and they, to be changed."""
    for name in ("pyproject.toml", "statusline/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(FOLDER, tmp_path / "extras" / "packaging")
    return tmp_path


def test_no_recipe_is_out_of_date() -> None:
    """A new version or dependency would have reached pyproject.toml and no package manager."""
    assert list(outdated(ROOT)) == []


def test_what_is_handed_in_names_its_index(tmp_path: Path) -> None:
    """No file here names the host of an index, and a recipe without one fetches nothing."""
    index = "https://index.invalid/packages"
    main(ROOT, ["--to", str(tmp_path), "--index", f"{index}/"])
    for name in (FORMULA, "aur/PKGBUILD", "aur/.SRCINFO", "conda/recipe.yaml"):
        here = (FOLDER / name).read_text("utf-8")
        there = (tmp_path / "extras" / "packaging" / name).read_text("utf-8")
        assert INDEX in here
        assert INDEX not in there
        assert here.replace(INDEX, index) == there


@pytest.mark.parametrize("name", BOUNDS)
def test_each_recipe_has_the_version_and_the_dependencies(name: str) -> None:
    """The template itself could leave one out: it is compared with pyproject.toml directly."""
    text = (FOLDER / name).read_text("utf-8")
    found = dict(re.findall(BOUNDS[name], text, re.MULTILINE))
    if name == "nix/flake.nix":
        found = {package: floor for floor, package in found.items()}
    backend = Requirement("hatchling>=1.26")
    wanted = {each.name: str(each.specifier).removeprefix(">=") for each in (*WANTED, backend)}
    assert {canonical(each): floor for each, floor in found.items() if each != "python"} == {
        canonical(each): floor for each, floor in wanted.items()
    }
    if name != "debian/control":  # there the changelog has the version
        assert re.search(rf"""ver(?:sion)?:? ?=? ?["']?{statusline.__version__}\b""", text)


def test_the_formula_has_every_locked_source_and_its_hash() -> None:
    """Homebrew installs nothing that a formula does not name."""
    text = (FOLDER / FORMULA).read_text("utf-8")
    resource = r'resource "(.+)" do\n    url ".+/(.+)"\n    sha256 "([0-9a-f]{64})"'
    found = {name: (file, digest) for name, file, digest in re.findall(resource, text)}
    assert found == {
        name: (each["path"].rpartition("/")[2], each["sha256"]) for name, each in LOCKED.items()
    }
    assert f"-{statusline.__version__}.tar.gz" in text


def test_the_lock_holds_what_is_needed_and_what_that_needs() -> None:
    """A dependency that was added later would be missing from a formula, as would its own."""
    assert not any("://" in each["path"] for each in LOCKED.values())
    for each in WANTED:
        assert LOCKED[canonical(each.name)]["version"] in each.specifier
    left, seen = list(WANTED), set()
    while left:
        each = left.pop()
        if each in seen:
            continue
        seen.add(each)
        if metadata.version(each.name) != LOCKED[canonical(each.name)]["version"]:
            continue  # another version may need something else
        for inner in map(Requirement, metadata.requires(each.name) or []):
            marker, inner.marker = inner.marker, None
            if not marker or any(marker.evaluate({"extra": extra}) for extra in ["", *each.extras]):
                left.append(inner)
    names = {canonical(each.name) for each in seen}
    assert names <= LOCKED.keys()


def test_a_changed_source_of_a_recipe_is_noticed(copy: Path) -> None:
    """The check itself: a bound, a version and a hash, each of which some recipe holds."""
    assert list(outdated(copy)) == []
    for name, old, new in (
        ("pyproject.toml", "click>=8.1", "click>=8.2"),
        ("statusline/__init__.py", '"0.', '"9.'),
        (LOCK, LOCKED["click"]["sha256"], "f" * 64),
    ):
        text = (copy / name).read_text("utf-8")
        assert old in text
        (copy / name).write_text(text.replace(old, new), "utf-8")
        assert outdated(copy), name
        (copy / name).write_text(text, "utf-8")


def test_only_the_archive_of_this_version_gives_its_hash(copy: Path) -> None:
    """The next version's recipes would fetch a new archive and expect the old one's hash."""
    before = read(copy)
    assert before.sha256 == UNRELEASED
    with pytest.raises(ValueError, match=re.escape(before.sdist)):
        lock.release(copy, copy / "usage_statusline-9.9.9.tar.gz")
    sdist = copy / before.sdist
    sdist.write_bytes(b"made up")
    lock.release(copy, sdist)
    digest = hashlib.sha256(b"made up").hexdigest()
    assert read(copy).sha256 == digest
    assert all(digest in text for name, text in outdated(copy).items())
    assert len(outdated(copy)) == 4  # Nix and Debian take the tree itself
    version = copy / "statusline" / "__init__.py"
    version.write_text(version.read_text().replace('"0.', '"9.'))
    assert read(copy).sha256 == UNRELEASED


def test_the_script_says_what_is_out_of_date(copy: Path) -> None:
    """`--check` writes nothing and fails; without it the file is mended."""
    (copy / "extras/packaging/aur/PKGBUILD").write_text("old\n")
    code = (
        "import sys; from pathlib import Path; sys.path.append(sys.argv[1])\n"
        "from tools.packaging.main import main; main(Path(sys.argv[2]), sys.argv[3:])"
    )
    command = [sys.executable, "-I", "-c", code, str(ROOT), str(copy)]
    for words, status, said in (
        (["--check"], 1, "out of date: extras/packaging/aur/PKGBUILD\n"),
        ([], 0, "written: extras/packaging/aur/PKGBUILD\n"),
        (["--check"], 0, ""),
    ):
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (status, said), done.stderr


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "extras/packaging/README.md"])
def test_what_the_pages_name_exists(page: str) -> None:
    """A release is made seldom: a file or an option that is gone would be noticed on that day."""
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target
    parts = ("homebrew/", "aur/", "nix/", "conda/", "debian/control")
    for name in re.findall(r"`([\w.-]+/[\w./-]+)", text):
        if name.startswith(("dist/", ".venv", "debian/")):
            continue
        base = FOLDER if name.startswith(parts) else ROOT
        assert (base / name).exists(), name
    options = (ROOT / "tools/packaging/main.py").read_text("utf-8")
    for option in re.findall(r"`tools/packaging/run (--[a-z]+)", text):
        assert f'"{option}"' in options
