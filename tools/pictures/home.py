"""The home that a picture is taken in: made-up numbers from our own servers on loopback."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.launcher import make_launcher
from tests.support.profile import Profile
from tests.support.server import Answer, UsageServer, usage_answer

COLUMNS, ROWS = 80, 24
#: What the docs say; a test that takes a picture at any second of a minute sees its neighbours too.
SHOWN = "2h11m"


def left_s() -> float:
    """Seconds to a reset on the full minute, which is how the program takes every reset."""
    return 2 * 3600 + 11 * 60 - time.time() % 60


def answer() -> Answer:
    """The usage API's answer in every picture but those of looks."""
    return usage_answer(61, 22, five_hour_left_s=left_s(), scoped={"Fable": 34})


@contextlib.contextmanager
def home(reply: Answer | None = None, **variables: str) -> Iterator[Profile]:
    """A home with a small project in it, whose cache one refresh has filled."""
    with (
        tempfile.TemporaryDirectory(prefix="picture-") as directory,
        UsageServer([reply or answer()]) as api,
    ):
        home = Path(directory)
        path = f"{make_launcher(home / 'bin').parent}:{os.environ['PATH']}"
        variables = {"PATH": path, "TERM": "tmux-256color", "SHELL": "/bin/sh", **variables}
        # It is ten in the morning there: no reset of today falls on tomorrow.
        variables["TZ"] = f"UTC{time.gmtime().tm_hour - 10:+d}"
        profile = Profile(home, api.url, **variables)
        for name in ("notes.txt", "project/README.md", "project/src/app.py", "project/src/day.py"):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text("# Made up\n")
        run(profile, "refresh")
        yield profile
        profile.wait_until_quiet()


def run(profile: Profile, *words: str) -> None:
    """Run the launcher to its end; it has to succeed."""
    program = str(profile.home / "bin" / "statusline")
    subprocess.run(
        [program, *words],
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
