"""The command as users have it: a file on PATH that starts the installed package with -IS."""

from __future__ import annotations

import sys
from pathlib import Path

from .program import package


def make_launcher(directory: Path) -> Path:
    """Write `directory`/statusline as install.sh does (design.md section 3); return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "statusline"
    path.write_text(
        f"#!{sys.executable} -IS\n"
        "import sys\n"
        f"sys.path.insert(0, {str(package().parent)!r})\n"
        "from statusline.entry import main\n"
        "main()\n"
    )
    path.chmod(0o755)
    return path
