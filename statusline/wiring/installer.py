"""What installed this program, and the command that puts a newer version in its place."""

from __future__ import annotations

import glob
import json
import os
import re
import shlex
import sys
from urllib.parse import unquote, urlsplit

import statusline

#: What the package is called where programs are installed from.
NAME = "usage-statusline"
#: What installs a source that is no checkout, in its own directory.
SCRIPT = "./install.sh"
#: Where install.sh puts the program, below its prefix.
_SHARE = re.compile(r"(.*)/share/statusline/venv(?:\.[ab])?/")
_HERE = os.path.dirname(statusline.__file__)


def installer(prefix: str = sys.prefix, package: str = _HERE) -> str:
    """Return what installed this program, "" where nothing tells.

    "git" (it runs from a checkout), "install.sh", "nix", "brew", "uv tool", "pipx", or who put it
    into its environment: "pip", "uv", or a name of that one's own. ``prefix`` is the Python
    environment, ``package`` the directory that the program runs from.
    """
    site = os.path.dirname(os.path.abspath(package))
    if os.path.isfile(f"{site}/pyproject.toml"):
        return "git"
    if _SHARE.match(f"{site}/"):
        return "install.sh"
    if site.startswith("/nix/store/"):
        return "nix"
    if "/Cellar/" in site:
        return "brew"
    for file, tool in (("uv-receipt.toml", "uv tool"), ("pipx_metadata.json", "pipx")):
        if os.path.isfile(f"{prefix}/{file}"):
            return tool
    return _told(site, "INSTALLER").strip()


def upgrade(prefix: str = sys.prefix, package: str = _HERE) -> str:
    """Return the command that upgrades this program, "" where another one has to know."""
    site = os.path.dirname(os.path.abspath(package))
    source, by = _source(site), installer(prefix, package)
    python, wanted = shlex.quote(sys.executable), f"--upgrade {shlex.quote(source or NAME)}"
    commands = {
        "git": f"git -C {shlex.quote(site)} pull",
        "nix": f"nix profile upgrade {NAME}",
        "brew": f"brew upgrade {NAME}",
        "uv tool": f"uv tool upgrade {NAME}",
        "pipx": f"pipx upgrade {NAME}",
        "pip": f"{python} -m pip install {wanted}",
        "uv": f"uv pip install --python {python} {wanted}",
    }
    found = _SHARE.match(f"{site}/")
    if by == "install.sh" and found is not None:
        return _by_script(source, found[1])
    return commands.get(by, "")


def _by_script(source: str, prefix: str) -> str:
    if not (os.path.isfile(f"{source}/install.sh") and os.path.exists(f"{source}/.git")):
        return SCRIPT
    where = "" if prefix == os.path.expanduser("~/.local") else f" --prefix {shlex.quote(prefix)}"
    return f"git -C {shlex.quote(source)} pull && {shlex.quote(f'{source}/install.sh')}{where}"


def _source(site: str) -> str:
    """Return the directory or the repository that it was installed from, "" for an index."""
    try:
        document = json.loads(_told(site, "direct_url.json"))
        url = document["url"]
        vcs = document.get("vcs_info", {}).get("vcs")
        parts = urlsplit(url)
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    if vcs:
        return f"{vcs}+{url}"
    return unquote(parts.path) if parts.scheme == "file" else str(url)


def _told(site: str, name: str) -> str:
    """Return what the installer has left beside the package, "" where it has not."""
    for path in glob.glob(f"{glob.escape(site)}/{NAME.replace('-', '_')}-*.dist-info/{name}"):
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError):
            return ""
    return ""
