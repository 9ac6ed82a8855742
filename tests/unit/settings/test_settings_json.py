"""settings.json read back: corrupt or hostile, the settings are sound."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings

from statusline.segment.escaping import encode
from statusline.segment.layout import lay_out
from statusline.segment.view import View
from statusline.settings.settings import Settings
from statusline.settings.settings_json import read
from statusline.surfaces import SURFACES
from statusline.usage.observation import Observation
from statusline.usage.snapshot import Snapshot
from tests.support.distorted import NOW, distorted, documents
from tests.support.examples import examples

DEFAULTS = Settings().to_json()


@given(document=distorted(DEFAULTS | {"formats": {"default": [["v", "five_hour"]]}}) | documents)
@settings(max_examples=examples(300))
def test_whatever_settings_json_holds_the_line_is_whole(document: Any) -> None:
    """A corrupt or hostile settings.json neither raises nor brings a character of its own."""
    chosen = read(document)
    snapshot = Snapshot()
    snapshot.windows["five_hour"] = Observation("five_hour", "5h", 61, NOW + 600, NOW, "api")
    for surface in SURFACES:
        (parts,) = lay_out(View(snapshot, {}, chosen, NOW), surface, 80)
        shown = encode(parts, surface, chosen.styles, colored=True).decode()
        plain = re.sub(r"[\x01\x02]|\x1b\[[0-9;]+m", "", shown)
        assert plain.isprintable()
        assert plain


@pytest.mark.parametrize(
    "styles",
    [
        {"normal": ["0m\x1b]0;x\x07", "fg=red"]},
        {"normal": ["32", "fg=red]#(touch x)#["]},
        {"normal": ["32", "#(touch x)"]},
        {"normal": ["32"]},
        {"normal": "32"},
        {"normal": ["3" * 99, "fg=red"]},
        {"normal": [32, 33]},
        {"normal": ["", ""]},
    ],
)
def test_a_hostile_style_is_no_style(styles: object) -> None:
    """S10: escape sequences and tmux commands do not come from the compiled file either."""
    assert "normal" not in read({**DEFAULTS, "styles": styles}).styles


def test_a_format_without_end_in_settings_json_is_none() -> None:
    """Groups in groups are bounded before anything walks them."""
    deep: list[object] = [["v", "plan"]]
    for _ in range(50):
        deep = [["g", deep]]
    assert read({"formats": {"default": deep}}).formats == Settings().formats
