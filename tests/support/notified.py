"""A home whose notifications are noted by a program of its own, and refreshers that send them."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from statusline.refresh import refresher
from statusline.refresh.refresher import Report
from statusline.system.environ import Environment

from .patience import HANG_S
from .profile import Profile
from .program import argv
from .real_line import NOBODY

#: Notes one line for each notification: its arguments, then what it was told.
TELLER = '#!/bin/sh\nprintf "%s|%s\\n" "$*" "$STATUSLINE_NOTIFY_TEXT" >>"$HOME/told"\n'

#: What is said at 82 %, as `rough` has it.
TEXT = "5h window at 82%, resets in 2h"


def rough(text: str) -> str:
    """A text without the minutes, which a slow machine may count otherwise."""
    return re.sub(r"2h\d\dm", "2h", text)


class Notified(Profile):
    """A profile that asks nobody, with notifications on; `via` and `forecast` are TOML."""

    def __init__(
        self, home: Path, *, via: str = "[]", forecast: str = "false", teller: str = TELLER
    ) -> None:
        super().__init__(home, NOBODY)
        program = home / "bin" / "tell-me"
        program.parent.mkdir()
        program.write_text(teller)
        program.chmod(0o755)
        self.configure(
            f"api = false\n[notify]\nenabled = true\nvia = {via}\nforecast = {forecast}\n"
            f'command = ["~/bin/tell-me", "$(id)", "a b"]\n'
        )
        self.resets_at = int(time.time()) + 7860

    @property
    def told(self) -> list[str]:
        """What was said, in order."""
        path = self.home / "told"
        lines = path.read_text().splitlines() if path.exists() else []
        assert all(line.startswith("$(id) a b|") for line in lines)
        return [rough(line.partition("|")[2]) for line in lines]

    def message(self, used_pct: float, **fields: Any) -> bytes:
        """What a render hands over about the 5-hour window."""
        document = {
            "session": "one",
            "version": "2.1.400",
            "said_at": time.time(),
            "limits": {"five_hour": [used_pct, self.resets_at]},
            "counters": [int(time.time() * 1000), None],
            **fields,
        }
        return json.dumps(document).encode()

    def sees(self, used_pct: float, **fields: Any) -> Report:
        """Let a refresher of this process take a number in."""
        message = self.message(used_pct, **fields)
        return refresher.refresh(Environment(self.environment), message=message)

    def refreshes(self, used_pct: float, through: tuple[str, ...] = ()) -> int:
        """Let a real detached refresher take a number in, `through` a program that starts it."""
        done = subprocess.run(
            [*through, *argv("refresh", "--background")],
            env=self.environment,
            input=self.message(used_pct),
            stdout=subprocess.DEVNULL,
            timeout=HANG_S,
            check=False,
        )
        return done.returncode
