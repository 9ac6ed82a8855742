"""``statusline config preview``: every preset on every surface, with made-up numbers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from statusline.demo import day
from statusline.refresh.body import parse_body
from statusline.segment.escaping import encode
from statusline.segment.layout import lay_out
from statusline.segment.view import View
from statusline.settings.load import Loaded, compile_text, read
from statusline.settings.presets import PRESETS
from statusline.surfaces import SURFACES
from statusline.system import environ
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from statusline.usage.spend import Spend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from statusline.settings.settings import Settings
    from statusline.system.environ import Environment

#: What the demo's day leaves out: a model's weekly limit, extra usage, a session's counters.
FABLE_PCT, SPENT_MINOR = 85.0, 5090
SESSION = {
    "effort": {"level": "high"},
    "cost": {
        "total_cost_usd": 1.62,
        "total_duration_ms": 1_500_000,
        "total_lines_added": 120,
        "total_lines_removed": 34,
    },
}


@click.command("preview")
def preview() -> None:
    """Print every preset, and your own settings, on every surface.

    The numbers are made up; no account and no cache is read.
    """
    env = environ.current()
    colored = sys.stdout.isatty() and not env.no_color
    for name, loaded in _variants(env):
        click.echo(f"{name}:")
        for surface in SURFACES:
            line = rendered(loaded.settings, env, surface, colored=colored)
            click.echo(b"  %-9b " % surface.encode() + line)
        click.echo()


def _variants(env: Environment) -> Iterator[tuple[str, Loaded]]:
    for preset in PRESETS:
        yield preset, compile_text(f"preset = {json.dumps(preset)}")
    yours = read(env)
    if yours.found:
        yield "config.toml", yours


def rendered(settings: Settings, env: Environment, surface: str, *, colored: bool) -> bytes:
    """Return the line as one sees it on ``surface``, with a terminal's colours."""
    moment = float(day.moment_of(day.TYPICAL_H))
    settings.ascii = settings.ascii or env.ascii_locale
    width = (env.columns or 200) if surface == "claude" else settings.width
    stdin = {**day.stdin(day.TYPICAL_H), **SESSION}
    if not colored:
        settings.capsule = ()
    lines = lay_out(View(sample(moment), stdin, settings, moment), surface, width)
    return b"\n            ".join(
        encode(parts, "plain", settings.styles, colored=colored) for parts in lines
    )


def sample(moment: float) -> Snapshot:
    """Return a snapshot as it stands at ``moment`` of the demo's day, and a little more."""
    parsed = parse_body(json.loads(day.reply(moment).body), observed_at=moment)
    snapshot = Snapshot()
    snapshot.state = "ok"
    snapshot.plan = "Max 5x"
    snapshot.windows = {seen.window: seen for seen in parsed.observations}
    resets_at = snapshot.windows["seven_day"].resets_at
    fable = Observation("weekly:Fable", "Fable", FABLE_PCT, resets_at, moment, "api")
    snapshot.windows[fable.window] = fable
    snapshot.spend = Spend(SPENT_MINOR, 10_000, "USD", 2, 50.9, enabled=True, observed_at=moment)
    return snapshot
