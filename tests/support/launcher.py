"""The command as users have it: a file on PATH that starts the installed package with -IS."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .patience import HANG_S
from .program import package
from .stdin import run_fed


def make_launcher(directory: Path, site: Path | None = None) -> Path:
    """Write `directory`/statusline as install.sh does (docs/decisions.md 12); return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "statusline"
    path.write_text(f"#!{sys.executable} -IS\n{program(site or package().parent)}")
    path.chmod(0o755)
    return path


def program(site: Path) -> str:
    """What install.sh writes below the `#!` line and its mark (test_install compares)."""
    bundle = f"{site}/statusline/hot.bundle"
    return (
        "import posix, sys\n"
        f"sys.path.insert(0, {str(site)!r})\n"
        "sys.dont_write_bytecode |= posix.stat(__file__).st_uid != posix.geteuid()\n"
        "try:\n"
        "    from _frozen_importlib_external import SourcelessFileLoader\n"
        f"    exec(SourcelessFileLoader('', {bundle!r}).get_code(''))\n"
        "except Exception: pass\n"
        "from statusline.entry import main\n"
        "main()\n"
    )


def loaders(
    launcher: Path, *words: str, environment: dict[str, str], stdin: bytes = b""
) -> dict[str, str]:
    """The class of the loader of each module of ours that one run imports, by ``-v``."""
    done = run_fed(
        [sys.executable, "-IS", "-v", str(launcher), *words],
        env=environment,
        input=stdin,
        capture_output=True,
        timeout=HANG_S,
        check=True,
    )
    found = re.findall(r"^import '(statusline[\w.]*)' # <(\S+)", done.stderr.decode(), re.MULTILINE)
    return {module: loader.rpartition(".")[2] for module, loader in found}
