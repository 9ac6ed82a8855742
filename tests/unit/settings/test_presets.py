"""The presets, and a user's own keys before them, on every surface."""

from __future__ import annotations

import pytest

from statusline.segment.layout import lay_out
from statusline.segment.view import View
from statusline.settings.keys import KEYS
from statusline.settings.load import Loaded, compile_text
from statusline.settings.presets import PRESETS
from statusline.surfaces import SURFACES
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support.distorted import NOW

BARS = "5h ████▉░░░ 61% 2h11m · 7d █▊░░░░░░ 22% 4d0h"
FULL = "5h ━━━━━─── 61% 2h11m · 7d ━━────── 22% 4d0h · Fable 85%"
STDIN = {
    "cwd": "/nowhere/src",
    "model": {"display_name": "Opus 5.5"},
    "context_window": {"used_percentage": 12},
    "effort": {"level": "high"},
    "cost": {"total_cost_usd": 1.62, "total_lines_added": 120, "total_lines_removed": 34},
}


def surfaces(loaded: Loaded) -> dict[str, str]:
    """The text that each surface shows at 61 % and 22 %."""
    snapshot = Snapshot()
    snapshot.state = "ok"
    for window, label, used_pct, left_s in (
        ("five_hour", "5h", 61.0, 131 * 60),
        ("seven_day", "7d", 22.0, 4 * 86400),
        ("weekly:Fable", "Fable", 85.0, 4 * 86400),
    ):
        snapshot.windows[window] = Observation(window, label, used_pct, NOW + left_s, NOW, "api")
    shown = {}
    for surface in SURFACES:
        width = 200 if surface == "claude" else loaded.settings.width
        lines = lay_out(View(snapshot, STDIN, loaded.settings, NOW), surface, width)
        shown[surface] = "\n".join("".join(text for _role, text in parts) for parts in lines)
    return shown


def _capsules(*texts: str) -> str:
    return " ".join(f"\ue0b6{text}\ue0b4" for text in texts)


@pytest.mark.parametrize(
    ("preset", "claude", "others"),
    [
        ("minimal", "5h 61% · 7d 22%", "5h 61% · 7d 22%"),
        (
            "default",
            "Opus 5.5 · ctx 12% · 5h 61% 2h11m · 7d 22% · Fable 85%",
            "5h 61% 2h11m · 7d 22%",
        ),
        ("bars", f"Opus 5.5 · ctx 12% · {BARS} · Fable 85%", BARS),
        (
            "two-line",
            f"src · Opus 5.5 high · ctx 12%\n{BARS} · Fable 85%",
            "5h 61% 2h11m · 7d 22%",
        ),
        (
            "powerline",
            _capsules("src", "Opus 5.5", "ctx 12%", "5h 61% 2h11m", "7d 22%", "Fable 85%"),
            _capsules("5h 61% 2h11m", "7d 22%"),
        ),
        ("full", f"src · Opus 5.5 high · ctx ━─────── 12% · $1.62 · +120 −34\n{FULL}", FULL),
    ],
)
def test_each_preset_on_each_surface(preset: str, claude: str, others: str) -> None:
    """Ready-made lines; the default one is that of docs/decisions.md 16."""
    loaded = compile_text(f'preset = "{preset}"\ntime_zone = "UTC"')
    expected = dict.fromkeys(SURFACES, others) | {"claude": claude}
    assert surfaces(loaded) == expected


def test_a_key_of_ones_own_goes_before_the_preset() -> None:
    """A preset is a start, not a cage."""
    loaded = compile_text(
        'preset = "full"\nwidth = 20\n[format]\ntmux = "{five_hour.pct}"\n[bar]\nwidth = 4\n'
    )
    shown = surfaces(loaded)
    assert shown["tmux"] == "61%"
    assert shown["zsh"] == "5h 61% · 7d 22%"
    assert "5h ━━╸─ 61%" in shown["claude"]
    assert loaded.effective["format.tmux"][1] == "config.toml line 4"
    assert loaded.effective["format.default"][1] == "preset full"
    assert loaded.effective["bar.style"] == ("line", "preset full")


def test_the_presets_name_known_keys_only() -> None:
    """A preset is a config.toml of ours; each gives what has no default of its own."""
    given = frozenset(PRESETS["default"])
    assert all(given <= keys.keys() <= KEYS.keys() for keys in PRESETS.values())
    optional = {"bar.full", "bar.empty", *(f"format.{name}" for name in SURFACES)}
    without = {key for key in KEYS if KEYS[key].default is None and key.count(".") != 2}
    assert without - given == optional - {"format.claude"}
