"""``statusline show``: everything that is known, as plain text or JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

import click

from statusline import clock, environ
from statusline.hot.layout import age, duration, is_reset, money, percent
from statusline.hot.render import load
from statusline.snapshot import Snapshot
from statusline.states import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = {"api": "usage API", "claude_json": "Claude Code's cache", "stdin": "Claude Code"}


@click.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print the cache as JSON.")
def command(*, as_json: bool) -> None:
    """Show windows, ages, sources, plan and what is wrong, from the cache."""
    snapshot = load(environ.current()) or Snapshot()
    if as_json:
        click.echo(json.dumps(snapshot.to_json(), indent=2))
    else:
        for line in _lines(snapshot, clock.now()):
            click.echo(line)
    sys.exit(0)


def _lines(snapshot: Snapshot, now: float) -> Iterator[str]:
    for seen in snapshot.windows.values():
        source = f"{SOURCES[seen.source]}, {age(now - seen.observed_at)[1:]} ago"
        if is_reset(seen, now):
            yield f"{seen.label:8} reset since  ({source})"
            continue
        resets = ""
        if seen.resets_at is not None:
            clock_time = time.strftime("%a %H:%M", time.localtime(seen.resets_at))
            resets = f"resets in {duration(seen.resets_at - now)} ({clock_time})"
        yield f"{seen.label:8} {percent(seen.utilization_pct):>5}  {resets}  ({source})"
    if snapshot.spend is not None and snapshot.spend.enabled:
        yield f"extra usage {money(snapshot.spend)}"
    yield f"plan     {snapshot.plan or 'unknown'}"
    _word, what, fix = describe(snapshot.state)
    yield f"state    {what}"
    if fix:
        yield f"fix      {fix}"
    if snapshot.next_allowed_at is not None:
        wait_s = snapshot.next_allowed_at - now
        yield f"next     allowed {'now' if wait_s <= 0 else 'in ' + duration(wait_s)}"
