"""One line of one surface, printed by the real program, and what must hold for every line."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from statusline.model import Observation
from statusline.publish import write_json
from statusline.snapshot import Snapshot

from .patience import HANG_S
from .program import argv
from .stdin import run_fed

#: Our own style sequences on every surface, with what bash and zsh want around them.
STYLE = re.compile(rb"\x01?(?:%\{)?\x1b\[[0-9;]*m(?:%\})?\x02?|#\[[a-z=,]*\]")
#: What a cache of `known` shows, and what no cache shows.
NUMBERS = "5h 61% · 7d 22%"
PLACEHOLDER = "usage: …"
#: What the numbers of tests.support.server look like; their reset is rounded to the minute.
FETCHED = re.compile(r"5h 61% 2h[01]\dm · 7d 22%")
#: A loopback port on which nobody listens.
NOBODY = "http://127.0.0.1:1"
DATA = Path(__file__).parent.parent / "data"
#: Claude Code's real stdin; its resets may have passed.
SAMPLE = (DATA / "stdin-2.1.328.json").read_bytes()


def line_of(done: subprocess.CompletedProcess[bytes], width: int | None = None) -> str:
    """The one line of a render, without styles; asserts P2 and P3.

    Exit 0, nothing on stderr, exactly one line that is not empty, no control character but our
    own styles, and no more than `width` cells.
    """
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.endswith(b"\n")
    assert done.stdout.count(b"\n") == 1
    text = STYLE.sub(b"", done.stdout[:-1]).decode()
    assert text.isprintable()
    assert text
    assert width is None or len(text) <= width
    return text


def render(
    environment: Mapping[str, str],
    *words: str,
    through: Sequence[str] = (),
    width: int | None = None,
    **options: Any,
) -> str:
    """The line that ``statusline WORDS`` prints; `options` go to `subprocess.run`."""
    options |= {"env": dict(environment), "capture_output": True}
    command = [*through, *argv(*words)]
    if "input" in options:
        done = run_fed(command, check=False, timeout=HANG_S, **options)
    else:
        options.setdefault("stdin", subprocess.DEVNULL)
        done = subprocess.run(command, check=False, timeout=HANG_S, **options)
    return line_of(done, width)


def known(**fields: Any) -> Snapshot:
    """A snapshot of now with 61 % and 22 %, which no refresher needs to look at for an hour.

    It has no countdown, so that its line is `NUMBERS` at every second.
    """
    now = time.time()
    made = Snapshot()
    made.state = "ok"
    made.written_at = made.attempted_at = made.succeeded_at = now
    made.next_refresh_at = made.next_allowed_at = now + 3600
    made.windows = {
        window: Observation(window, label, used_pct, resets_at, now, "api")
        for window, label, used_pct, resets_at in (
            ("five_hour", "5h", 61.0, None),
            ("seven_day", "7d", 22.0, int(now) + 4 * 86400),
        )
    }
    made.memory.sessions.update(fields.pop("sessions", {}))
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def fill(directory: Path, snapshot: Snapshot | None = None) -> Path:
    """Publish a snapshot as this profile's cache; return the file."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_json(f"{directory}/usage.json", (snapshot or known()).to_json())
    return directory / "usage.json"


def close_gate(directory: Path) -> None:
    """Let no refresher start here in the next seconds, as if one just had."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / "spawn.1").touch(mode=0o600)
