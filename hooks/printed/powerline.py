"""statusline as a Powerline segment, for Powerline 2.8 in any Python from 3.6 on.

``statusline init powerline > ~/.config/powerline/statusline_usage.py``; then
``"paths": ["~/.config/powerline"]`` under "common" in ``config.json``, and
``{"function": "statusline_usage.segment"}`` among a theme's segments. What another place is called
there goes into "args": ``{"program": "/path/to/statusline"}``.

A thread of Powerline's asks ``statusline show --format powerline`` every 30 s, so that no prompt
waits for it. Where the program is missing or fails, nothing is shown.
"""

import json
import subprocess

from powerline.lib.threaded import ThreadedSegment
from powerline.segments import with_docstring


class UsageSegment(ThreadedSegment):
    """What the program told last."""

    interval = 30  # seconds

    def set_state(self, program: str = "statusline", **kwargs: object) -> None:
        """Take the arguments of the theme."""
        self.program = program
        super().set_state(**kwargs)

    def update(self, _old: object) -> object:
        """Ask the program; Powerline calls this in a thread of its own."""
        command = [self.program, "show", "--format", "powerline"]
        try:
            said = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=20, check=True
            )
            return json.loads(said.stdout.decode("utf-8"))
        except (OSError, ValueError, subprocess.SubprocessError):
            return None

    @staticmethod
    def render(told: object, **_kwargs: object) -> object:
        """Return what Powerline is to draw, ``None`` for nothing."""
        return told


segment = with_docstring(UsageSegment(), "How much of the Claude plan is used, and when it resets.")
