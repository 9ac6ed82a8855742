"""How long a test waits before it says that something hangs.

A machine may be slow or busy: nothing here measures speed, and no promise may depend on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: How long before something is taken to hang; never a measure of speed.
HANG_S = 240.0
#: For what has to hang: `sleep` for so long outlives every test (pyproject.toml, `timeout`).
FOREVER_S = 3600
#: Between two looks at something that tells nobody when it changes.
LOOK_S = 0.02


def wait_until(holds: Callable[[], object], what: str = "") -> None:
    """Return once `holds()` is true; fail, naming `what` was awaited, where that hangs."""
    end_s = time.monotonic() + HANG_S
    while not holds():
        assert time.monotonic() < end_s, f"hangs: {what or holds}"
        time.sleep(LOOK_S)
