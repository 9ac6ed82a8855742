"""The end of an installation: the new generation takes over, and the launcher starts it.

``install.sh`` runs this with the interpreter of the venv that it has just made, without any package
but ours: nothing may stand between a finished venv and the launcher.
"""

from __future__ import annotations

import os
import shlex

from statusline.surfaces import SURFACES
from statusline.system.errors import REINSTALL

#: How install.sh knows a launcher of its own.
MARK = "# made by install.sh of usage-statusline\n"
#: A #! line holds no whitespace and, on the oldest kernels in use, 127 bytes with #! and options.
_LONGEST_INTERPRETER = 120
#: What the launcher does where the package is not there, or not whole: pip may be replacing it.
#: A text in a text: Python compiles the launcher at each start, and this only where it is needed.
_NOT_THERE = f"""
if sys.argv[1:] in {[[], *([name] for name in SURFACES)]}:
    try: posix.write(1, b'claude\\n')
    finally: posix._exit(0)
sys.stderr.write('Error: Python cannot load statusline. Install it again: {REINSTALL}\\n')
sys.exit(3 if sys.argv[1:2] == ['guard'] else 1)
"""


def activate(share: str, generation: str, launcher: str) -> None:
    """Make ``share``/``generation`` the venv in use and write the launcher, each by one rename.

    Raises ``OSError``.
    """
    if os.path.islink(f"{share}/venv.new"):
        os.remove(f"{share}/venv.new")
    os.symlink(generation, f"{share}/venv.new")
    os.replace(f"{share}/venv.new", f"{share}/venv")

    python, text = f"{share}/venv/bin/python", MARK + program(f"{share}/venv/site")
    if len(os.fsencode(python)) <= _LONGEST_INTERPRETER and python.split() == [python]:
        _put(launcher, f"#!{python} -IS\n{text}", 0o755)
        return
    script = f"{share}/launch.py"
    _put(script, text, 0o644)
    command = f'exec {shlex.quote(python)} -IS {shlex.quote(script)} "$@"\n'
    _put(launcher, f"#!/bin/sh\n{MARK}{command}", 0o755)


def program(site: str) -> str:
    """Return what starts the package in ``site``, as Python."""
    bundle = f"{site}/statusline/render.bundle"
    return (
        "import posix, sys\n"
        f"sys.path.insert(0, {site!r})\n"
        # Root in a user's home would leave a __pycache__ there that its owner cannot remove.
        "sys.dont_write_bytecode |= posix.stat(__file__).st_uid != posix.geteuid()\n"
        "try:\n"  # one file instead of a dozen (segment/bundle.py); else the dozen
        "    from _frozen_importlib_external import SourcelessFileLoader\n"
        f"    exec(SourcelessFileLoader('', {bundle!r}).get_code(''))\n"
        "except Exception: pass\n"
        "try: from statusline.entry import main\n"
        f"except Exception: exec({_NOT_THERE!r})\n"
        "main()\n"
    )


def _put(path: str, text: str, mode: int) -> None:
    """Replace ``path`` in one step, so that a prompt sees the old file or the new one."""
    with open(f"{path}.new", "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    os.chmod(f"{path}.new", mode)
    os.replace(f"{path}.new", path)
