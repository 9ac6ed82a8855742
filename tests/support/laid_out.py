"""A segment laid out in this process: what is known at one moment, and the text of its line."""

from __future__ import annotations

from typing import Any

from statusline.segment.layout import lay_out
from statusline.segment.view import View
from statusline.settings.load import compile_text
from statusline.settings.settings import Settings
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot

#: Tuesday, 2026-11-17 12:00 UTC.
NOON = 1_794_916_800
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400
LABELS = {"five_hour": "5h", "seven_day": "7d", "weekly:Fable": "Fable", "spend_limit": "spend"}


def window(name: str, used_pct: float, left_s: float | None, age_s: float = 0) -> Observation:
    """One window as it was seen `age_s` before noon; it resets `left_s` after noon."""
    resets_at = None if left_s is None else int(NOON + left_s)
    return Observation(name, LABELS[name], used_pct, resets_at, NOON - age_s, "api")


def holding(*windows: Observation, **fields: Any) -> Snapshot:
    """A snapshot with these windows; `fields` are its own. All is well unless they say else."""
    made = Snapshot()
    made.state = "ok"
    made.windows = {each.window: each for each in windows}
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def both(used_pct: float = 61, week_pct: float = 22, age_s: float = 0, **fields: Any) -> Snapshot:
    """The two main windows, which reset in 2h11m and in 4 days."""
    hours = window("five_hour", used_pct, 131 * MINUTE_S, age_s)
    return holding(hours, window("seven_day", week_pct, 4 * DAY_S, age_s), **fields)


def rows(
    snapshot: Snapshot | None,
    surface: str = "tmux",
    width: int = 200,
    *,
    settings: Settings | None = None,
    stdin: object = None,
    billing: str = "",
    now: float = NOON,
) -> list[list[tuple[str, str]]]:
    """What is shown at `now`: roles and texts of each line."""
    view = View(snapshot, stdin, settings or Settings(), now)
    view.billing = billing
    return lay_out(view, surface, width)


def parts(*args: Any, **more: Any) -> list[tuple[str, str]]:
    """Roles and texts of the one line that there is."""
    (only,) = rows(*args, **more)
    return only


def lines(*args: Any, **more: Any) -> list[str]:
    """The texts of the lines."""
    return ["".join(text for _role, text in parts) for parts in rows(*args, **more)]


def line(snapshot: Snapshot | None, surface: str = "tmux", width: int = 200, **more: Any) -> str:
    """The text of the same."""
    return "".join(text for _role, text in parts(snapshot, surface, width, **more))


def chosen(config: str) -> Settings:
    """The settings of a `config.toml` that holds no mistake."""
    loaded = compile_text(config)
    assert not loaded.problems
    return loaded.settings


def formatted(form: str) -> Settings:
    """The settings in which every surface has this format."""
    return chosen(f"format.default = {form!r}")
