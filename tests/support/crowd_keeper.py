"""Starts the members of a crowd, adopts whatever they leave behind, and says what all of it took.

Run as ``python -I crowd_keeper.py`` with a JSON list of members on stdin, each with its ``argv``
and ``environment``. It ends once nothing is left of them, and then writes one JSON object. Linux
only: orphans come to it instead of init, so that it sees each of them end.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys

PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Start, wait for everybody, report."""
    members = json.loads(sys.stdin.readline())
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    null = [(os.POSIX_SPAWN_OPEN, handle, os.devnull, os.O_RDWR, 0) for handle in (0, 1, 2)]
    own = {
        os.posix_spawnp(
            each["argv"][0], each["argv"], each["environment"], file_actions=null, setsid=True
        )
        for each in members
    }
    adopted = 0
    while True:
        try:
            ended, _status = os.wait()
        except ChildProcessError:
            break
        adopted += ended not in own
    took = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = {"adopted": adopted, "cpu_s": took.ru_utime + took.ru_stime, "peak_kb": took.ru_maxrss}
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
