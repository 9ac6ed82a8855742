"""How ``install`` ends: the numbers are fetched once, and shown."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from statusline.agents import AGENTS
from statusline.overview.overview import look
from statusline.segment import render, spawn
from statusline.sources.source import is_there, setting
from statusline.system import clock
from statusline.system.environ import Environment
from statusline.usage.messages import NO_LOGIN, describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


#: Longer than an answer takes, shorter than patience; who takes longer goes on without us.
FILL_S = 10.0


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


def _offers(env: Environment) -> Iterator[str]:
    """Yield what could be shown as well: other agents that are used here and not read."""
    chosen = look(env).settings.sources
    for name, agent in AGENTS.items():
        if name not in chosen and not agent.is_told and is_there(name, env):
            fix = setting(chosen, name)
            yield f"{agent.title} is used here, too. To show its windows: {fix}"


def say(env: Environment, lines: Iterable[str]) -> None:
    """Print what is left to say, the live segment last."""
    for line in (*lines, *_offers(env)):
        click.echo(line)
    click.echo(segment(env))
