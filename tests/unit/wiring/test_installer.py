"""How the program was installed, told by what the installer has left."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from statusline.wiring.installer import installer, upgrade

PYTHON = shlex.quote(sys.executable)


def installed(prefix: Path, by: str = "pip", url: str = "") -> str:
    """A package below a prefix, as this installer leaves it; its directory."""
    site = prefix / "lib" / "python3.11" / "site-packages"
    notes = site / "usage_statusline-0.1.0.dist-info"
    notes.mkdir(parents=True)
    (notes / "INSTALLER").write_text(f"{by}\n")
    if url:
        vcs = {"vcs_info": {"vcs": "git"}} if url.endswith(".git") else {"dir_info": {}}
        (notes / "direct_url.json").write_text(json.dumps({"url": url, **vcs}))
    return str(site / "statusline")


@pytest.mark.parametrize(
    ("file", "by"), [("uv-receipt.toml", "uv tool"), ("pipx_metadata.json", "pipx")]
)
def test_a_tool_of_its_own_is_upgraded_by_its_manager(tmp_path: Path, file: str, by: str) -> None:
    """Pip in such an environment would be gone, or would be undone by the next upgrade."""
    package = installed(tmp_path, "uv")
    (tmp_path / file).touch()
    assert installer(str(tmp_path), package) == by
    assert upgrade(str(tmp_path), package) == f"{by} upgrade usage-statusline"


@pytest.mark.parametrize(
    ("by", "url", "command"),
    [
        ("pip", "", f"{PYTHON} -m pip install --upgrade usage-statusline"),
        ("pip", "file:///a%20b", f"{PYTHON} -m pip install --upgrade '/a b'"),
        (
            *("uv", "https://host.invalid/s.git"),
            f"uv pip install --python {PYTHON} --upgrade git+https://host.invalid/s.git",
        ),
        ("conda", "", ""),
        ("debian", "", ""),
    ],
)
def test_a_package_is_upgraded_from_where_it_came(
    tmp_path: Path, by: str, url: str, command: str
) -> None:
    """From a checkout or a repository, an index would offer another package or none."""
    package = installed(tmp_path, by, url)
    assert installer(str(tmp_path), package) == by
    assert upgrade(str(tmp_path), package) == command


@pytest.mark.parametrize("has_source", [True, False])
def test_what_install_sh_installed_is_upgraded_by_it(tmp_path: Path, has_source: bool) -> None:
    """Its venv has pip as well, whose upgrade the launcher's bundle would not survive."""
    source, prefix = tmp_path / "my source", tmp_path / "prefix"
    package = installed(prefix / "share/statusline/venv.a", url=source.as_uri())
    if has_source:
        source.mkdir()
        (source / ".git").touch()  # a file, in a worktree
        (source / "install.sh").touch()
    assert installer("", package) == "install.sh"
    wanted = f"git -C '{source}' pull && '{source}/install.sh' --prefix {prefix}"
    assert upgrade("", package) == (wanted if has_source else "./install.sh")


@pytest.mark.parametrize(
    ("site", "by", "command"),
    [
        ("/nix/store/x/lib/python3/site-packages", "nix", "nix profile upgrade usage-statusline"),
        ("/opt/homebrew/Cellar/x/1/libexec", "brew", "brew upgrade usage-statusline"),
        ("/usr/lib/python3/dist-packages", "", ""),
    ],
)
def test_a_package_managers_own_command_is_named(site: str, by: str, command: str) -> None:
    """Where nobody left a note, the package manager has to know."""
    assert installer("/usr", f"{site}/statusline") == by
    assert upgrade("/usr", f"{site}/statusline") == command


def test_a_checkout_is_pulled(tmp_path: Path) -> None:
    """A program that runs from its source needs no installer."""
    (tmp_path / "pyproject.toml").touch()
    assert installer("/usr", f"{tmp_path}/statusline") == "git"
    assert upgrade("/usr", f"{tmp_path}/statusline") == f"git -C {tmp_path} pull"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": 1}', "\udcff"])
def test_a_broken_note_is_no_source(tmp_path: Path, text: str) -> None:
    """`statusline update` would end in "something unexpected"."""
    package = installed(tmp_path, url="file:///x")
    [note] = tmp_path.rglob("direct_url.json")
    note.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert upgrade(str(tmp_path), package).endswith("--upgrade usage-statusline")
