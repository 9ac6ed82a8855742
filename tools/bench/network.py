"""No network for whatever is measured: a network namespace that holds only loopback."""

from __future__ import annotations

import ctypes
import subprocess

_CLONE_NEWNET = 0x40000000


def leave() -> str:
    """Cut this thread and all it starts off from the network; return "" or why that failed.

    Linux and root only. Call it before any server of ours is started.
    """
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except AttributeError:
        return "this system has no network namespaces"
    if unshare(_CLONE_NEWNET) != 0:
        return "cutting the network off needs root"
    try:
        subprocess.run(["ip", "link", "set", "lo", "up"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "the tool ip is missing, so that there is no loopback either"
    return ""
