"""The recipes of extras/packaging as the package managers' own tools read them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest

import statusline
from tests.support.look import with_tool
from tests.support.patience import HANG_S
from tools.packaging import lock
from tools.packaging.project import LOCK, read

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "extras" / "packaging"
UV = Path(sys.executable).with_name("uv")
needs_uv = pytest.mark.skipif(not UV.is_file(), reason="uv is not installed")
#: What Homebrew's own words do, as far as a formula says something with them.
_BREW = """
require "json"
module Language; module Python; module Virtualenv; end; end; end
class Formula
  SAID = { "resources" => {} }
  def self.method_missing(word, *rest) = SAID[word.to_s] = rest.first
  def self.test = nil
  def self.resource(name, &block)
    @resource = {}
    block.call
    SAID["resources"][name] = @resource
    @resource = nil
  end
  def self.url(text) = (@resource || SAID)["url"] = text
  def self.sha256(text) = (@resource || SAID)["sha256"] = text
end
load ARGV[0]
puts JSON.dump(Formula::SAID)
"""
#: nixpkgs as far as the flake asks it, every package as new as `version` says.
_NIXPKGS = """
let
  package = name: { pname = name; version = "VERSION"; };
  python = names: builtins.listToAttrs
    (map (name: { inherit name; value = package name; }) names)
    // { buildPythonApplication = given: given; };
  nixpkgs = {
    lib.genAttrs = names: make:
      builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    lib.licenses.mit = "MIT";
    legacyPackages.x86_64-linux.python3Packages = python [ NAMES ];
    legacyPackages.aarch64-linux.python3Packages = python [ NAMES ];
    legacyPackages.x86_64-darwin.python3Packages = python [ NAMES ];
    legacyPackages.aarch64-darwin.python3Packages = python [ NAMES ];
  };
  outputs = (import FLAKE).outputs { self.sourceInfo.outPath = "/tree"; inherit nixpkgs; };
in
  outputs.packages.x86_64-linux.default
"""


def run(*command: str, **how: Any) -> str:
    """What a command prints, which has to succeed."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=HANG_S, check=False, **how
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


@with_tool("ruby")
def test_ruby_reads_the_formula() -> None:
    """A quote too many would first be noticed by whoever installs it."""
    said = json.loads(run("ruby", "-e", _BREW, str(FOLDER / "homebrew/usage-statusline.rb")))
    assert said["url"].endswith(f"-{statusline.__version__}.tar.gz")
    assert said["resources"] == {
        each.name: {"url": each.url, "sha256": each.sha256} for each in read(ROOT).sources
    }
    assert len(said["desc"]) <= 80


@with_tool("ruby")
def test_a_yaml_parser_reads_the_conda_recipe() -> None:
    """A description with a colon in it would make something else of the file."""
    code = 'require "yaml"; require "json"; puts JSON.dump(YAML.load_file(ARGV[0]))'
    recipe = json.loads(run("ruby", "-e", code, str(FOLDER / "conda/recipe.yaml")))
    assert recipe["context"]["version"] == statusline.__version__
    needs = read(ROOT).needs
    assert len(recipe["requirements"]["run"]) == 1 + sum(not each.extra for each in needs)
    assert isinstance(recipe["source"]["sha256"], str)
    assert recipe["about"]["summary"] == read(ROOT).description


@with_tool("makepkg")
def test_makepkg_makes_the_same_srcinfo(tmp_path: Path) -> None:
    """The AUR refuses a package whose .SRCINFO says something else than its PKGBUILD."""
    shutil.copy(FOLDER / "aur/PKGBUILD", tmp_path)
    command = ["makepkg", "--printsrcinfo"]
    if os.geteuid() == 0:  # which makepkg refuses
        tmp_path.chmod(0o777)
        for parent in tmp_path.parents[: -len(Path(tempfile.gettempdir()).parts)]:
            parent.chmod(0o755)
        command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *command]
    # It looks for pacman at its start, also where it will not ask it for anything.
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PACMAN": "true"}
    printed = run(*command, cwd=tmp_path, env=environment)
    assert printed.rstrip() == (FOLDER / "aur/.SRCINFO").read_text().rstrip()


@needs_uv
def test_the_steps_of_the_pkgbuild_install_the_program(tmp_path: Path) -> None:
    """The archive could lack a file that the wheel is made of, and `package()` a path."""
    python = tmp_path / "venv/bin/python"
    run(str(UV), "venv", "-q", "--python", sys.executable, str(tmp_path / "venv"))
    tools = ("build", "installer", "hatchling")
    run(str(UV), "pip", "install", "-q", "--python", str(python), *tools)
    run(str(python), "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path), cwd=ROOT)
    source, package = tmp_path / "src", tmp_path / "pkg"
    source.mkdir()
    # Without the tests, whose made-up secrets would be taken for a leak.
    unpack = ("tar", "-x", "--exclude=*/tests", "-C", str(source))
    run(*unpack, "-f", str(tmp_path / read(ROOT).sdist))
    environment = {"PATH": f"{python.parent}:/usr/bin:/bin"}
    environment |= {"srcdir": str(source), "pkgdir": str(package)}
    run("bash", "-euc", f". {FOLDER}/aur/PKGBUILD; (build); (package)", env=environment)
    installed = {path.name for path in package.rglob("*") if path.is_file()}
    assert {"statusline", "usage-statusline", "LICENSE", "claude-code.sh"} <= installed


@with_tool("nix-instantiate")
@pytest.mark.parametrize("is_old", [False, True])
def test_nix_evaluates_the_flake(tmp_path: Path, *, is_old: bool) -> None:
    """A name that nixpkgs does not have, or a version that is too old, has to be told."""
    project = read(ROOT)
    offered = " ".join(f'"{each.name}"' for each in (*project.needs, project.backend))
    text = _NIXPKGS.replace("NAMES", offered).replace("FLAKE", str(FOLDER / "nix/flake.nix"))
    text = text.replace("VERSION", "0.1" if is_old else "99")
    environment = {**os.environ, "HOME": str(tmp_path), "NIX_STATE_DIR": str(tmp_path / "var")}
    environment |= {"NIX_STORE_DIR": str(tmp_path / "store"), "NIX_REMOTE": "dummy://"}
    done = subprocess.run(
        ["nix-instantiate", "--eval", "--strict", "--json", "-E", text],
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    if is_old:
        assert re.search(r"usage-statusline needs \S+ \S+, and nixpkgs has 0\.1", done.stderr)
        return
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout)
    assert given["version"] == statusline.__version__
    assert [each["pname"] for each in given["dependencies"]] == [
        each.name for each in project.needs
    ]
    assert given["src"] == "/tree"


@needs_uv
def test_the_index_has_what_the_lock_says(tmp_path: Path) -> None:
    """A hash could have been written by hand, or an archive been withdrawn."""
    locked = tomllib.loads((ROOT / LOCK).read_text("utf-8"))["package"]
    pins = "".join(f"{each['name']}=={each['version']}\n" for each in locked)
    (tmp_path / "pins.txt").write_text(pins)
    try:
        found = lock.resolve(ROOT, tmp_path / "pins.txt")
    except subprocess.CalledProcessError as error:
        if "error sending request" in error.stderr or "Failed to fetch" in error.stderr:
            pytest.skip("the package index cannot be reached")
        raise
    assert found == locked
