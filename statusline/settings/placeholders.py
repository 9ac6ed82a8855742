"""The placeholders that a format may hold: an allow-list, and what the documentation says."""

from __future__ import annotations

#: What each attribute of a window shows, for ``five_hour`` and ``seven_day`` alike, and an example.
WINDOW_ATTRIBUTES = {
    "pct": ("how much is used; `↻` after the reset", "61%"),
    "bar": ("the same as a bar; nothing after the reset", "█████░░░"),
    "reset": ("when it resets, as `reset` says", "2h11m"),
    "clock": ("when it resets, as a time of day", "14:30"),
    "label": ("its name", "5h"),
    "age": ("how old the number is; the line does not repeat it", "3m old"),
}

#: Every placeholder: what it shows, an example, and where it comes from if not from the cache.
PLACEHOLDERS: dict[str, tuple[str, str]] = {
    "five_hour": ("the 5-hour window: name, usage, reset", "5h 61% 2h11m"),
    **{f"five_hour.{name}": told for name, told in WINDOW_ATTRIBUTES.items()},
    "seven_day": (
        "the 7-day window: name, usage, and its reset from `thresholds.warning` on",
        "7d 22%",
    ),
    **{f"seven_day.{name}": told for name, told in WINDOW_ATTRIBUTES.items()},
    "weekly": (
        "weekly limits of single models, those above 0 %; an organisation's spend limit",
        "Fable 85%",
    ),
    "extra": ("money spent beyond the plan", "extra $50.90"),
    "plan": ("the plan", "Max 5x"),
    "status": ("what is wrong; nothing while all is well", "usage: sign in"),
    "model": ("the model (Claude Code's line only)", "Opus 5.5"),
    "effort": ("the model's effort (Claude Code's line only)", "medium"),
    "context": ("how full the context is (Claude Code's line only)", "12%"),
    "context.bar": ("the same as a bar (Claude Code's line only)", "█░░░░░░░"),
    "cost": ("Claude Code's estimate at list price (Claude Code's line only)", "$0.01"),
    "lines": ("lines added and removed (Claude Code's line only)", "+12 −3"),
    "duration": ("how long the session has been open (Claude Code's line only)", "25m"),
}
