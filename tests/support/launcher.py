"""The command as users have it: a file on PATH that starts the installed package with -IS."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from statusline.wiring.launcher import program

from .patience import HANG_S
from .program import package
from .stdin import run_fed

#: What is left of a launcher whose Python is gone, or is a newer one without the package.
DEAD_LAUNCHERS = {
    "its Python is gone": "#!/nonexistent/bin/python3.11\n",
    "its Python lost the package": f"#!{sys.executable} -IS\nfrom statusline.entry import main\n",
}


def make_launcher(directory: Path, site: Path | None = None) -> Path:
    """Write `directory`/statusline as install.sh does (docs/decisions.md 12); return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "statusline"
    path.write_text(f"#!{sys.executable} -IS\n{program(str(site or package().parent))}")
    path.chmod(0o755)
    return path


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
