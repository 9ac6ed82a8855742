"""``python -m statusline``, and the file that a detached refresher is started with."""

from __future__ import annotations

import posix
import sys

if posix.stat(__file__).st_uid != posix.geteuid():
    # Root in a user's home would leave a __pycache__ there that its owner cannot remove.
    sys.dont_write_bytecode = True
if not __package__:
    # Started as a file and isolated: the package's parent is not on the path yet, and no other
    # directory may stand before it.
    sys.path.insert(0, __file__.rpartition("/statusline/")[0])

from statusline.entry import main

main()
