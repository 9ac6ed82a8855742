"""``python -m statusline``, and the file that a detached refresher is started with."""

from __future__ import annotations

import sys

try:
    import posix

    # Root in a user's home would leave a __pycache__ there that its owner cannot remove.
    sys.dont_write_bytecode |= posix.stat(__file__).st_uid != posix.geteuid()
except ImportError:  # on Windows
    pass
if not __package__:
    # Started as a file and isolated: the package's parent is not on the path yet, and no other
    # directory may stand before it.
    sys.path.insert(0, __file__.rpartition("/statusline/")[0])

try:
    from statusline.entry import main
except Exception as error:  # noqa: BLE001  # pip may be putting other files in the place of ours
    # A single word may be a surface's: what is not there cannot tell it from a command.
    if len(sys.argv) > 2 or sys.argv[1:] == ["guard"]:
        sys.stderr.write(f"Error: Python cannot load statusline: {error}.\n")
        sys.exit(3 if sys.argv[1] == "guard" else 1)
    import os

    try:
        os.write(1, b"claude\n")
    finally:
        os._exit(0)

main()
