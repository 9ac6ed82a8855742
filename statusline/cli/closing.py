"""How ``install`` ends: the numbers are fetched once, and shown; when each surface shows them."""

from __future__ import annotations

import contextlib
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from statusline import clock
from statusline.cli.report import look
from statusline.environ import Environment
from statusline.hot import render, spawn
from statusline.states import NO_LOGIN, describe
from statusline.wiring import block
from statusline.wiring.host import which

if TYPE_CHECKING:
    from collections.abc import Iterable

    from statusline.wiring.host import Here
    from statusline.wiring.plan import Draft

#: Longer than an answer takes, shorter than patience; who takes longer goes on without us.
FILL_S = 10.0
#: When a surface shows what was put in place; tmux has a function of its own.
WHEN = {
    "claude": "at once",
    "starship": "at the next prompt",
    "bash": "in the next shell you open",
    "zsh": "in the next shell you open",
    "fish": "in the next shell you open",
    "p10k": "in the next shell you open",
}


def fill(env: Environment) -> None:
    """Ask the API once, if that is allowed and the cache is not up to date.

    Every surface then has the numbers at its first look. The refresher is a process of its own
    with its own limits: it outlives an ``install`` that does not wait any longer.
    """
    known = look(env)
    is_allowed = known.settings.api and known.login.state == "found"
    if not is_allowed or not render.is_due(render.load(env), clock.now()):
        return
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        refresher = subprocess.Popen(
            spawn.command("refresh"),
            env=env.inherited(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        refresher.wait(FILL_S)


def segment(env: Environment) -> str:
    """Return what a prompt shows now, or why there is nothing to show and what to do."""
    snapshot = render.load(env)
    known = look(env)
    if snapshot is None and known.login.state in NO_LOGIN:
        _word, what, fix = describe("api_billing" if env.billing else known.login.state)
        return f"{what} {fix}".strip()
    plain = Environment({"NO_COLOR": "1"}) if not sys.stdout.isatty() else env
    line, _cells = render.draw(plain, snapshot, None, known.settings, clock.now(), "plain")
    return f"Your prompt will show:  {line.decode('utf-8', 'replace')}"


def when(name: str, draft: Draft, place: Here) -> str:
    """Return when a surface shows the segment; a running tmux is told of it here."""
    if name != "tmux":
        return WHEN[name]
    command = f"tmux source-file {shlex.quote(draft.path)}"
    if place.env.get("TMUX") is None:
        return f"when it starts; in a running tmux: {command}"
    if _tell_tmux(draft.after or b"", place):
        return "at once: the running server has read the new lines"
    return f"after: {command}"


def _tell_tmux(data: bytes, place: Here) -> bool:
    """Have the server around this terminal read our lines, and nothing else of the file.

    Only the server that ``TMUX`` names is sure to be the user's own.
    """
    program, server = which("tmux", place.env), place.env.get("TMUX") or ""
    found = block.find(data, "tmux")
    if program is None or found is None:
        return False
    try:
        done = subprocess.run(
            [program, "-S", server.split(",", 1)[0], "source-file", "-"],
            input=data[found[0] : found[1]],
            capture_output=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def say(env: Environment, lines: Iterable[str]) -> None:
    """Print what is left to say, the live segment last."""
    for line in lines:
        click.echo(line)
    click.echo(segment(env))
