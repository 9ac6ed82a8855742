"""A crowd of sessions that tell the cache of this HOME at once: ROUNDS CROWD; says what was lost.

Each is a process of its own that takes the real lock; they are forked from one that has loaded the
refresher, since ten thousand Pythons that start would take a quarter of an hour.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from statusline.refresh import refresher
from statusline.system import clock, environ
from statusline.usage.rate_limits import Statement


def tell(session: str, used_pct: float, resets_at: float) -> None:
    """Be a refresher that a render of this session has started."""
    limits: dict[str, list[float | None]] = {"seven_day": [used_pct, resets_at]}
    said = Statement(session, "2.1.330", clock.now(), limits, 1000.0, None)
    message = said.to_bytes()
    while (report := refresher.refresh(environ.current(), message=message)).result == "busy":
        time.sleep(0.03)  # nobody queues: the next prompt brings it again
    os._exit(0 if report.result == "local" else 1)


def together(sessions: dict[str, float], resets_at: float) -> None:
    """Let all tell at the same moment; raise ``RuntimeError`` where one fails."""
    gate, opener = os.pipe()
    children = []
    for session, used_pct in sessions.items():
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.read(gate, 1)
            tell(session, used_pct, resets_at)
        children.append(child)
    os.close(gate)
    os.close(opener)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if any(codes):
        raise RuntimeError(f"exit codes {set(codes)}")


def main(rounds: int, crowd: int) -> None:
    """Print how many of all statements are not in the cache when their round is over."""
    path = Path(f"{environ.current().profile_dir}/usage.json")
    document = json.loads(path.read_text())
    lost, resets_at = 0, document["windows"]["seven_day"]["resets_at"]
    step_pct = 50 / (rounds * crowd)
    for number in range(rounds):
        sessions = {
            f"session-{number}-{each}": 40 + step_pct * (number * crowd + each)
            for each in range(crowd)
        }
        together(sessions, resets_at)
        document = json.loads(path.read_text())
        lost += len(sessions.keys() - document["sessions"].keys())
        # What counts of numbers that are told in another order than they were said is not the
        # question here: each of them has to be remembered.
        told = document["told"]["seven_day"].values()
        lost += abs(max(told) - max(sessions.values())) > step_pct / 2
    sys.stdout.write(f"{lost}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
