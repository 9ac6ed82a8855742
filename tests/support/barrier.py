"""Processes that wait until all of them are ready, and then start at the same moment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from .patience import HANG_S

#: A shell is a cheap thing to wait in: it says that it is ready, and becomes the program when
#: the parent closes its end of the gate.
_WAIT_AND_BECOME = 'printf .; read -r _; exec "$@" </dev/null >/dev/null 2>&1'


def run_together(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> list[int]:
    """Run all commands at once and return their exit codes, in order.

    Raises ``subprocess.TimeoutExpired`` if one hangs; none is left.
    """
    gate, opener = os.pipe()
    ready, reporter = os.pipe()
    children: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            waiter = ["/bin/sh", "-c", _WAIT_AND_BECOME, "sh", *command]
            child = subprocess.Popen(waiter, env=dict(environment), stdin=gate, stdout=reporter)
            children.append(child)
        waiting = len(children)
        while waiting:
            waiting -= len(os.read(ready, waiting))
        os.close(opener)
        opener = -1
        return [child.wait(HANG_S) for child in children]
    finally:
        for child in children:
            if child.poll() is None:
                child.kill()
                child.wait(HANG_S)
        for handle in (gate, opener, ready, reporter):
            if handle >= 0:
                os.close(handle)
