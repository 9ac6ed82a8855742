"""What this machine offers to the tests, probed once; each mark skips with its reason."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from .patience import HANG_S

SECOND_UID = 65534
"""A user id other than ours and root's, used through `setpriv` by tests about ownership."""


def _answers(*command: str) -> str | None:
    """What `command` prints, or None where it is missing, fails or takes over 10 s."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=HANG_S,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _tool(name: str, *arguments: str) -> pytest.MarkDecorator:
    """A mark that skips where `name` cannot be run."""
    missing = _answers(name, *(arguments or ("--version",))) is None
    return pytest.mark.skipif(missing, reason=f"{name} is not installed")


def _tmux_is_new_enough() -> bool:
    """Whether tmux is 3.2 or later; older ones expand `#(…)` in values once more."""
    found = re.search(r"(\d+)\.(\d+)", _answers("tmux", "-V") or "")
    return found is not None and (int(found[1]), int(found[2])) >= (3, 2)


def _can_become_second_uid() -> bool:
    """Whether `setpriv` may start this Python as `SECOND_UID`, which has to be able to read it."""
    uid = str(SECOND_UID)
    become = ("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups")
    answer = _answers(*become, sys.executable, "-IS", "-c", "import posix; print(posix.getuid())")
    return answer is not None and answer.strip() == uid


needs_proc = pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
needs_no_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
needs_second_uid = pytest.mark.skipif(
    not _can_become_second_uid(), reason="needs setpriv, and a Python that another user may run"
)
needs_namespaces = pytest.mark.skipif(
    _answers("unshare", "-m", "-n", "mount", "--bind", "/etc", "/etc") is None,
    reason="needs the right to make namespaces and to mount in them",
)
needs_tmux = pytest.mark.skipif(not _tmux_is_new_enough(), reason="tmux 3.2 is not installed")
needs_bash = _tool("bash")
needs_zsh = _tool("zsh")
needs_fish = _tool("fish")
needs_shellcheck = _tool("shellcheck")
needs_shfmt = _tool("shfmt")
needs_strace = _tool("strace", "-f", "true")
needs_faketime = _tool("faketime", "2020-01-01", "true")
needs_notify_send = _tool("notify-send")
needs_systemd_analyze = _tool("systemd-analyze")
needs_node = _tool("node")
needs_groff = _tool("groff")
needs_mandoc = _tool("mandoc", "/dev/null")
needs_man = _tool("man")
