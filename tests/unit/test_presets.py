"""The presets, and a user's own keys before them, on every surface."""

from __future__ import annotations

import pytest

from statusline.config.keys import KEYS, SURFACES
from statusline.config.load import Loaded, compile_text
from statusline.config.presets import PRESETS
from statusline.hot.layout import View, lay_out
from statusline.hot.surface import SURFACES as RENDERED
from statusline.model import Observation
from statusline.snapshot import Snapshot
from tests.support.values import NOW

FULL = "5h █████░░░ 61% 12:31 · 7d ██░░░░░░ 22% Tue 10:20 · Fable 85%"


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
    stdin = {"model": {"display_name": "Opus 5.5"}, "context_window": {"used_percentage": 12}}
    shown = {}
    for surface in RENDERED:
        width = 200 if surface == "claude" else loaded.settings.width
        parts = lay_out(View(snapshot, stdin, loaded.settings, NOW), surface, width)
        shown[surface] = "".join(text for _role, text in parts)
    return shown


@pytest.mark.parametrize(
    ("preset", "claude", "others"),
    [
        ("minimal", "5h 61% · 7d 22%", "5h 61% · 7d 22%"),
        (
            "default",
            "Opus 5.5 · ctx 12% · 5h 61% 2h11m · 7d 22% · Fable 85%",
            "5h 61% 2h11m · 7d 22%",
        ),
        (
            "full",
            f"Opus 5.5 · ctx █░░░░░░░ 12% · {FULL}",
            FULL,
        ),
    ],
)
def test_each_preset_on_each_surface(preset: str, claude: str, others: str) -> None:
    """Three ready-made lines; the default one is that of docs/decisions.md 16."""
    loaded = compile_text(f'preset = "{preset}"\ntime_zone = "UTC"')
    expected = dict.fromkeys(RENDERED, others) | {"claude": claude}
    assert surfaces(loaded) == expected


def test_a_key_of_ones_own_goes_before_the_preset() -> None:
    """A preset is a start, not a cage."""
    loaded = compile_text(
        'preset = "full"\nwidth = 20\n[format]\ntmux = "{five_hour.pct}"\n[bar]\nwidth = 4\n'
    )
    shown = surfaces(loaded)
    assert shown["tmux"] == "61%"
    assert shown["zsh"] == "5h 61% · 7d 22%"
    assert "5h ██░░ 61%" in shown["claude"]
    assert loaded.effective["format.tmux"][1] == "config.toml line 4"
    assert loaded.effective["format.default"][1] == "preset full"
    assert loaded.effective["reset"] == ("clock", "preset full")


def test_the_presets_name_known_keys_only() -> None:
    """A preset is a config.toml of ours; each gives the same keys."""
    assert {frozenset(keys) for keys in PRESETS.values()} == {frozenset(PRESETS["default"])}
    assert PRESETS["default"].keys() <= KEYS.keys()
    assert {key for key in KEYS if KEYS[key].default is None} - PRESETS["default"].keys() == {
        f"format.{name}" for name in SURFACES if name != "claude"
    }


def test_formats_can_be_set_for_every_surface() -> None:
    """The keys of [format] are the surfaces."""
    assert set(SURFACES) == set(RENDERED)
