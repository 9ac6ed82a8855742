"""The timer, where one is installed: whether it runs."""

from __future__ import annotations

from statusline.doctor import probe
from statusline.doctor.check import Check, ok, warn
from statusline.doctor.context import Context
from statusline.system.programs import which
from statusline.wiring import timer


def runs(context: Context) -> list[Check]:
    """Look at the timer where one is installed: its file alone starts nothing."""
    if context.here is None or not timer.is_installed(context.here):
        return []
    program = which(timer.MANAGER, context.env)
    begin = timer.by_hand()
    if program is None:
        return [warn("timer", f"It is installed, but there is no {timer.MANAGER}.", begin)]
    if probe.once([program, *timer.IS_RUNNING]).status != 0:
        return [warn("timer", "It is installed, but does not run.", begin)]
    return [ok("timer", f"looks at the numbers every {timer.EVERY_S // 60} minutes")]
